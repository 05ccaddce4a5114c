import type { Alert, Overview, Quality as QualityFigures } from '../generated/api.ts';
import { List, type PageOptions } from '../pagination.ts';
import type { CallOptions, IdempotentOptions, Transport } from '../transport.ts';

export interface QualityOptions extends CallOptions {
  /** RFC 3339; rounded to whole hours. Default: the last 30 days. */
  from?: string;
  to?: string;
  by?: 'label' | 'model_version' | 'reason' | 'band' | 'day' | 'hour';
  /** `anytime` (default) holds however often it is looked at; `fixed` is shorter, for one look. */
  interval?: 'anytime' | 'fixed';
  confidence?: number;
}

export interface OverviewOptions extends CallOptions {
  from?: string;
  to?: string;
  /** `minute` and `ten_seconds` are for the latest hours: windows up to 6 hours and 1 hour. */
  bucket?: 'ten_seconds' | 'minute' | 'hour' | 'day' | 'week' | 'month';
  interval?: 'anytime' | 'fixed';
}

/** Live quality, from the ledger. */
export class Quality {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Audited error, precision, recall and F1 a label, rates, latency, confidence. */
  task(task: string, options: QualityOptions = {}): Promise<QualityFigures> {
    const { from, to, by, interval, confidence, ...call } = options;
    const path = `/v1/tasks/${encodeURIComponent(task)}/quality`;
    return this.#transport.json({ ...call, method: 'GET', path, query: { from, to, by, interval, confidence } });
  }

  /** All tasks and their total over time. */
  overview(options: OverviewOptions = {}): Promise<Overview> {
    const { from, to, bucket, interval, ...call } = options;
    const query = { from, to, bucket, interval };
    return this.#transport.json({ ...call, method: 'GET', path: '/v1/overview', query });
  }
}

export interface AlertFilter extends PageOptions {
  task?: string;
  open?: boolean;
}

export class Alerts {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Newest first. */
  list(options: AlertFilter = {}): List<Alert> {
    const { limit, cursor: start, task, open, ...call } = options;
    const query = { limit, task, open: open === undefined ? undefined : String(open) };
    return new List(
      (cursor) => this.#transport.json({ ...call, method: 'GET', path: '/v1/alerts', query: { ...query, cursor } }),
      start,
    );
  }

  get(id: string, options: CallOptions = {}): Promise<Alert> {
    return this.#transport.json({ ...options, method: 'GET', path: `/v1/alerts/${encodeURIComponent(id)}` });
  }

  /** Says that somebody has seen it; it stays open until its cause is gone. */
  acknowledge(id: string, note?: string, options: IdempotentOptions = {}): Promise<Alert> {
    const path = `/v1/alerts/${encodeURIComponent(id)}/acknowledge`;
    const json = note === undefined ? {} : { note };
    return this.#transport.json({ ...options, method: 'POST', path, json, idempotent: true });
  }
}
