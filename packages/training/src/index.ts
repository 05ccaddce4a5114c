export type { Budget } from './certification/budget.ts';
export {
  type AskedBy,
  Certification,
  type CertificationStatus,
  type Preview,
  type TrainedVersion,
} from './certification/certification.ts';
export { DIAL, type DialPosition, type MonthlyFigures } from './certification/dial.ts';
export {
  certifier,
  type FitOptions,
  type FittedCertificate,
  fitCertificate,
} from './certification/fit-certificate.ts';
export { fitScore, type TuneRow, tuneRowsOf } from './certification/fit-score.ts';
export type {
  CertifiableTask,
  CertifiableTasks,
  CertificateIssuer,
  CertificationStore,
  StoredScores,
  Traffic,
} from './certification/ports.ts';
export { type LabelledTask, Renewal, type RenewalPorts } from './certification/renewal.ts';
export type { ScoredCertifyRow, ScoredTuneRow } from './certification/scored-rows.ts';
export { assignCertify, certifyShare, type SplitRow } from './certify-split.ts';
export { type Choice, type Contender, choose, score } from './choose.ts';
export { compare, type Verdict } from './compare.ts';
export { trainingErrors } from './errors.ts';
export { type EvaluationReport, evaluate, reliabilityCurve, type ScoredRow } from './evaluation.ts';
export { fingerprintOf } from './fingerprint.ts';
export { type HeldOutRows, readHeldOut, writeHeldOut } from './held-out-file.ts';
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
export { type Assessment, assess, type PastRun, type RetrainingPolicy, type Situation } from './retraining/policy.ts';
export type { LabelSupply, RetrainableTask, RetrainingTasks, ServedModels } from './retraining/ports.ts';
export { POLICY, RECHECK_MS, Retraining, type RetrainingStatus } from './retraining/retraining.ts';
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
