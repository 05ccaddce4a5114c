import type {
  CallbackSecret,
  NewWebhook,
  Webhook,
  WebhookChange,
  WebhookDelivery,
  WebhookDeliveryDetail,
  WebhookRequest,
} from '../generated/api.ts';
import { List, type PageOptions } from '../pagination.ts';
import type { CallOptions, IdempotentOptions, Transport } from '../transport.ts';
import type { ChangeOptions } from './members.ts';

export interface DeliveryFilter {
  status?: 'waiting' | 'delivered' | 'failed';
  /** Type of the event. */
  type?: string;
  /** Id of the event. */
  event?: string;
  /** Id of what the event is about. */
  subject?: string;
}

const pathOf = (id: string) => `/v1/webhooks/${encodeURIComponent(id)}`;
const deliveriesOf = (id: string | null) => `${id === null ? '/v1/webhooks/callbacks' : pathOf(id)}/deliveries`;
const condition = ({ ifMatch }: ChangeOptions): Record<string, string> =>
  ifMatch === undefined ? {} : { 'if-match': ifMatch };

/** Endpoints of the application that are told of events. `verifyWebhook` checks what they get. */
export class Webhooks {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Newest first. */
  list(options: PageOptions = {}): List<Webhook> {
    const { limit, cursor: start, ...call } = options;
    return new List(
      (cursor) => this.#transport.json({ ...call, method: 'GET', path: '/v1/webhooks', query: { limit, cursor } }),
      start,
    );
  }

  get(id: string, options: CallOptions = {}): Promise<Webhook> {
    return this.#transport.json({ ...options, method: 'GET', path: pathOf(id) });
  }

  /** The answer holds the secret, this once. */
  create(webhook: WebhookRequest, options: IdempotentOptions = {}): Promise<NewWebhook> {
    return this.#transport.json({ ...options, method: 'POST', path: '/v1/webhooks', json: webhook, idempotent: true });
  }

  /** What is absent stays as it is. */
  change(id: string, change: WebhookChange, options: ChangeOptions = {}): Promise<Webhook> {
    const headers = condition(options);
    return this.#transport.json({ ...options, method: 'PATCH', path: pathOf(id), json: change, headers });
  }

  /** With the log of its deliveries. */
  remove(id: string, options: ChangeOptions = {}): Promise<void> {
    return this.#transport.json({ ...options, method: 'DELETE', path: pathOf(id), headers: condition(options) });
  }

  /** A new secret, told this once. The one before it signs beside it for 24 hours. */
  rotateSecret(id: string, options: IdempotentOptions = {}): Promise<NewWebhook> {
    return this.#post(`${pathOf(id)}/rotate-secret`, options);
  }

  /** Forgets its failures, and sends what still waits. */
  enable(id: string, options: IdempotentOptions = {}): Promise<Webhook> {
    return this.#post(`${pathOf(id)}/enable`, options);
  }

  disable(id: string, options: IdempotentOptions = {}): Promise<Webhook> {
    return this.#post(`${pathOf(id)}/disable`, options);
  }

  /** Sends an event of type `understudy.test`. */
  test(id: string, options: IdempotentOptions = {}): Promise<WebhookDelivery> {
    return this.#post(`${pathOf(id)}/test`, options);
  }

  /** A new secret for the callbacks of jobs, told this once. The one before it signs beside it for 24 hours. */
  rotateCallbackSecret(options: IdempotentOptions = {}): Promise<CallbackSecret> {
    return this.#post('/v1/webhooks/callback-secret/rotate', options);
  }

  /**
   * The log, newest first.
   *
   * @param webhook its id, or null for the callbacks of jobs
   */
  deliveries(webhook: string | null, filter: DeliveryFilter = {}, options: PageOptions = {}): List<WebhookDelivery> {
    const { limit, cursor: start, ...call } = options;
    const path = deliveriesOf(webhook);
    return new List(
      (cursor) => this.#transport.json({ ...call, method: 'GET', path, query: { ...filter, limit, cursor } }),
      start,
    );
  }

  /** A delivery with its body and every attempt. */
  delivery(webhook: string | null, id: string, options: CallOptions = {}): Promise<WebhookDeliveryDetail> {
    const path = `${deliveriesOf(webhook)}/${encodeURIComponent(id)}`;
    return this.#transport.json({ ...options, method: 'GET', path });
  }

  /** Sends it again, now and for three more days if need be. */
  redeliver(webhook: string | null, id: string, options: IdempotentOptions = {}): Promise<WebhookDelivery> {
    return this.#post(`${deliveriesOf(webhook)}/${encodeURIComponent(id)}/redeliver`, options);
  }

  #post<T>(path: string, options: IdempotentOptions): Promise<T> {
    return this.#transport.json({ ...options, method: 'POST', path, idempotent: true });
  }
}
