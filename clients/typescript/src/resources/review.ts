import type {
  Explanation,
  ReviewAgreement,
  ReviewClaim,
  ReviewClaimRequest,
  ReviewClaims,
  ReviewGold,
  ReviewGoldRequest,
  ReviewHandback,
  ReviewItem,
  ReviewItemState,
  ReviewQueues,
  ReviewReviewers,
  ReviewVerdict,
  ReviewVerdictRequest,
} from '../generated/api.ts';
import { List, type PageOptions } from '../pagination.ts';
import type { CallOptions, IdempotentOptions, Transport } from '../transport.ts';

export interface ReviewItemFilter {
  task?: string;
  status?: ReviewItem['status'];
  kind?: 'review' | 'audit' | 'appeal' | 'gold';
}

const pathOf = (item: string, action: string) => `/v1/review/items/${encodeURIComponent(item)}/${action}`;

/** The queue of what people decide. */
export class Review {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** What waits, how long it takes, and when nothing will wait any more. */
  queues(filter: { task?: string } = {}, options: CallOptions = {}): Promise<ReviewQueues> {
    return this.#transport.json({ ...options, method: 'GET', path: '/v1/review/queues', query: { ...filter } });
  }

  /**
   * Takes the next items; nobody else gets them until their lease ends. No items = nothing waits for the caller. With an
   * `idempotencyKey` an answer that was lost on the way is given again; without one, which is quicker, a repeat takes the
   * next items, and {@link claims} shows all that the caller holds.
   */
  claim(request: ReviewClaimRequest = {}, options: IdempotentOptions = {}): Promise<ReviewClaims> {
    const idempotent = options.idempotencyKey !== undefined;
    return this.#transport.json({ ...options, method: 'POST', path: '/v1/review/claims', json: request, idempotent });
  }

  /** What the caller holds now, e.g. after a page was loaded again. */
  claims(options: CallOptions = {}): Promise<ReviewClaims> {
    return this.#transport.json({ ...options, method: 'GET', path: '/v1/review/claims' });
  }

  /** Answers an item. Sent again with the same token and label, it answers the same and counts once. */
  verdict(item: string, verdict: ReviewVerdictRequest, options: IdempotentOptions = {}): Promise<ReviewVerdict> {
    return this.#send(item, 'verdict', verdict, options);
  }

  /** Somebody else shall answer it; the caller does not get it again for an hour. */
  skip(item: string, handback: ReviewHandback, options: IdempotentOptions = {}): Promise<ReviewItemState> {
    return this.#send(item, 'skip', handback, options);
  }

  /** Gives it back unread. */
  release(item: string, handback: ReviewHandback, options: IdempotentOptions = {}): Promise<ReviewItemState> {
    return this.#send(item, 'release', handback, options);
  }

  /** Hands it to the leads. */
  escalate(item: string, handback: ReviewHandback, options: IdempotentOptions = {}): Promise<ReviewItemState> {
    return this.#send(item, 'escalate', handback, options);
  }

  /** Takes the caller's own verdict back, within the task's `undo_seconds`, and claims the item anew. */
  undo(item: string, handback: ReviewHandback, options: IdempotentOptions = {}): Promise<ReviewClaim> {
    return this.#send(item, 'undo', handback, options);
  }

  /** For leads: newest first. */
  items(filter: ReviewItemFilter = {}, options: PageOptions = {}): List<ReviewItem> {
    const { limit, cursor: start, ...call } = options;
    return new List(
      (cursor) =>
        this.#transport.json({ ...call, method: 'GET', path: '/v1/review/items', query: { ...filter, limit, cursor } }),
      start,
    );
  }

  item(item: string, options: CallOptions = {}): Promise<ReviewItem> {
    return this.#transport.json({ ...options, method: 'GET', path: `/v1/review/items/${encodeURIComponent(item)}` });
  }

  /** What moved the model, for whoever has given a verdict on the item; before that it is a conflict. */
  explanation(item: string, options: CallOptions = {}): Promise<Explanation> {
    return this.#transport.json({ ...options, method: 'GET', path: pathOf(item, 'explanation') });
  }

  /** For leads: each reviewer's figures over the last 90 days. */
  reviewers(filter: { task?: string } = {}, options: CallOptions = {}): Promise<ReviewReviewers> {
    return this.#transport.json({ ...options, method: 'GET', path: '/v1/review/reviewers', query: { ...filter } });
  }

  /** For leads: how far reviewers of a task agree. */
  agreement(task: string, options: CallOptions = {}): Promise<ReviewAgreement> {
    return this.#transport.json({ ...options, method: 'GET', path: '/v1/review/agreement', query: { task } });
  }

  /** For leads: items whose answer is known, to be mixed into the queue at the task's `gold_rate`. */
  gold(filter: { task?: string } = {}, options: PageOptions = {}): List<ReviewGold> {
    const { limit, cursor: start, ...call } = options;
    return new List(
      (cursor) =>
        this.#transport.json({ ...call, method: 'GET', path: '/v1/review/gold', query: { ...filter, limit, cursor } }),
      start,
    );
  }

  addGold(gold: ReviewGoldRequest, options: IdempotentOptions = {}): Promise<ReviewGold> {
    return this.#transport.json({ ...options, method: 'POST', path: '/v1/review/gold', json: gold, idempotent: true });
  }

  removeGold(id: string, options: CallOptions = {}): Promise<void> {
    return this.#transport.json({ ...options, method: 'DELETE', path: `/v1/review/gold/${encodeURIComponent(id)}` });
  }

  #send<T>(item: string, action: string, json: object, options: IdempotentOptions): Promise<T> {
    return this.#transport.json({ ...options, method: 'POST', path: pathOf(item, action), json, idempotent: true });
  }
}
