export { deadLetterRoutes } from './dead-letter-routes.ts';
export { eventIntakeRoutes } from './event-intake-routes.ts';
export { type JobRoutePorts, jobRoutes } from './job-routes.ts';
export { sourceRoutes } from './source-routes.ts';
export { trailRoutes } from './trail-routes.ts';
