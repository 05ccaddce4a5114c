import type { Egress } from '@understudy/egress';
import { type Clock, isUnderstudyError, newId, type Tx } from '@understudy/kernel';
import type { EventType } from '@understudy/wire';
import { GIVE_UP_MS } from './delivery.ts';
import { webhookErrors } from './errors.ts';
import type { DeliveryStore } from './ports.ts';

/** A result that an application asked to be told by a URL of its own. */
export interface Callback {
  url: string;
  event: { type: EventType; subject: string; data: Record<string, unknown>; traceparent?: string | undefined };
}

export interface CallbackPorts {
  deliveries: Pick<DeliveryStore, 'insert'>;
  egress: Pick<Egress, 'check'>;
  clock: Clock;
}

/**
 * Deliveries to a URL that came with a request. They are signed with the workspace's callback secret, retried like
 * those of webhooks, and share a limit and a breaker by the URL's origin.
 */
export class Callbacks {
  readonly #ports: CallbackPorts;

  constructor(ports: CallbackPorts) {
    this.#ports = ports;
  }

  /**
   * Refuses a URL early, by its form: names are resolved and looked at when it is called.
   *
   * @throws `callback_url_refused`
   */
  check(url: string, pointer = '/callback_url'): void {
    try {
      this.#ports.egress.check(url);
    } catch (error) {
      if (!isUnderstudyError(error)) throw error;
      throw webhookErrors.callback_url_refused(error.message, {
        problems: [{ pointer, code: 'callback_url_refused', detail: error.message }],
        details: error.details,
      });
    }
  }

  /**
   * Puts a callback on its way in the caller's transaction: it is sent if and only if that commits. A URL that was
   * accepted and is refused by now, because the operator's list is another one, shows up in the log of deliveries: it
   * must not keep the work that it tells of from being finished.
   *
   * @throws `callback_url_refused` for what is no URL
   */
  async enqueue(tx: Tx, workspace: string, { url, event }: Callback): Promise<void> {
    if (!URL.canParse(url)) this.check(url);
    const now = this.#ports.clock.now();
    const id = newId('dlv', now);
    const { type, subject, data, traceparent } = event;
    await this.#ports.deliveries.insert(tx, workspace, [
      {
        id,
        target: new URL(url).origin,
        webhook: null,
        url,
        event: {
          specversion: '1.0',
          id,
          source: '/v1/jobs',
          type,
          subject,
          time: new Date(now).toISOString(),
          datacontenttype: 'application/json',
          ...(traceparent === undefined ? {} : { traceparent }),
          data,
        },
        nextAt: now,
        giveUpAt: now + GIVE_UP_MS,
        createdAt: now,
      },
    ]);
  }
}
