import type { CallContext, PreparedDecision } from '@understudy/decisions';
import type { NewEvent } from '@understudy/events';
import type { Tx } from '@understudy/kernel';
import type { Decision, PredictionRequest } from '@understudy/wire';
import type { ClaimedJob, Job, JobItem, JobOutcome, JobStatus, NewJob, OpenItem, SettledJob } from './job.ts';

export interface ClaimRequest {
  /** Who claims, for people to read. */
  worker: string;
  /** Items, about. */
  limit: number;
  leaseMs: number;
  /** Items of one task of a workspace in work at once, over all workers. */
  concurrency: number;
  /** The workspace that this worker served last: the next one begins. */
  after: string;
}

export interface JobFilter {
  status?: JobStatus | undefined;
  task?: string | undefined;
}

/** One task's queue. */
export interface QueueFigures {
  task: string;
  /** Jobs that wait and are due; those that wait for their time. */
  queued: number;
  scheduled: number;
  running: number;
  /** ms since the epoch: when the longest-waiting due job became due; null when none waits. */
  oldestAt: number | null;
}

/** Figures over all workspaces, for metrics. */
export interface JobTotals {
  queued: number;
  running: number;
  /** Age of the longest-waiting due job. */
  oldestSeconds: number;
}

/** Jobs at rest, and the queue. Times are the store's own clock: no worker's clock matters. */
export interface JobStore {
  /**
   * One transaction. With a key that was seen within 24 hours, nothing is written and the first job comes back
   * (`replayed`), with what came with it.
   */
  accept(job: NewJob): Promise<{ job: Job; replayed: boolean; requestHash: Buffer | null }>;
  find(workspace: string, id: string): Promise<Job | null>;
  /** Newest first, those below `before`. */
  list(workspace: string, filter: JobFilter, page: { limit: number; before: string | null }): Promise<Job[]>;
  /** In order, those above `after` (−1 = from the start). */
  items(workspace: string, id: string, page: { limit: number; after: number }): Promise<JobItem[]>;
  /** Ends a job that has not ended; whoever holds it is fenced off. Null when there is none; else as it is now. */
  cancel(tx: Tx, workspace: string, id: string): Promise<{ job: Job; cancelled: boolean } | null>;
  /**
   * Hands jobs out under a lease, by the rule of `choose`, those whose lease ended first. One statement. What is
   * handed out is attempted once more, under a new fence.
   */
  claim(request: ClaimRequest): Promise<ClaimedJob[]>;
  /** Prolongs the leases of what was handed out under these fences and is still held. */
  renew(fences: readonly string[], leaseMs: number): Promise<void>;
  /** The next open and due items of a job with many. */
  open(workspace: string, job: string, limit: number): Promise<OpenItem[]>;
  /**
   * Writes what became of jobs of one workspace. A job whose fence is not the last one, or that was cancelled, is left
   * alone and missing from the answer.
   */
  settle(tx: Tx, workspace: string, outcomes: readonly JobOutcome[]): Promise<SettledJob[]>;
  /**
   * Opens a failed job, or given-up items of a job with many, again; `job` is used where the job itself is gone.
   * False when the job did not end by failing (of an item: when it was not given up).
   */
  reopen(tx: Tx, workspace: string, job: NewJob, position: number | null): Promise<boolean>;
  queues(workspace: string): Promise<QueueFigures[]>;
  totals(): Promise<JobTotals>;
  /** Removes jobs that ended longer ago than this, at most `limit`. Answers how many. */
  expire(days: number, limit: number): Promise<number>;
}

/** The decisions room. */
export interface Decider {
  prepare(call: CallContext, task: string, request: PredictionRequest): Promise<PreparedDecision>;
  commitIn(tx: Tx, prepared: readonly PreparedDecision[], events: readonly NewEvent[]): Promise<void>;
}

/** What the edge checks before a job is accepted. */
export interface JobTasks {
  /** Throws task_not_found; input_too_long or invalid_text with the pointers of every bad item. */
  check(workspace: string, task: string, items: readonly PredictionRequest[], many: boolean): Promise<void>;
}

/** Decisions as they were answered, from the ledger. */
export interface Answers {
  /** In order; null for one that is not there. */
  of(workspace: string, decisions: readonly string[]): Promise<(Decision | null)[]>;
}

/** Messages to the application's own broker, in the transaction that causes them. */
export interface Replies {
  /** Whether the operator named such a bus. */
  knows(bus: string): boolean;
  /** Throws topic_refused for a topic that the workspace may not write to. Absent: any will do. */
  check?(workspace: string, destination: { bus: string; topic: string }): Promise<void>;
  enqueue(
    tx: Tx,
    workspace: string,
    messages: readonly {
      bus: string;
      topic: string;
      id: string;
      key: string | null;
      headers: Record<string, string>;
      body: Uint8Array;
    }[],
  ): Promise<void>;
}

/** A job's end told to its own URL, in the transaction that causes it. */
export interface JobCallbacks {
  /** Throws callback_url_refused for a URL that can never be called. */
  check(url: string): void;
  enqueue(
    tx: Tx,
    workspace: string,
    callback: {
      url: string;
      event: { type: 'job.finished'; subject: string; data: Record<string, unknown>; traceparent?: string };
    },
  ): Promise<void>;
}
