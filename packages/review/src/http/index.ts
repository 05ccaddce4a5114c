export { type ReviewRoutePorts, reviewRoutes } from './review-routes.ts';
