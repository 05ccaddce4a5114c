export { PROTOBUF } from './answer-form.ts';
export { type PredictionPorts, predictionRoutes } from './prediction-routes.ts';
export { readBatch } from './protobuf/read-request.ts';
export { protobufSchema } from './protobuf/schema.ts';
export { writeDecisions } from './protobuf/write-decisions.ts';
export { taskRoutes } from './task-routes.ts';
