export { type PredictionPorts, predictionRoutes } from './prediction-routes.ts';
export { taskRoutes } from './task-routes.ts';
