import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { OpenDatabase } from '@understudy/database-postgres';
import { checkItem, checkItems, type Decide, type LivePlans } from '@understudy/decisions';
import type { EventSink } from '@understudy/events';
import {
  type Answers,
  DEFAULT_RETRY,
  type DeadLetters,
  type JobCallbacks,
  JobReplayer,
  Jobs,
  type JobTasks,
  JobWorker,
  type Replies,
} from '@understudy/jobs';
import { JOB_CHANNEL, JobBell, PostgresJobStore, PostgresQueueFigures } from '@understudy/jobs/storage';
import type { Clock, Database, Logger } from '@understudy/kernel';
import { type LedgerStorage, type RecordedDecision, viewDecision } from '@understudy/ledger';
import type { Decision } from '@understudy/wire';
import type { Config } from '../config.ts';
import { httpErrors } from '../http/errors.ts';
import type { Metrics } from '../observability/metrics.ts';

export interface JobRoomPorts {
  config: Config;
  open: OpenDatabase;
  database: Database;
  plans: LivePlans;
  decide: Decide;
  ledgerStorage: LedgerStorage;
  deadLetters: DeadLetters;
  events: EventSink;
  replies: Replies;
  callbacks: JobCallbacks;
  metrics: Metrics;
  clock: Clock;
  logger: Logger;
  /** How much of its usual step background work takes now, 0 to 1. */
  share?: () => number;
}

/** Longest that one item may take. A lease may be shorter: it is renewed. */
const LONGEST_ATTEMPT_MS = 30_000;
/** Jobs of one statement that are removed after their time. */
const EXPIRE_AT_ONCE = 2_000;

export type JobRoom = ReturnType<typeof openJobs>;

/** Asynchronous decisions over the rooms below them. */
export function openJobs(ports: JobRoomPorts) {
  const { config, open, database, decide, deadLetters, events, replies, callbacks, clock, metrics } = ports;
  const logger = ports.logger.child({ component: 'jobs' });
  const store = new PostgresJobStore(database);
  const tasks = jobTasks(ports.plans);
  const answers = ledgerAnswers(ports.ledgerStorage);
  const bell = new JobBell(database, logger);
  const worker = new JobWorker(
    {
      ...{ store, database, decider: decide, deadLetters, replies, callbacks, events, clock, logger },
      retry: { ...DEFAULT_RETRY, attempts: config.jobAttempts },
      attemptMs: LONGEST_ATTEMPT_MS,
      random: Math.random,
      pause: (milliseconds) => pause(milliseconds),
    },
    {
      worker: `${hostname()}/${process.pid}`,
      leaseMs: config.jobLeaseMs,
      concurrency: config.jobConcurrency,
      logger,
      ...(ports.share === undefined ? {} : { share: ports.share }),
    },
  );
  const jobs = new Jobs({
    ...{ store, database, tasks, answers, events, replies, callbacks, clock },
    wake: () => bell.ring(),
    keyReused: () => httpErrors.idempotency_key_reused('this key came with another request before'),
  });
  deadLetters.register('job', new JobReplayer({ store, tasks }));
  const { statistics } = worker;
  metrics.counts(
    'understudy_jobs_finished_total',
    'Jobs that this process brought to an end, by outcome.',
    'outcome',
    () => statistics.finished,
  );
  metrics.count('understudy_job_attempts_total', 'Items that this process tried.', () => statistics.attempts);
  metrics.count('understudy_job_retries_total', 'Items that this process tried again.', () => statistics.retries);
  metrics.count(
    'understudy_jobs_fenced_total',
    'Jobs that this process had lost when it was done with them.',
    () => statistics.fenced,
  );
  let silence: (() => void) | undefined;
  return {
    jobs,
    worker,
    /** Figures over all workspaces, for metrics. */
    figures: () => store.totals(),
    /** Keeps reading the figures of queues cheap. The scheduler's call, every few seconds. */
    foldFigures: () => new PostgresQueueFigures(database).fold(),
    /** Removes what ended longer ago than the operator keeps it. The scheduler's call, every hour. */
    async expire(signal?: AbortSignal): Promise<void> {
      while (signal?.aborted !== true && (await store.expire(config.jobRetentionDays, EXPIRE_AT_ONCE)) > 0);
      while (signal?.aborted !== true && (await deadLetters.expire(config.jobRetentionDays, EXPIRE_AT_ONCE)) > 0);
    },
    async start(): Promise<void> {
      silence = await open.listen(JOB_CHANNEL, () => worker.wake());
      worker.start();
    },
    async stop(): Promise<void> {
      silence?.();
      await worker.stop();
    },
  };
}

function jobTasks(plans: LivePlans): JobTasks {
  return {
    async check(workspace, slug, items, many) {
      const { task } = await plans.get(workspace, slug);
      const longest = task.definition.input.text.max_length ?? 20_000;
      if (many) checkItems(items, longest);
      else checkItem(items[0]!, longest);
    },
  };
}

function ledgerAnswers(storage: Pick<LedgerStorage, 'getAll'>): Answers {
  return {
    async of(workspace, ids) {
      const rows = await storage.getAll(workspace, ids);
      return ids.map((id) => {
        const row = rows.get(id);
        return row === undefined ? null : asAnswered(viewDecision(row));
      });
    },
  };
}

/** A decision of the ledger in the shape in which it was answered. */
function asAnswered(decision: RecordedDecision): Decision {
  const { id, task, outcome, label, confidence, threshold, automation, candidates, decided_by, cost } = decision;
  const { review_reason: reason, suggestion, externalId } = decision;
  return {
    ...{ id, task: task.slug, outcome, label, confidence, threshold, automation },
    ...(reason === null ? {} : { suggestion, review: { item: `itm_${id.slice(4)}`, reason } }),
    ...{ candidates, decided_by },
    ...(externalId === null ? {} : { external_id: externalId }),
    created_at: decision.created_at,
    cost,
  } as Decision;
}
