import type { CallContext, PreparedDecision } from '@understudy/decisions';
import type { EventSink } from '@understudy/events';
import {
  actingFor,
  type Clock,
  type Database,
  HOLDS_THE_LOG,
  isUnderstudyError,
  type Logger,
  type Tx,
} from '@understudy/kernel';
import type { PredictionRequest } from '@understudy/wire';
import type { FailedAttempt, NewDeadLetter } from './dead-letter.ts';
import type { DeadLetters } from './dead-letters.ts';
import { jobErrors } from './errors.ts';
import { finishedEvent } from './finished-event.ts';
import {
  CHUNK,
  type ClaimedJob,
  type ItemEnd,
  isFinished,
  type JobError,
  type JobOutcome,
  type SettledJob,
} from './job.ts';
import type { Decider, JobCallbacks, JobStore, Replies } from './ports.ts';
import { isolation } from './queue-rules.ts';
import { backoffMs, classify, MOST_LOST, RetryBudget, type RetryPolicy } from './retry.ts';

export interface AttemptPorts {
  store: JobStore;
  database: Database;
  decider: Decider;
  deadLetters: Pick<DeadLetters, 'put'>;
  replies: Replies;
  callbacks: JobCallbacks;
  events: EventSink;
  clock: Clock;
  logger: Logger;
  retry: RetryPolicy;
  /** Longest that one item may take. */
  attemptMs: number;
  random: () => number;
  /** Waits; injected so that tests do not. */
  pause: (milliseconds: number) => Promise<void>;
}

/** One item on its way through an attempt. */
interface Item {
  position: number;
  request: PredictionRequest;
  /** This one included. */
  attempts: number;
  history: FailedAttempt[];
}

type TriedItem = Item & { result: ItemEnd; prepared: PreparedDecision | null; kind: NewDeadLetter['kind'] };

/** A job with what the attempt made of it. */
interface Tried {
  claim: ClaimedJob;
  items: TriedItem[];
}

/** Tries of a commit that the database was away for. */
const COMMIT_TRIES = 4;
const COMMIT_PAUSE_MS = 250;

/**
 * One attempt at the jobs of a claim: decide every item at once, then write everything down, a transaction a
 * workspace. What cannot be written is halved until what is to blame stands alone.
 */
export class Attempt {
  readonly #ports: AttemptPorts;
  readonly #budget: RetryBudget;
  readonly statistics = { attempts: 0, retries: 0, fenced: 0, finished: { succeeded: 0, failed: 0, cancelled: 0 } };

  constructor(ports: AttemptPorts) {
    this.#ports = ports;
    this.#budget = new RetryBudget(ports.clock.now());
  }

  /**
   * Never rejects: what cannot be written down is left to its lease.
   *
   * @param chunk items of a job with many that are tried together, at most
   */
  async work(claims: readonly ClaimedJob[], chunk: number = CHUNK): Promise<void> {
    const trusted = claims.filter(({ lost }) => lost === 0);
    // A worker may have died of one of these, and of it only: the oftener they were lost, the fewer are tried together.
    const suspects = claims.filter(({ lost }) => lost > 0).toSorted((a, b) => a.lost - b.lost);
    await this.#workTogether(trusted, chunk);
    for (let i = 0; i < suspects.length; ) {
      const some = suspects.slice(i, i + isolation(suspects[i]!.lost, CHUNK));
      await this.#workTogether(some, chunk);
      i += some.length;
    }
  }

  async #workTogether(claims: readonly ClaimedJob[], chunk: number): Promise<void> {
    const workspaces = Map.groupBy(claims, ({ workspace }) => workspace);
    await Promise.all(
      [...workspaces].map(async ([workspace, some]) => {
        try {
          await this.#commit(workspace, await this.#try(some, chunk));
        } catch (error) {
          const jobs = some.map(({ id }) => id);
          this.#ports.logger.warn(
            { err: error, workspace, jobs: jobs.slice(0, 5), count: jobs.length },
            'jobs are left to their lease',
          );
        }
      }),
    );
  }

  /** Tries all items of some jobs at once. */
  async #try(claims: readonly ClaimedJob[], chunk: number): Promise<Tried[]> {
    const jobs = await Promise.all(
      claims.map((claim) => (claim.request === null ? this.#openItems(claim, chunk) : [singleItem(claim)])),
    );
    const tried = claims.map((claim, at): Tried => ({ claim, items: new Array(jobs[at]!.length) }));
    const asked: Promise<void>[] = [];
    for (const [at, job] of tried.entries()) {
      for (const [nth, item] of jobs[at]!.entries()) {
        const known = this.#begin(job.claim, item);
        if (known !== null) job.items[nth] = known;
        else {
          asked.push(
            this.#decide(job.claim, item).then((result) => {
              job.items[nth] = result;
            }),
          );
        }
      }
    }
    await this.#withinTheLimit(Promise.all(asked));
    const { attemptMs } = this.#ports;
    for (const [at, { claim, items }] of tried.entries()) {
      for (const [nth, item] of jobs[at]!.entries()) {
        items[nth] ??= this.#failed(claim, item, jobErrors.job_attempt_timed_out(`no answer within ${attemptMs} ms`));
      }
    }
    // What comes late has been given up.
    return tried.map(({ claim, items }) => ({ claim, items: [...items] }));
  }

  async #openItems(claim: ClaimedJob, chunk: number): Promise<Item[]> {
    const open = await this.#ports.store.open(claim.workspace, claim.id, isolation(claim.lost, chunk));
    return open.map((item) => ({ ...item, attempts: item.attempts + 1 }));
  }

  /** What is known of an item without deciding it; null when it is to be decided. */
  #begin(claim: ClaimedJob, item: Item): TriedItem | null {
    if (claim.lost >= MOST_LOST) {
      const detail = `its worker vanished ${claim.lost} times`;
      const error = { code: 'job_worker_lost', detail };
      return { ...item, result: { end: 'given_up', error }, prepared: null, kind: 'failed' };
    }
    const retry = isRetry(claim, item);
    if (retry && !this.#budget.spend(this.#ports.clock.now())) {
      const delayMs = this.#pauseAfter(item.attempts - 1);
      return { ...item, result: { end: 'deferred', delayMs }, prepared: null, kind: 'failed' };
    }
    this.statistics.attempts++;
    if (retry) this.statistics.retries++;
    else this.#budget.firstAttempt();
    return null;
  }

  async #decide(claim: ClaimedJob, item: Item): Promise<TriedItem> {
    const { decider, logger } = this.#ports;
    const call: CallContext = {
      principal: actingFor(claim.workspace, claim.options.principal),
      requestId: claim.options.requestId,
      traceId: claim.options.traceId,
      via: claim.many ? { kind: 'job', id: claim.id, message: String(item.position) } : { kind: 'job', id: claim.id },
    };
    try {
      const prepared = await decider.prepare(call, claim.task, item.request);
      if (isRetry(claim, item)) this.#budget.retrySucceeded();
      return { ...item, result: { end: 'decided', decision: prepared.record.id }, prepared, kind: 'failed' };
    } catch (error) {
      if (!isUnderstudyError(error)) logger.error({ err: error, job: claim.id }, 'an attempt at a job failed');
      return this.#failed(claim, item, error);
    }
  }

  #failed(claim: ClaimedJob, item: Item, cause: unknown): TriedItem {
    const { permanent, error } = classify(cause);
    if (permanent) return { ...item, result: { end: 'given_up', error }, prepared: null, kind: 'unprocessable' };
    const failures = item.attempts - (claim.many ? 0 : claim.lost);
    if (failures >= this.#ports.retry.attempts) {
      return { ...item, result: { end: 'given_up', error }, prepared: null, kind: 'failed' };
    }
    const delayMs = this.#pauseAfter(failures);
    return { ...item, result: { end: 'again', error, delayMs }, prepared: null, kind: 'failed' };
  }

  #pauseAfter(attempt: number): number {
    return backoffMs(this.#ports.retry, Math.max(1, attempt), this.#ports.random);
  }

  /** Waits for all of them, as long as one of them may take. */
  async #withinTheLimit(work: Promise<unknown>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.#ports.attemptMs);
      timer.unref();
    });
    await Promise.race([work, late]);
    clearTimeout(timer);
  }

  async #commit(workspace: string, tried: readonly Tried[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        const write = (tx: Tx) => this.#write(tx, workspace, tried);
        const settled = await this.#ports.database.inWorkspace(workspace, write, HOLDS_THE_LOG);
        this.statistics.fenced += tried.length - settled.length;
        for (const { status } of settled) {
          if (status !== 'queued' && status !== 'running') this.statistics.finished[status]++;
        }
        return;
      } catch (error) {
        // Whether it was written or not, the fence makes writing it again safe.
        if (isUnderstudyError(error) && error.retryable) {
          if (attempt >= COMMIT_TRIES) throw error;
          await this.#ports.pause(COMMIT_PAUSE_MS * attempt);
          continue;
        }
        await this.#isolate(workspace, tried, error);
        return;
      }
    }
  }

  /** One of these cannot be written down: halves, until it is found. It alone has failed. */
  async #isolate(workspace: string, tried: readonly Tried[], cause: unknown): Promise<void> {
    if (tried.length > 1) {
      const middle = tried.length >> 1;
      await this.#commit(workspace, tried.slice(0, middle));
      await this.#commit(workspace, tried.slice(middle));
      return;
    }
    const [{ claim, items }] = tried as readonly [Tried];
    const decided = items.filter(({ prepared }) => prepared !== null);
    if (decided.length === 0) throw cause;
    const { logger } = this.#ports;
    if (decided.length === 1) {
      logger.warn(
        { err: cause, job: claim.id, position: decided[0]!.position },
        'a decision could not be written down',
      );
      const failed = items.map((item) => (item.prepared === null ? item : this.#failed(claim, item, cause)));
      await this.#commit(workspace, [{ claim, items: failed }]);
      return;
    }
    // Only the first half of a job's items is written now: the job stays ours to write no longer, and the rest comes
    // again in smaller company.
    const half = new Set(decided.slice(0, decided.length >> 1));
    await this.#commit(workspace, [
      {
        claim,
        items: items.map((item) =>
          item.prepared === null || half.has(item)
            ? item
            : { ...item, prepared: null, result: { end: 'deferred', delayMs: 0 } },
        ),
      },
    ]);
  }

  async #write(tx: Tx, workspace: string, tried: readonly Tried[]): Promise<SettledJob[]> {
    const { store, deadLetters, decider, events, clock } = this.#ports;
    const outcomes: JobOutcome[] = tried.map(({ claim, items }) => ({
      claim,
      items: items.map(({ position, result }) => ({ position, ...result })),
    }));
    const settled = await store.settle(tx, workspace, outcomes);
    const held = new Map(settled.map((job) => [job.id, job]));
    const ours = tried.filter(({ claim }) => held.has(claim.id));
    const at = new Date(clock.now()).toISOString();
    await deadLetters.put(
      tx,
      workspace,
      ours.flatMap((job) => lettersOf(job, at)),
    );
    await this.#reply(tx, workspace, ours);
    const finished = ours.filter(({ claim }) => isFinished(held.get(claim.id)!.status));
    const told = finished.map((job) => ({ job, event: eventOf(job, held.get(job.claim.id)!) }));
    for (const { job, event } of told) await this.#callBack(tx, workspace, job, event);
    const prepared = ours.flatMap(({ items }) => items.flatMap((item) => item.prepared ?? []));
    // One statement, and the commit: for no longer than that the workspace's log is locked.
    const happened = told.map(({ event }) => event);
    if (prepared.length > 0) await decider.commitIn(tx, prepared, happened);
    else await events.record(tx, workspace, happened);
    return settled;
  }

  /** A reply for each item that has its end, keyed so that the application can join it. */
  async #reply(tx: Tx, workspace: string, tried: readonly Tried[]): Promise<void> {
    const messages = tried.flatMap(({ claim, items }) => {
      const { replyTo, traceparent } = claim.options;
      if (replyTo === null) return [];
      return items.flatMap(({ position, request, result, prepared }) => {
        if (result.end !== 'decided' && result.end !== 'given_up') return [];
        const externalId = request.external_id ?? null;
        const body = {
          job: claim.id,
          ...(claim.many ? { position } : {}),
          external_id: externalId,
          ...(result.end === 'decided' ? { decision: prepared!.body } : { error: result.error }),
        };
        return {
          ...replyTo,
          id: claim.many ? `${claim.id}.${position}` : claim.id,
          key: externalId,
          headers: {
            'content-type': 'application/json',
            'correlation-id': claim.id,
            ...(traceparent === null ? {} : { traceparent }),
          },
          body: Buffer.from(JSON.stringify(body)),
        };
      });
    });
    if (messages.length > 0) await this.#ports.replies.enqueue(tx, workspace, messages);
  }

  async #callBack(tx: Tx, workspace: string, { claim, items }: Tried, event: ReturnType<typeof finishedEvent>) {
    const { callbackUrl: url, traceparent, externalId } = claim.options;
    if (url === null) return;
    const single = claim.many ? undefined : items[0];
    const external = externalId ?? single?.request.external_id ?? null;
    const data = {
      ...event.data,
      ...(external === null ? {} : { external_id: external }),
      ...(single?.prepared == null ? {} : { decision: single.prepared.body }),
      ...(single?.result.end === 'given_up' ? { error: single.result.error } : {}),
    };
    await this.#ports.callbacks.enqueue(tx, workspace, {
      url,
      event: { ...event, data, ...(traceparent === null ? {} : { traceparent }) },
    });
  }
}

function singleItem({ attempts, history, request }: ClaimedJob): Item {
  return { position: 0, request: request!, attempts, history };
}

/** What a worker that vanished took with it does not count as a try of the item. */
function isRetry(claim: ClaimedJob, item: Item): boolean {
  return item.attempts - (claim.many ? 0 : claim.lost) > 1;
}

function eventOf({ claim, items }: Tried, job: SettledJob): ReturnType<typeof finishedEvent> {
  const [single] = claim.many ? [] : items;
  const error: JobError | null = single?.result.end === 'given_up' ? single.result.error : null;
  const decision = single?.result.end === 'decided' ? single.result.decision : null;
  return finishedEvent({ ...job, task: claim.task, many: claim.many, options: claim.options }, { decision, error });
}

function lettersOf({ claim, items }: Tried, at: string): NewDeadLetter[] {
  return items.flatMap(({ result, request, attempts, history, position, kind }): NewDeadLetter[] => {
    if (result.end !== 'given_up') return [];
    const { error } = result;
    const letter: NewDeadLetter = {
      kind,
      origin: { kind: 'job', id: claim.id },
      task: claim.task,
      reason: error,
      body: Buffer.from(JSON.stringify(request)),
      contentType: 'application/json',
      headers: claim.options.traceparent === null ? {} : { traceparent: claim.options.traceparent },
      message: claim.many ? String(position) : null,
      attempts,
      // Kept newest first.
      history: [...history.toReversed(), { at, ...error }],
      traceId: claim.options.traceId,
    };
    return [letter];
  });
}
