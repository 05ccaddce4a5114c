import { type Clock, newId, type Tx } from '@understudy/kernel';
import type { CloudEvent } from '../cloud-event.ts';
import { GIVE_UP_MS } from './delivery.ts';
import type { DeliveryStore, WebhookStore } from './ports.ts';
import { taskOf, type Webhook, wants } from './webhook.ts';

export interface FanOutPorts {
  webhooks: Pick<WebhookStore, 'enabled'>;
  deliveries: Pick<DeliveryStore, 'insert' | 'erase'>;
  clock: Clock;
}

/**
 * Turns what the workspace's log says into deliveries, in the transaction that moves the log's cursor: each event
 * reaches each webhook that wanted it when it was read, once, whatever crashes.
 */
export class WebhookFanOut {
  readonly #ports: FanOutPorts;

  constructor(ports: FanOutPorts) {
    this.#ports = ports;
  }

  /**
   * @param events in the order of the log; not made where nobody wants any
   * @param erased decisions that were erased among them
   */
  async apply(
    tx: Tx,
    workspace: string,
    events: () => readonly CloudEvent[],
    erased: readonly string[],
  ): Promise<void> {
    const { webhooks, deliveries, clock } = this.#ports;
    const now = clock.now();
    const enabled = await webhooks.enabled(tx, workspace);
    if (enabled.length > 0) {
      const rows = events().flatMap((event) => this.#rows(enabled, event, now));
      await deliveries.insert(tx, workspace, rows);
    }
    // After the rows: an event of this very batch may tell of a decision that is erased later in it.
    if (erased.length > 0) await deliveries.erase(tx, workspace, erased, now);
  }

  #rows(enabled: readonly Webhook[], event: CloudEvent, now: number) {
    const task = taskOf(event);
    const at = Date.parse(event.time);
    return enabled
      .filter((webhook) => at >= webhook.createdAt && wants(webhook, event, task)) // what came before is in the log
      .map((webhook) => ({
        id: newId('dlv', now),
        target: webhook.id,
        webhook: webhook.id,
        url: null,
        event,
        nextAt: now,
        giveUpAt: now + GIVE_UP_MS,
        createdAt: now,
      }));
  }
}
