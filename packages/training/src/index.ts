export { type Choice, type Contender, choose, score } from './choose.ts';
export { compare, exactMcNemar, type Verdict } from './compare.ts';
export { trainingErrors } from './errors.ts';
export { type EvaluationReport, evaluate, reliabilityCurve, type ScoredRow } from './evaluation.ts';
export { type Interval, wilson } from './intervals.ts';
export type {
  ArtifactStore,
  DatasetRow,
  Datasets,
  ModelRegistry,
  RegisteredVersion,
  RunEnd,
  RunStore,
  Scorer,
  TaskSource,
  TrainableTask,
} from './ports.ts';
export {
  etaSeconds,
  FINISHED,
  type PromotePolicy,
  type Run,
  type RunPage,
  type RunProgress,
  type RunStatus,
} from './run.ts';
export { type PipelinePorts, RunPipeline } from './run-pipeline.ts';
export { type RunRequest, TrainingRuns } from './runs.ts';
export { assignParts, type Part, planSplit } from './split.ts';
export type {
  TrainContext,
  TrainedModel,
  Trainer,
  TrainingData,
  TrainJob,
  TrainProgress,
  ValidationFigures,
} from './trainer.ts';
export { type PreparedData, prepareData, readRows } from './training-files.ts';
export { TrainingWorker } from './training-worker.ts';
