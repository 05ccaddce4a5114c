import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { EventSink } from '@understudy/events';
import { type Clock, type Database, isId, newId, type Principal } from '@understudy/kernel';
import type { Decision, PredictionRequest } from '@understudy/wire';
import { cursorOf, positionOf } from './cursor.ts';
import { jobErrors } from './errors.ts';
import { finishedEvent } from './finished-event.ts';
import { DEFAULT_PRIORITY, isFinished, type Job, type JobItem, type NewJob } from './job.ts';
import type { Answers, JobCallbacks, JobFilter, JobStore, JobTasks, QueueFigures, Replies } from './ports.ts';

export interface JobRequest {
  task: string;
  many: boolean;
  items: readonly PredictionRequest[];
  externalId: string | null;
  callbackUrl: string | null;
  replyTo: { bus: string; topic: string } | null;
  /** ms since the epoch. */
  notBefore: number | null;
  priority: number | null;
}

export interface JobCall {
  principal: Principal;
  requestId: string;
  traceId: string | null;
  traceparent: string | null;
  idempotency?: { key: string; requestHash: Buffer } | undefined;
}

/** An item of a job with many, with its answer. */
export type AnsweredItem = JobItem & { answer: Decision | null };

export interface JobPorts {
  store: JobStore;
  database: Database;
  tasks: JobTasks;
  answers: Answers;
  events: EventSink;
  replies: Replies;
  callbacks: JobCallbacks;
  clock: Clock;
  /** Tells workers that there is work. Must not throw. */
  wake: () => void;
  /** The edge's error for an Idempotency-Key that came with another request before. */
  keyReused: () => Error;
}

/** How often a watched job is looked at. */
const WATCH_MS = 300;

/** Asking for, reading and cancelling asynchronous decisions. JobWorker makes them. */
export class Jobs {
  readonly #ports: JobPorts;

  constructor(ports: JobPorts) {
    this.#ports = ports;
  }

  /**
   * Accepts a job in one transaction. The same Idempotency-Key and body answer the first job again.
   *
   * @throws `task_not_found` `input_too_long` `invalid_text` `reply_bus_unknown` `topic_refused`
   *   `callback_url_refused` `idempotency_key_reused`
   */
  async accept(call: JobCall, request: JobRequest): Promise<{ job: Job; replayed: boolean }> {
    const { store, tasks, replies, callbacks, clock } = this.#ports;
    const { workspace } = call.principal;
    await tasks.check(workspace, request.task, request.items, request.many);
    if (request.callbackUrl !== null) callbacks.check(request.callbackUrl);
    if (request.replyTo !== null && !replies.knows(request.replyTo.bus)) {
      const detail = `there is no bus “${request.replyTo.bus}”`;
      throw jobErrors.reply_bus_unknown(detail, {
        problems: [{ pointer: '/reply_to/bus', code: 'reply_bus_unknown', detail }],
      });
    }
    if (request.replyTo !== null) await replies.check?.(workspace, request.replyTo);
    const { idempotency } = call;
    const job: NewJob = {
      id: newId('job', clock.now()),
      workspace,
      task: request.task,
      priority: request.priority ?? DEFAULT_PRIORITY,
      notBefore: request.notBefore,
      many: request.many,
      items: request.items,
      options: {
        principal: call.principal.id,
        requestId: call.requestId,
        traceId: call.traceId,
        traceparent: call.traceparent,
        callbackUrl: request.callbackUrl,
        replyTo: request.replyTo,
        externalId: request.externalId,
        notBefore: request.notBefore,
      },
      key:
        idempotency === undefined
          ? null
          : { hash: createHash('sha256').update(idempotency.key).digest(), requestHash: idempotency.requestHash },
    };
    const accepted = await store.accept(job);
    if (accepted.replayed && job.key !== null && accepted.requestHash?.equals(job.key.requestHash) !== true) {
      throw this.#ports.keyReused();
    }
    if (!accepted.replayed) this.#ports.wake();
    return accepted;
  }

  /** @throws `job_not_found` */
  async get(workspace: string, id: string): Promise<Job> {
    const job = isId('job', id) ? await this.#ports.store.find(workspace, id) : null;
    if (job === null) throw jobErrors.job_not_found('there is no such job');
    return job;
  }

  /** The answer of a job with a single item; null while there is none. */
  async answer(job: Job): Promise<Decision | null> {
    if (job.decision === null) return null;
    return (await this.#ports.answers.of(job.workspace, [job.decision]))[0] ?? null;
  }

  /** A page of the items of a job with many, in their order. @throws `invalid_cursor` */
  async answers(
    job: Job,
    page: { limit: number; cursor?: string | undefined },
  ): Promise<{ items: AnsweredItem[]; nextCursor: string | null }> {
    const after = page.cursor === undefined ? -1 : Number(Buffer.from(page.cursor, 'base64url').toString());
    if (!Number.isSafeInteger(after) || after < -1) throw jobErrors.invalid_cursor('the cursor is not one of this job');
    const rows = await this.#ports.store.items(job.workspace, job.id, { limit: page.limit + 1, after });
    const items = rows.slice(0, page.limit);
    const decided = items.flatMap(({ decision }) => (decision === null ? [] : [decision]));
    const answers = await this.#ports.answers.of(job.workspace, decided);
    const byId = new Map(decided.map((id, index) => [id, answers[index] ?? null]));
    return {
      items: items.map((item) => ({ ...item, answer: item.decision === null ? null : byId.get(item.decision)! })),
      nextCursor: rows.length > page.limit ? Buffer.from(String(items.at(-1)!.position)).toString('base64url') : null,
    };
  }

  /** Newest first. @throws `invalid_cursor` */
  async list(
    workspace: string,
    filter: JobFilter,
    page: { limit: number; cursor?: string | undefined },
  ): Promise<{ data: Job[]; nextCursor: string | null }> {
    const before = page.cursor === undefined ? null : positionOf(page.cursor, 'job');
    const rows = await this.#ports.store.list(workspace, filter, { limit: page.limit + 1, before });
    const data = rows.slice(0, page.limit);
    return { data, nextCursor: rows.length > page.limit ? cursorOf(data.at(-1)!.id) : null };
  }

  /**
   * Ends a job. Of one that is under way nothing is kept that was not committed before; cancelling again answers the
   * same.
   *
   * @throws `job_not_found` `job_finished`
   */
  async cancel(principal: Principal, id: string): Promise<Job> {
    const { workspace } = principal;
    const { database, store, events, replies: _, ...ports } = this.#ports;
    const found = !isId('job', id)
      ? null
      : await database.inWorkspace(workspace, async (tx) => {
          const ended = await store.cancel(tx, workspace, id);
          if (ended?.cancelled !== true) return ended;
          const { job } = ended;
          const event = finishedEvent({ ...job, status: 'cancelled' }, null);
          const { callbackUrl: url, traceparent } = job.options;
          if (url !== null) {
            await ports.callbacks.enqueue(tx, workspace, {
              url,
              event: { ...event, ...(traceparent === null ? {} : { traceparent }) },
            });
          }
          await events.record(tx, workspace, [event]);
          return ended;
        });
    if (found === null) throw jobErrors.job_not_found('there is no such job');
    if (!found.cancelled && found.job.status !== 'cancelled') {
      throw jobErrors.job_finished(`the job has ${found.job.status} already`);
    }
    return found.job;
  }

  queues(workspace: string): Promise<QueueFigures[]> {
    return this.#ports.store.queues(workspace);
  }

  /** The job each time it changed, from the version behind `after` on; ends with the job. @throws `job_not_found` */
  async *watch(workspace: string, id: string, after: number, signal: AbortSignal): AsyncGenerator<Job> {
    let seen = after;
    for (;;) {
      const job = await this.get(workspace, id);
      if (job.version > seen) {
        seen = job.version;
        yield job;
      }
      if (isFinished(job.status)) return;
      await pause(WATCH_MS, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
    }
  }
}
