export { presentReport } from './present.ts';
export { replayRoutes } from './replay-routes.ts';
export { valueRoutes } from './value-routes.ts';
