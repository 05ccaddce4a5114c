export {
  answer,
  type Behaviour,
  endless,
  HostileReceiver,
  resetMidBody,
  silent,
  slowBody,
  slowHead,
} from './hostile-receiver.ts';
export { hostileNames, hostileUrls } from './hostile-urls.ts';
