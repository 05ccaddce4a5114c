import type { FailedAttempt } from '../dead-letter.ts';
import {
  type ClaimedJob,
  type Job,
  type JobError,
  type JobOptions,
  type JobStatus,
  MAX_PRIORITY,
  shownStatus,
} from '../job.ts';

export interface JobRow {
  workspace_id: string;
  id: string;
  task: string;
  state: JobStatus;
  rank: number;
  ready_at: Date;
  attempts: number;
  lost: number;
  fence: string;
  many: boolean;
  total: number;
  done: number;
  failed: number;
  request: string | null;
  options: string;
  request_hash: Buffer | null;
  decision: string | null;
  error: JobError | null;
  history: FailedAttempt[] | null;
  version: number;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
}

export const toJob = (row: JobRow): Job => ({
  id: row.id,
  workspace: row.workspace_id,
  task: row.task,
  status: shownStatus(row.state, row.many, row.done),
  priority: MAX_PRIORITY - row.rank,
  attempts: row.attempts,
  many: row.many,
  total: row.total,
  done: row.done,
  failed: row.failed,
  options: JSON.parse(row.options) as JobOptions,
  decision: row.decision,
  error: row.error,
  version: row.version,
  createdAt: row.created_at.getTime(),
  readyAt: row.ready_at.getTime(),
  startedAt: row.started_at?.getTime() ?? null,
  finishedAt: row.finished_at?.getTime() ?? null,
});

/** What a claim brings: the columns of a job that its worker reads. */
export type ClaimRow = Pick<
  JobRow,
  | 'workspace_id'
  | 'id'
  | 'task'
  | 'fence'
  | 'attempts'
  | 'lost'
  | 'many'
  | 'total'
  | 'done'
  | 'failed'
  | 'request'
  | 'options'
  | 'history'
>;

export const toClaim = (row: ClaimRow): ClaimedJob => ({
  id: row.id,
  workspace: row.workspace_id,
  task: row.task,
  fence: String(row.fence),
  attempts: row.attempts,
  lost: row.lost,
  many: row.many,
  total: row.total,
  done: row.done,
  failed: row.failed,
  request: row.request === null ? null : JSON.parse(row.request),
  options: JSON.parse(row.options) as JobOptions,
  history: row.history ?? [],
});
