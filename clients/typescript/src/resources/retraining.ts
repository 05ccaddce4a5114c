import type { Retraining as RetrainingStatus } from '../generated/api.ts';
import type { CallOptions, Transport } from '../transport.ts';

export class Retraining {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** When the task is trained again by itself, what that waits for, and how the last run ended. */
  get(task: string, options: CallOptions = {}): Promise<RetrainingStatus> {
    return this.#transport.json({
      ...options,
      method: 'GET',
      path: `/v1/tasks/${encodeURIComponent(task)}/retraining`,
    });
  }
}
