import type { PredictionRequest } from '@understudy/wire';
import type { FailedAttempt } from './dead-letter.ts';

export type JobStatus = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';

export const MAX_PRIORITY = 9;
export const DEFAULT_PRIORITY = 5;
export const MAX_ITEMS = 10_000;
/** Items of a job with many that are worked through, and committed, together. */
export const CHUNK = 200;

/** What asked for the job and where its result goes. It never changes. */
export interface JobOptions {
  principal: string;
  requestId: string;
  traceId: string | null;
  traceparent: string | null;
  callbackUrl: string | null;
  replyTo: { bus: string; topic: string } | null;
  /** Of a job with many items; a single item carries its own. */
  externalId: string | null;
  /** As asked for, ms since the epoch. */
  notBefore: number | null;
}

export interface JobError {
  code: string;
  detail: string;
}

export interface NewJob {
  /** `job_…` */
  id: string;
  workspace: string;
  /** Slug. */
  task: string;
  /** 0…9; the greatest is served first. */
  priority: number;
  /** ms since the epoch; null = at once. */
  notBefore: number | null;
  options: JobOptions;
  many: boolean;
  /** One, or 1…10,000 when `many`. */
  items: readonly PredictionRequest[];
  /** SHA-256 of the caller's Idempotency-Key and of what came with it. */
  key: { hash: Buffer; requestHash: Buffer } | null;
}

export interface Job {
  id: string;
  workspace: string;
  task: string;
  status: JobStatus;
  priority: number;
  /** Times that a worker took it up, or the chunk of it that is under way. */
  attempts: number;
  many: boolean;
  /** Items; `done` = decided or given up, `failed` = given up. */
  total: number;
  done: number;
  failed: number;
  options: JobOptions;
  /** Id of the decision of a single item. */
  decision: string | null;
  /** Why it failed, or why it is tried again. */
  error: JobError | null;
  /** Counts every change that can be seen. */
  version: number;
  /** ms since the epoch. `readyAt` = when it is (or was) due. */
  createdAt: number;
  readyAt: number;
  startedAt: number | null;
  finishedAt: number | null;
}

/** One item of a job with many, as far as it got. */
export interface JobItem {
  position: number;
  externalId: string | null;
  decision: string | null;
  error: JobError | null;
}

/** A job in the hands of a worker. Only whoever holds its last fence may write its end. */
export interface ClaimedJob {
  id: string;
  workspace: string;
  task: string;
  fence: string;
  /** This one included. */
  attempts: number;
  /** How often a worker vanished with it. */
  lost: number;
  many: boolean;
  total: number;
  done: number;
  failed: number;
  /** The item of a job that has one. */
  request: PredictionRequest | null;
  options: JobOptions;
  history: FailedAttempt[];
}

/** An open item of a job with many. */
export interface OpenItem {
  position: number;
  request: PredictionRequest;
  /** Without the one to come. */
  attempts: number;
  history: FailedAttempt[];
}

/** What an attempt made of one item. */
export type ItemEnd =
  | { end: 'decided'; decision: string }
  | { end: 'given_up'; error: JobError }
  /** Comes again after `delayMs`. */
  | { end: 'again'; error: JobError; delayMs: number }
  /** Was not tried: the attempt does not count. */
  | { end: 'deferred'; delayMs: number };

/** What an attempt made of a job. A single item has the position 0. */
export interface JobOutcome {
  claim: ClaimedJob;
  items: readonly ({ position: number } & ItemEnd)[];
}

/** A job after an outcome was written. */
export interface SettledJob {
  id: string;
  status: JobStatus;
  total: number;
  done: number;
  failed: number;
}

export function isFinished(status: JobStatus): boolean {
  return status === 'succeeded' || status === 'failed' || status === 'cancelled';
}

/** A job with many items is shown as running between its chunks, though nobody holds it. */
export function shownStatus(state: JobStatus, many: boolean, done: number): JobStatus {
  return state === 'queued' && many && done > 0 ? 'running' : state;
}

/** Seconds until the end at the pace so far; null when there is no pace yet or nothing left. */
export function etaSeconds(job: Job, now: number): number | null {
  if (job.startedAt === null || job.done === 0 || isFinished(job.status)) return null;
  const perItem = Math.max(0, now - job.startedAt) / job.done;
  return Math.ceil((perItem * (job.total - job.done)) / 1000);
}
