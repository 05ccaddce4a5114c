import { ConnectionFailed, TimeLimitExceeded, UnderstudyError } from '../errors.ts';
import type { TrainingRun, TrainingRunRequest } from '../generated/api.ts';
import { List, type PageOptions } from '../pagination.ts';
import { isRetryable } from '../retry.ts';
import { parseEvents } from '../server-sent-events.ts';
import type { CallOptions, IdempotentOptions, Transport } from '../transport.ts';

export interface TrainingRunEvent {
  id: string;
  /** `progress`, or how the run ended. */
  event: string;
  run: TrainingRun;
}

export interface FollowOptions extends CallOptions {
  /** Skips the events up to this id. */
  lastEventId?: string;
}

/** The server sends a comment every 15 s; three missed mean that nobody is there. */
const LONGEST_SILENCE_MS = 45_000;

const isOver = (run: TrainingRun) =>
  run.status === 'succeeded' || run.status === 'failed' || run.status === 'cancelled';

const pathOf = (id: string) => `/v1/training-runs/${encodeURIComponent(id)}`;

export class TrainingRuns {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Queues a run; all of the request has defaults. */
  start(task: string, request: TrainingRunRequest = {}, options: IdempotentOptions = {}): Promise<TrainingRun> {
    const path = `/v1/tasks/${encodeURIComponent(task)}/training-runs`;
    return this.#transport.json({ ...options, method: 'POST', path, json: request, idempotent: true });
  }

  /** Newest first. */
  list(task: string, options: PageOptions = {}): List<TrainingRun> {
    const { limit, cursor: start, ...call } = options;
    const path = `/v1/tasks/${encodeURIComponent(task)}/training-runs`;
    return new List(
      (cursor) => this.#transport.json({ ...call, method: 'GET', path, query: { limit, cursor } }),
      start,
    );
  }

  get(id: string, options: CallOptions = {}): Promise<TrainingRun> {
    return this.#transport.json({ ...options, method: 'GET', path: pathOf(id) });
  }

  /** Asks the run to stop; it ends as `cancelled` soon after. */
  cancel(id: string, options: IdempotentOptions = {}): Promise<TrainingRun> {
    return this.#transport.json({ ...options, method: 'POST', path: `${pathOf(id)}/cancel`, idempotent: true });
  }

  /**
   * The run now and after every change until it is over. A dropped connection is taken up again behind the last
   * event; it fails only when nothing comes over several attempts in a row.
   */
  async *events(id: string, options: FollowOptions = {}): AsyncGenerator<TrainingRunEvent> {
    const { lastEventId, ...call } = options;
    let last = lastEventId ?? '';
    let fruitless = 0;
    for (;;) {
      try {
        const body = await this.#transport.stream(
          {
            ...call,
            method: 'GET',
            path: `${pathOf(id)}/events`,
            accept: 'text/event-stream',
            headers: last === '' ? {} : { 'last-event-id': last },
          },
          LONGEST_SILENCE_MS,
        );
        for await (const { id: eventId, event, data } of parseEvents(body)) {
          const run = JSON.parse(data) as TrainingRun;
          last = eventId;
          fruitless = 0;
          yield { id: eventId, event, run };
          if (isOver(run)) return;
        }
        // Ended behind the last event, e.g. when it was the final one that the caller had seen already.
        if (last !== '' && isOver(await this.get(id, call))) return;
      } catch (error) {
        if (!this.#mayResume(error)) throw error;
        if (fruitless >= this.#transport.maxRetries(call)) throw error;
      }
      fruitless++;
      if (fruitless > this.#transport.maxRetries(call)) {
        throw new ConnectionFailed({
          status: 0,
          code: 'connection_failed',
          detail: `the events of ${id} broke off ${fruitless} times without a new one`,
        });
      }
      await this.#transport.pause(fruitless, call.signal);
    }
  }

  /** Follows the run to its end; a failed or cancelled run is a result, not an error. */
  async wait(id: string, options: FollowOptions & { onProgress?(run: TrainingRun): void } = {}): Promise<TrainingRun> {
    const { onProgress, ...follow } = options;
    for await (const { run } of this.events(id, follow)) {
      onProgress?.(run);
      if (isOver(run)) return run;
    }
    return this.get(id, follow);
  }

  #mayResume(error: unknown): boolean {
    if (error instanceof ConnectionFailed || error instanceof TimeLimitExceeded) return true;
    return error instanceof UnderstudyError && isRetryable(error.status, error.code);
  }
}
