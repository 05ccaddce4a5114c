import type { TrainedModel, TrainJob, TrainProgress } from '@understudy/training';

/** What the trainer sends its process: the job, once. */
export interface JobMessage {
  job: TrainJob;
}

/** What the process sends back. After `done` or `failed` it ends. */
export type TrainingMessage =
  | { type: 'progress'; update: TrainProgress }
  | { type: 'log'; line: string }
  | { type: 'done'; model: Omit<TrainedModel, 'durationSeconds'> }
  | { type: 'failed'; code: string; detail: string; details: Record<string, unknown> };
