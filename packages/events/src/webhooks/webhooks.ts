import type { Egress } from '@understudy/egress';
import { type AuditTrail, identityErrors } from '@understudy/identity';
import { type Clock, type Database, isUnderstudyError, newId, type Principal, type Tx } from '@understudy/kernel';
import type { CloudEvent } from '../cloud-event.ts';
import { type Delivery, GIVE_UP_MS } from './delivery.ts';
import { webhookErrors } from './errors.ts';
import type { DeliveryStore, Page, WebhookAlarm, WebhookStore } from './ports.ts';
import { callbackOwner, newSecret, type SealedSecrets, type SecretBox, webhookOwner } from './secrets.ts';
import { etagOf, HEALTHY, MAX_WEBHOOKS, ROTATION_MS, type Webhook } from './webhook.ts';

export interface WebhookPorts {
  database: Database;
  store: WebhookStore;
  deliveries: DeliveryStore;
  egress: Pick<Egress, 'check'>;
  box: SecretBox;
  audit: AuditTrail;
  alarm: WebhookAlarm;
  clock: Clock;
  /** There may be something to send. */
  nudge?: () => void;
}

/** What a webhook is asked to be. */
export interface WebhookRequest {
  url: string;
  events: Webhook['events'];
  task: string | null;
  description: string | null;
}

export interface Caller {
  principal: Principal;
  requestId: string;
}

/** The endpoints of a workspace. A secret is told once, when it is made, and never read again. */
export class Webhooks {
  readonly #ports: WebhookPorts;

  constructor(ports: WebhookPorts) {
    this.#ports = ports;
  }

  /** @throws `webhook_url_refused` `too_many_webhooks` */
  async create(
    { principal, requestId }: Caller,
    request: WebhookRequest,
  ): Promise<{ webhook: Webhook; secret: string }> {
    const { database, store, audit, box, clock } = this.#ports;
    this.#checkUrl(request.url);
    const { workspace } = principal;
    const now = clock.now();
    const webhook: Webhook = {
      id: newId('whk', now),
      workspace,
      ...request,
      events: unique(request.events),
      enabled: true,
      disabledReason: null,
      disabledAt: null,
      version: 1,
      createdBy: principal.id,
      createdAt: now,
      updatedAt: now,
      previousSecretUntil: null,
      health: HEALTHY,
    };
    const secret = newSecret();
    const current = box.seal(secret, webhookOwner(workspace, webhook.id));
    await database.inWorkspace(workspace, async (tx) => {
      if ((await store.count(tx, workspace)) >= MAX_WEBHOOKS) {
        throw webhookErrors.too_many_webhooks(`The workspace has ${MAX_WEBHOOKS} webhooks already.`);
      }
      await store.insert(tx, webhook, { current, previous: null, previousUntil: null });
      const details = { events: webhook.events, task: webhook.task };
      await audit.record(tx, { principal, action: 'webhook.created', resource: webhook.id, requestId, details });
    });
    return { webhook, secret };
  }

  /** Newest first. */
  list({ workspace }: Principal, page: Page): Promise<Webhook[]> {
    return this.#ports.database.inWorkspace(workspace, (tx) => this.#ports.store.list(tx, workspace, page));
  }

  /** @throws `webhook_not_found` */
  get({ workspace }: Principal, id: string): Promise<Webhook> {
    return this.#ports.database.inWorkspace(workspace, (tx) => this.#find(tx, workspace, id));
  }

  /** @throws `webhook_not_found` `stale_version` `webhook_url_refused` */
  async change(
    { principal, requestId }: Caller,
    id: string,
    change: Partial<WebhookRequest>,
    conditions: { ifMatch?: string } = {},
  ): Promise<Webhook> {
    const { database, store, audit, clock } = this.#ports;
    if (change.url !== undefined) this.#checkUrl(change.url);
    return database.inWorkspace(principal.workspace, async (tx) => {
      const before = await this.#toChange(tx, principal.workspace, id, conditions);
      const asked = { ...change, ...(change.events === undefined ? {} : { events: unique(change.events) }) };
      const next: Webhook = { ...before, ...asked };
      const changed = (['url', 'events', 'task', 'description'] as const).filter(
        (field) => JSON.stringify(next[field]) !== JSON.stringify(before[field]),
      );
      if (changed.length === 0) return before;
      const webhook = { ...next, version: before.version + 1, updatedAt: clock.now() };
      await store.update(tx, webhook);
      // The URL is not told: its path is often a secret of the receiver's.
      const details = { changed };
      await audit.record(tx, { principal, action: 'webhook.changed', resource: id, requestId, details });
      return webhook;
    });
  }

  /**
   * Deletes it; nothing of it is sent or shown any more. Its log is deleted within a minute or two.
   *
   * @throws `webhook_not_found` `stale_version`
   */
  async remove({ principal, requestId }: Caller, id: string, conditions: { ifMatch?: string } = {}): Promise<void> {
    const { database, store, deliveries, audit, alarm } = this.#ports;
    const { workspace } = principal;
    await database.inWorkspace(workspace, async (tx) => {
      await deliveries.health(tx, workspace, id);
      await this.#toChange(tx, workspace, id, conditions);
      await store.remove(tx, workspace, id);
      await audit.record(tx, { principal, action: 'webhook.deleted', resource: id, requestId, details: {} });
    });
    await alarm.over(workspace, id);
  }

  /**
   * `enable` begins anew: failures are forgotten, and what still waits is sent. `disable` keeps what waits for as long as
   * it would have been tried; events that happen meanwhile are not delivered later.
   *
   * @throws `webhook_not_found`
   */
  async setEnabled({ principal, requestId }: Caller, id: string, enabled: boolean): Promise<Webhook> {
    const { database, store, deliveries, audit, alarm, clock, nudge } = this.#ports;
    const { workspace } = principal;
    const result = await database.inWorkspace(workspace, async (tx) => {
      // The same order of locks as the worker's: the receiver's health, then the webhook.
      await deliveries.health(tx, workspace, id);
      const before = await this.#find(tx, workspace, id, true);
      if (before.enabled === enabled) return before;
      const now = clock.now();
      const webhook: Webhook = {
        ...before,
        ...{ enabled, disabledReason: enabled ? null : 'asked', disabledAt: enabled ? null : now },
        ...{ version: before.version + 1, updatedAt: now },
      };
      await store.update(tx, webhook);
      const action = enabled ? 'webhook.enabled' : 'webhook.disabled';
      await audit.record(tx, { principal, action, resource: id, requestId, details: {} });
      if (!enabled) return webhook;
      const health = { ...webhook.health, failures: 0, failingSince: null, openUntil: null };
      await deliveries.saveHealth(tx, workspace, id, health);
      return { ...webhook, health };
    });
    if (enabled) await alarm.over(workspace, id);
    nudge?.();
    return result;
  }

  /**
   * A new secret. The one before it signs beside it for a day, so that receivers can change over without a gap.
   *
   * @throws `webhook_not_found`
   */
  rotateSecret({ principal, requestId }: Caller, id: string): Promise<{ webhook: Webhook; secret: string }> {
    const { database, store, audit, box, clock } = this.#ports;
    const { workspace } = principal;
    return database.inWorkspace(workspace, async (tx) => {
      const webhook = await this.#find(tx, workspace, id, true);
      const before = await store.secrets(tx, workspace, id);
      const secret = newSecret();
      const next = rotated(before, box.seal(secret, webhookOwner(workspace, id)), clock.now());
      await store.setSecrets(tx, workspace, id, next);
      await audit.record(tx, { principal, action: 'webhook.secret_rotated', resource: id, requestId, details: {} });
      return { webhook: { ...webhook, previousSecretUntil: next.previousUntil }, secret };
    });
  }

  /** The same for the secret that all callbacks of the workspace are signed with. */
  rotateCallbackSecret({ principal, requestId }: Caller): Promise<{ secret: string; previousUntil: number | null }> {
    const { database, store, audit, box, clock } = this.#ports;
    const { workspace } = principal;
    return database.inWorkspace(workspace, async (tx) => {
      const before = await store.callbackSecrets(tx, workspace);
      const secret = newSecret();
      const next = rotated(before, box.seal(secret, callbackOwner(workspace)), clock.now());
      await store.saveCallbackSecrets(tx, workspace, next, true);
      const action = 'webhook.callback_secret_rotated';
      await audit.record(tx, { principal, action, resource: 'callbacks', requestId, details: {} });
      return { secret, previousUntil: next.previousUntil };
    });
  }

  /**
   * Sends an event of type `understudy.test`, whatever the webhook has subscribed to.
   *
   * @throws `webhook_not_found` `webhook_disabled`
   */
  async test({ workspace }: Principal, id: string): Promise<Delivery> {
    const { database, deliveries, clock, nudge } = this.#ports;
    const sent = await database.inWorkspace(workspace, async (tx) => {
      const webhook = await this.#find(tx, workspace, id);
      if (!webhook.enabled) throw webhookErrors.webhook_disabled('Enable it first.');
      const now = clock.now();
      const delivery = newId('dlv', now);
      const event: CloudEvent = {
        specversion: '1.0',
        id: newId('evt', now),
        source: '/v1/webhooks',
        type: 'understudy.test',
        subject: id,
        time: new Date(now).toISOString(),
        datacontenttype: 'application/json',
        data: { message: 'This is a test. Nothing happened.' },
      };
      const times = { nextAt: now, giveUpAt: now + GIVE_UP_MS, createdAt: now };
      await deliveries.insert(tx, workspace, [{ id: delivery, target: id, webhook: id, url: null, event, ...times }]);
      return (await deliveries.find(tx, workspace, delivery))!;
    });
    nudge?.();
    return sent;
  }

  #checkUrl(url: string): void {
    try {
      this.#ports.egress.check(url);
    } catch (error) {
      if (!isUnderstudyError(error)) throw error;
      throw webhookErrors.webhook_url_refused(error.message, {
        problems: [{ pointer: '/url', code: 'webhook_url_refused', detail: error.message }],
        details: error.details,
      });
    }
  }

  async #find(tx: Tx, workspace: string, id: string, lock = false): Promise<Webhook> {
    const webhook = await this.#ports.store.find(tx, workspace, id, lock);
    if (webhook === null) throw webhookErrors.webhook_not_found(`no webhook ${id}`);
    return webhook;
  }

  async #toChange(tx: Tx, workspace: string, id: string, { ifMatch }: { ifMatch?: string }): Promise<Webhook> {
    const webhook = await this.#find(tx, workspace, id, true);
    if (ifMatch !== undefined && ifMatch.trim() !== '*' && !matches(ifMatch, etagOf(webhook))) {
      throw identityErrors.stale_version('the webhook has another version than the one you edited');
    }
    return webhook;
  }
}

const unique = (events: Webhook['events']): Webhook['events'] =>
  events.includes('*') ? ['*'] : [...new Set(events)].sort();

/** RFC 9110, 13.1.1. */
const matches = (ifMatch: string, etag: string) => ifMatch.split(',').some((candidate) => candidate.trim() === etag);

function rotated(before: SealedSecrets | null, current: Uint8Array, now: number): SealedSecrets {
  if (before === null) return { current, previous: null, previousUntil: null };
  return { current, previous: before.current, previousUntil: now + ROTATION_MS };
}
