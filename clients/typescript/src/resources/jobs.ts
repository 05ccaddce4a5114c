import { type FollowOptions, follow, isOver } from '../follow.ts';
import type { Job, JobQueues, JobRequest, JobSummary } from '../generated/api.ts';
import { List, type PageOptions } from '../pagination.ts';
import type { CallOptions, IdempotentOptions, Transport } from '../transport.ts';

export interface JobEvent {
  id: string;
  /** `progress`, or how the job ended. */
  event: string;
  job: JobSummary;
}

/** One item of a job with many. */
export type JobDecision = NonNullable<Job['decisions']>[number];

const pathOf = (id: string) => `/v1/jobs/${encodeURIComponent(id)}`;

/** Decisions that are made later. */
export class Jobs {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Hands over one `input`, or up to 10,000 `items`. Accepted means durable: it is decided whatever crashes. */
  create(request: JobRequest, options: IdempotentOptions = {}): Promise<JobSummary> {
    return this.#transport.json({ ...options, method: 'POST', path: '/v1/jobs', json: request, idempotent: true });
  }

  /** Newest first. */
  list(filter: { status?: JobSummary['status']; task?: string } = {}, options: PageOptions = {}): List<JobSummary> {
    const { limit, cursor: start, ...call } = options;
    return new List(
      (cursor) =>
        this.#transport.json({ ...call, method: 'GET', path: '/v1/jobs', query: { ...filter, limit, cursor } }),
      start,
    );
  }

  /** How much waits, task by task. */
  queues(options: CallOptions = {}): Promise<JobQueues> {
    return this.#transport.json({ ...options, method: 'GET', path: '/v1/jobs/queues' });
  }

  /** With its `decision`; of a job with items, with a page of `decisions`. */
  get(id: string, options: PageOptions = {}): Promise<Job> {
    const { limit, cursor, ...call } = options;
    return this.#transport.json({ ...call, method: 'GET', path: pathOf(id), query: { limit, cursor } });
  }

  /** All items of a job with many, in order. */
  decisions(id: string, options: PageOptions = {}): List<JobDecision> {
    const { limit = 200, cursor: start, ...call } = options;
    return new List(async (cursor) => {
      const { decisions, next_cursor: next } = await this.get(id, {
        ...call,
        limit,
        ...(cursor === undefined ? {} : { cursor }),
      });
      return { data: decisions ?? [], next_cursor: next ?? null };
    }, start);
  }

  /** Ends the job. Again, it answers the same; of one that has its result, `job_finished`. */
  cancel(id: string, options: IdempotentOptions = {}): Promise<JobSummary> {
    return this.#transport.json({ ...options, method: 'POST', path: `${pathOf(id)}/cancel`, idempotent: true });
  }

  /**
   * The job now and after every change until it is over. A dropped connection is taken up again behind the last event;
   * it fails only when nothing comes over several attempts in a row.
   */
  async *events(id: string, options: FollowOptions = {}): AsyncGenerator<JobEvent> {
    for await (const { id: eventId, event, state } of follow<JobSummary>(this.#transport, pathOf(id), options)) {
      yield { id: eventId, event, job: state };
    }
  }

  /** Follows the job to its end; a failed or cancelled job is a result, not an error. */
  async wait(id: string, options: FollowOptions & { onProgress?(job: JobSummary): void } = {}): Promise<Job> {
    const { onProgress, lastEventId: _, ...call } = options;
    for await (const { job } of this.events(id, options)) {
      onProgress?.(job);
      if (isOver(job)) break;
    }
    return this.get(id, call);
  }
}
