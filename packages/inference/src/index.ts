export type { ItemAnswer } from './batcher.ts';
export { inferenceErrors } from './errors.ts';
export { Inference, type InferenceOptions, type ModelStatus, type ServableModel } from './inference.ts';
export type { Explanation, LoadedModel, ModelInput, ModelRuntime } from './ports.ts';
