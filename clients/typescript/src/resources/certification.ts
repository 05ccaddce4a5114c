import type { Certification as CertificationBody, CertificationPreview } from '../generated/api.ts';
import type { CallOptions, IdempotentOptions, Transport } from '../transport.ts';

const pathOf = (task: string) => `/v1/tasks/${encodeURIComponent(task)}/certification`;

/** How far a model may answer alone, and the proof of it. */
export class Certification {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** What allows the model in use to answer alone, or why nothing does. */
  get(task: string, options: CallOptions = {}): Promise<CertificationBody> {
    return this.#transport.json({ ...options, method: 'GET', path: pathOf(task) });
  }

  /** Certifies the model in use again, on the labels as they stand. Takes as long as scoring them does. */
  renew(task: string, options: IdempotentOptions = {}): Promise<CertificationBody> {
    return this.#transport.json({
      timeoutMs: 300_000,
      totalTimeoutMs: 600_000,
      ...options,
      method: 'POST',
      path: pathOf(task),
      json: {},
      idempotent: true,
    });
  }

  /** What to expect of other error budgets, before one is confirmed; changes nothing. */
  preview(
    task: string,
    budget: { maxError?: number; confidence?: number } = {},
    options: CallOptions = {},
  ): Promise<CertificationPreview> {
    const query = { max_error: budget.maxError, confidence: budget.confidence };
    return this.#transport.json({ ...options, method: 'GET', path: `${pathOf(task)}/preview`, query });
  }
}
