export { FaultProxy, type Faults, healthy } from './fault-proxy.ts';
export { Oracle } from './oracle.ts';
export { seeded } from './random.ts';
