import type { Clock, Database, Principal, Tx } from '@understudy/kernel';
import { type Attempt, type Delivery, GIVE_UP_MS } from './delivery.ts';
import { webhookErrors } from './errors.ts';
import type { DeliveryFilter, DeliveryStore, Page, WebhookStore } from './ports.ts';

export interface DeliveryLogPorts {
  database: Database;
  store: DeliveryStore;
  webhooks: Pick<WebhookStore, 'find'>;
  clock: Clock;
  nudge?: () => void;
}

/** The log of deliveries, of one webhook or (`webhook` null) of callbacks. */
export class DeliveryLog {
  readonly #ports: DeliveryLogPorts;

  constructor(ports: DeliveryLogPorts) {
    this.#ports = ports;
  }

  /**
   * Newest first.
   *
   * @throws `webhook_not_found`
   */
  list({ workspace }: Principal, webhook: string | null, filter: DeliveryFilter, page: Page): Promise<Delivery[]> {
    const { database, store, webhooks } = this.#ports;
    return database.inWorkspace(workspace, async (tx) => {
      if (webhook !== null && (await webhooks.find(tx, workspace, webhook)) === null) throw noWebhook(webhook);
      return store.list(tx, workspace, webhook, filter, page);
    });
  }

  /** @throws `webhook_delivery_not_found` */
  get(
    { workspace }: Principal,
    webhook: string | null,
    id: string,
  ): Promise<{ delivery: Delivery; attempts: Attempt[] }> {
    const { database, store } = this.#ports;
    return database.inWorkspace(workspace, async (tx) => {
      const delivery = await this.#find(tx, workspace, webhook, id);
      return { delivery, attempts: await store.attempts(tx, workspace, id) };
    });
  }

  /**
   * Sends a delivery again, now and for three more days if need be; what was attempted before stays in its log.
   *
   * @throws `webhook_delivery_not_found` `webhook_delivery_emptied` `webhook_disabled`
   */
  async redeliver({ workspace }: Principal, webhook: string | null, id: string): Promise<Delivery> {
    const { database, store, webhooks, clock, nudge } = this.#ports;
    const restarted = await database.inWorkspace(workspace, async (tx) => {
      const delivery = await this.#find(tx, workspace, webhook, id);
      if (delivery.body === null) throw webhookErrors.webhook_delivery_emptied('Its body is not kept any more.');
      if (webhook !== null && (await webhooks.find(tx, workspace, webhook))?.enabled !== true) {
        throw webhookErrors.webhook_disabled('Enable the webhook first.');
      }
      const now = clock.now();
      await store.restart(tx, workspace, id, { nextAt: now, giveUpAt: now + GIVE_UP_MS });
      return (await store.find(tx, workspace, id))!;
    });
    nudge?.();
    return restarted;
  }

  /** Those of a webhook that is gone are gone, though their rows may be there for a while. */
  async #find(tx: Tx, workspace: string, webhook: string | null, id: string): Promise<Delivery> {
    const { store, webhooks } = this.#ports;
    const delivery = await store.find(tx, workspace, id);
    if (delivery === null || delivery.webhook !== webhook) throw noDelivery(id);
    if (webhook !== null && (await webhooks.find(tx, workspace, webhook)) === null) throw noDelivery(id);
    return delivery;
  }
}

const noWebhook = (id: string) => webhookErrors.webhook_not_found(`no webhook ${id}`);
const noDelivery = (id: string) => webhookErrors.webhook_delivery_not_found(`no delivery ${id}`);
