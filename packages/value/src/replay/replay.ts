import type { ReplayResult } from '@understudy/wire';

export type ReplayStatus = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';

/** What to change about the past. All null: nothing. */
export interface What {
  maxError: number | null;
  confidence: number | null;
  modelVersion: string | null;
  threshold: number | null;
}

/** A what-if over the decisions of one task. Times in ms since the epoch. */
export interface Replay {
  /** `rpl_…` */
  id: string;
  workspace: string;
  taskId: string;
  task: string;
  /** Null = from the first decision. */
  from: number | null;
  to: number;
  what: What;
  status: ReplayStatus;
  progress: { done: number; total: number | null };
  result: ReplayResult | null;
  error: { code: string; detail: string } | null;
  requestedBy: string;
  attempts: number;
  cancelRequested: boolean;
  createdAt: number;
  startedAt: number | null;
  finishedAt: number | null;
}

export interface ReplayEnd {
  status: 'succeeded' | 'failed' | 'cancelled';
  progress: Replay['progress'];
  result: ReplayResult | null;
  error: { code: string; detail: string } | null;
}

export const changesNothing = ({ maxError, confidence, modelVersion, threshold }: What): boolean =>
  maxError === null && confidence === null && modelVersion === null && threshold === null;
