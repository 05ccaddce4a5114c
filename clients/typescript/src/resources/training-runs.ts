import { type FollowOptions, follow, isOver } from '../follow.ts';
import type { TrainingRun, TrainingRunRequest } from '../generated/api.ts';
import { List, type PageOptions } from '../pagination.ts';
import type { CallOptions, IdempotentOptions, Transport } from '../transport.ts';

export interface TrainingRunEvent {
  id: string;
  /** `progress`, or how the run ended. */
  event: string;
  run: TrainingRun;
}

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
    for await (const { id: eventId, event, state } of follow<TrainingRun>(this.#transport, pathOf(id), options)) {
      yield { id: eventId, event, run: state };
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
}
