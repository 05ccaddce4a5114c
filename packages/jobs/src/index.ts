export { Attempt, type AttemptPorts } from './attempt.ts';
export type {
  DeadLetter,
  DeadLetterFilter,
  DeadLetterKind,
  DeadLetterOrigin,
  DeadLetterState,
  FailedAttempt,
  NewDeadLetter,
} from './dead-letter.ts';
export { type DeadLetterStore, DeadLetters, type LetterEdit, type Replayed, type Replayer } from './dead-letters.ts';
export { jobErrors } from './errors.ts';
export * from './job.ts';
export { JobReplayer } from './job-replayer.ts';
export { JobWorker, type JobWorkerOptions } from './job-worker.ts';
export { type AnsweredItem, type JobCall, type JobPorts, type JobRequest, Jobs } from './jobs.ts';
export type * from './ports.ts';
export { backoffMs, classify, DEFAULT_RETRY, RetryBudget, type RetryPolicy } from './retry.ts';
export * from './sources/index.ts';
export { deadLetterTrail, jobTrail, messageTrail, type TrailStore } from './trail/parts.ts';
export { Trail, type TrailId, type TrailPart, type TrailPlace, type TrailStep } from './trail/trail.ts';
