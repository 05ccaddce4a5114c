export { type ClientOptions, UnderstudyClient } from './client.ts';
export {
  Conflict,
  ConnectionFailed,
  Forbidden,
  InvalidRequest,
  NotFound,
  type ProblemDetails,
  RateLimited,
  ServerError,
  StaleVersion,
  TimeLimitExceeded,
  Unauthenticated,
  UnderstudyError,
  UnexpectedAnswer,
} from './errors.ts';
export type { FollowOptions } from './follow.ts';
export type * from './generated/api.ts';
export type { List, Page, PageOptions } from './pagination.ts';
export { checkProof } from './proof.ts';
export type { DatasetFormat, RowChange } from './resources/datasets.ts';
export type { DeadLetterFilter } from './resources/dead-letters.ts';
export type { DecisionFilter } from './resources/decisions.ts';
export type { EventToSend } from './resources/events.ts';
export type { ExampleFilter, ImportFormat, ImportOptions } from './resources/examples.ts';
export type { Readiness, ServerVersion } from './resources/health.ts';
export type { JobDecision, JobEvent } from './resources/jobs.ts';
export type { VerifyOptions, VerifyReport } from './resources/ledger.ts';
export type { ChangeOptions } from './resources/members.ts';
export type { AlertFilter, OverviewOptions, QualityOptions } from './resources/monitoring.ts';
export type { PutPredictRouteOptions } from './resources/predict-routes.ts';
export type { BatchOptions, PredictAllOptions } from './resources/predictions.ts';
export type { ReviewItemFilter } from './resources/review.ts';
export type { PutSourceOptions } from './resources/sources.ts';
export type { PutTaskOptions } from './resources/tasks.ts';
export type { TrainingRunEvent } from './resources/training-runs.ts';
export type { ValueOptions, ValueWindow } from './resources/value.ts';
export type { DeliveryFilter } from './resources/webhooks.ts';
export type { CallOptions, IdempotentOptions } from './transport.ts';
export type { Bytes, UploadSource } from './upload.ts';
export type { Sha256 } from './value/log-chain.ts';
export {
  type Finding,
  type FindingKind,
  NotAnExport,
  type ValueVerification,
  type VerifyValueOptions,
  verifyValueExport,
} from './value/verify.ts';
export { InvalidWebhook, type ReceivedWebhook, type VerifyWebhookOptions, verifyWebhook } from './verify-webhook.ts';
export { VERSION } from './version.ts';
