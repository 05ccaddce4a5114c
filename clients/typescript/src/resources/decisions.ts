import type {
  DecisionDetail,
  DecisionLabel,
  DecisionSummary,
  LabelRequest,
  LabelSourceList,
} from '../generated/api.ts';
import { List, type PageOptions } from '../pagination.ts';
import type { CallOptions, IdempotentOptions, Transport } from '../transport.ts';

export interface DecisionFilter {
  task?: string;
  outcome?: 'automated' | 'review';
  label?: string;
  model_version?: string;
  subject?: string;
  external_id?: string;
  /** RFC 3339. */
  from?: string;
  to?: string;
}

const pathOf = (id: string) => `/v1/decisions/${encodeURIComponent(id)}`;

export class Decisions {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Newest first. */
  list(filter: DecisionFilter = {}, options: PageOptions = {}): List<DecisionSummary> {
    const { limit, cursor: start, ...call } = options;
    return new List(
      (cursor) =>
        this.#transport.json({ ...call, method: 'GET', path: '/v1/decisions', query: { ...filter, limit, cursor } }),
      start,
    );
  }

  /** Everything that is known of it. */
  get(id: string, options: CallOptions = {}): Promise<DecisionDetail> {
    return this.#transport.json({ ...options, method: 'GET', path: pathOf(id) });
  }

  /** Which keys feed labels back, and whether they only copy our answers. */
  labelSources(options: CallOptions = {}): Promise<LabelSourceList> {
    return this.#transport.json({ ...options, method: 'GET', path: '/v1/label-sources' });
  }

  /** Says what the right answer was; may be repeated, the history is kept. */
  label(id: string, label: LabelRequest, options: IdempotentOptions = {}): Promise<DecisionLabel> {
    const path = `${pathOf(id)}/labels`;
    return this.#transport.json({ ...options, method: 'POST', path, json: label, idempotent: true });
  }
}
