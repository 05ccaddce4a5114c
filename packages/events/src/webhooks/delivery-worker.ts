import type { Egress } from '@understudy/egress';
import { type Clock, type Database, type Logger, silentLogger, type Tx } from '@understudy/kernel';
import type { EventSink } from '../event-sink.ts';
import type { ClaimedDelivery, DeliveryStatus } from './delivery.ts';
import type { webhookErrors } from './errors.ts';
import type { DeliveryStore, WebhookAlarm, WebhookStore } from './ports.ts';
import { BREAKER_FAILURES, nextAttemptAt, restUntil } from './retry-schedule.ts';
import { callbackOwner, newSecret, type SecretBox, signingSecrets, webhookOwner } from './secrets.ts';
import { type SendOutcome, send } from './send.ts';
import type { TargetHealth } from './webhook.ts';

export interface DeliveryWorkerPorts {
  database: Database;
  deliveries: DeliveryStore;
  webhooks: WebhookStore;
  egress: Pick<Egress, 'request'>;
  box: SecretBox;
  events: EventSink;
  alarm: WebhookAlarm;
  clock: Clock;
  logger?: Logger;
  /** Uniform in [0, 1). */
  random?: () => number;
  /** Told of every attempt that was written down. */
  onOutcome?: (outcome: DeliveryStatus | 'retried') => void;
}

export interface DeliveryWorkerOptions {
  /** Deliveries that this process has under way at a time. Default 64. */
  concurrency?: number;
  /** Of one receiver, in all processes. Default 8. */
  perTarget?: number;
  /** How long one attempt may take. Default 15,000. */
  totalMs?: number;
  /** After so long of nothing but failure a webhook is disabled. Default 5 days. */
  disableAfterMs?: number;
  /** How often it is looked without a nudge. Default 250. */
  everyMs?: number;
}

const DAY_MS = 24 * 3_600_000;
/** A lease outlasts the attempt and its settling. */
const LEASE_SPARE_MS = 15_000;
/** While stopping, attempts under way are let run for this long. */
const STOP_GRACE_MS = 3_000;
/** A healthy receiver's last success is written down this seldom. */
const SUCCESS_EVERY_MS = 60_000;
/** What waited in vain is given up this much later than it should have been sent the last time. */
const GIVE_UP_SPARE_MS = 3_600_000;
const LOG_KEPT_MS = 30 * DAY_MS;
const SWEEP = 5_000;

/** Sends what is due. Any number of them share the work; each delivery is attempted by one at a time. */
export class DeliveryWorker {
  readonly #ports: DeliveryWorkerPorts;
  readonly #options: Required<DeliveryWorkerOptions>;
  readonly #logger: Logger;
  readonly #random: () => number;
  readonly #underWay = new Set<Promise<void>>();
  readonly #successes = new Map<string, number>();
  readonly #ending = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #claiming: Promise<number> | null = null;
  #again = false;
  #stopped = true;

  constructor(ports: DeliveryWorkerPorts, options: DeliveryWorkerOptions = {}) {
    this.#ports = ports;
    this.#logger = (ports.logger ?? silentLogger).child({ component: 'webhooks' });
    this.#random = ports.random ?? Math.random;
    this.#options = {
      concurrency: options.concurrency ?? 64,
      perTarget: options.perTarget ?? 8,
      totalMs: options.totalMs ?? 15_000,
      disableAfterMs: options.disableAfterMs ?? 5 * DAY_MS,
      everyMs: options.everyMs ?? 250,
    };
  }

  start(): void {
    this.#stopped = false;
    this.#timer = setInterval(() => this.nudge(), this.#options.everyMs).unref();
    this.nudge();
  }

  /** There may be something to send. Never throws. */
  nudge(): void {
    if (this.#stopped) return;
    if (this.#claiming !== null) {
      this.#again = true;
      return;
    }
    this.#claiming = this.#claim()
      .catch((error: unknown) => {
        this.#logger.warn({ err: error }, 'deliveries cannot be read; it is tried again');
        return 0;
      })
      .finally(() => {
        this.#claiming = null;
        if (this.#again) {
          this.#again = false;
          this.nudge();
        }
      });
  }

  /** Sends everything that is due now, and waits for it. How many attempts. For tests and tools, without `start`. */
  async drain(): Promise<number> {
    for (let attempts = 0; ; ) {
      const claimed = await this.#claim();
      await Promise.all(this.#underWay);
      if (claimed === 0) return attempts;
      attempts += claimed;
    }
  }

  /** Gives up what waited too long and deletes the old part of the log. For the scheduler, now and then. */
  async maintain(): Promise<void> {
    const { deliveries, clock } = this.#ports;
    const now = clock.now();
    while ((await deliveries.giveUp(now - GIVE_UP_SPARE_MS, SWEEP)) === SWEEP);
    while ((await deliveries.deleteFinished(now - LOG_KEPT_MS, SWEEP)) === SWEEP);
  }

  /** Deletes the logs of webhooks that were removed, piece by piece. */
  async sweepRemoved(signal?: AbortSignal): Promise<void> {
    while (signal?.aborted !== true && (await this.#ports.deliveries.deleteOfRemoved(SWEEP)) > 0);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#claiming;
    const impatience = setTimeout(() => this.#ending.abort(new Error('the server stops')), STOP_GRACE_MS);
    await Promise.all(this.#underWay);
    clearTimeout(impatience);
  }

  async #claim(): Promise<number> {
    const { deliveries, clock } = this.#ports;
    const { concurrency, perTarget, totalMs } = this.#options;
    const limit = concurrency - this.#underWay.size;
    if (limit <= 0) return 0;
    const claimed = await deliveries.claim({
      ...{ now: clock.now(), limit, perTarget, probeFrom: BREAKER_FAILURES, leaseMs: totalMs + LEASE_SPARE_MS },
    });
    for (const delivery of claimed) {
      const work = this.#deliver(delivery).finally(() => {
        this.#underWay.delete(work);
        this.nudge();
      });
      this.#underWay.add(work);
    }
    return claimed.length;
  }

  /** Never throws: what cannot be written now comes again when its lease is over. */
  async #deliver(delivery: ClaimedDelivery): Promise<void> {
    const { id, workspace } = delivery;
    try {
      const outcome = await this.#attempt(delivery);
      if (outcome !== null) await this.#settle(delivery, outcome);
    } catch (error) {
      if (this.#ending.signal.aborted) {
        await this.#ports.deliveries.release([delivery]).catch(() => {});
        return;
      }
      this.#logger.error({ err: error, delivery: id, workspace }, 'a delivery could not be settled; it is tried again');
    }
  }

  /** Null: its receiver was deleted meanwhile. */
  async #attempt(delivery: ClaimedDelivery): Promise<SendOutcome | null> {
    const { clock, egress } = this.#ports;
    const unsent = { at: clock.now(), ms: 0, responseStatus: null, responseBody: null, gone: false, wishMs: null };
    if (delivery.body === null)
      return { ...unsent, problem: 'webhook_delivery_emptied', detail: 'The body was emptied.' };
    let target: { url: string; secrets: string[] } | null;
    try {
      target = await this.#target(delivery);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      return { ...unsent, problem: 'webhook_secret_unreadable', detail: error.message };
    }
    if (target === null) return null;
    return send(egress, { ...delivery, body: delivery.body }, target, {
      now: () => clock.now(),
      totalMs: this.#options.totalMs,
      signal: this.#ending.signal,
    });
  }

  #target({ workspace, webhook, url }: ClaimedDelivery): Promise<{ url: string; secrets: string[] } | null> {
    const { database, webhooks, box, clock } = this.#ports;
    return database.inWorkspace(workspace, async (tx) => {
      if (webhook === null) {
        const owner = callbackOwner(workspace);
        const made = { current: box.seal(newSecret(), owner), previous: null, previousUntil: null };
        const kept =
          (await webhooks.callbackSecrets(tx, workspace)) ??
          (await webhooks.saveCallbackSecrets(tx, workspace, made, false));
        return { url: url!, secrets: signingSecrets(kept, box, owner, clock.now()) };
      }
      const found = await webhooks.find(tx, workspace, webhook);
      const sealed = await webhooks.secrets(tx, workspace, webhook);
      if (found === null || sealed === null) return null;
      return { url: found.url, secrets: signingSecrets(sealed, box, webhookOwner(workspace, webhook), clock.now()) };
    });
  }

  async #settle(delivery: ClaimedDelivery, { gone, wishMs, ...rest }: SendOutcome): Promise<void> {
    const { database, deliveries, clock, onOutcome } = this.#ports;
    const { workspace, giveUpAt } = delivery;
    const attempt = { number: delivery.attempts + 1, ...rest };
    const delivered = attempt.problem === null;
    const now = clock.now();
    const again = nextAttemptAt({ failures: delivery.tries + 1, now, giveUpAt, wishMs }, this.#random);
    const final = gone || attempt.problem === 'webhook_delivery_emptied';
    const status = delivered ? 'delivered' : again === null || final ? 'failed' : 'waiting';
    const dropBody = delivered && delivery.webhook === null;
    const written = await database.inWorkspace(workspace, async (tx) => {
      const next = { status, nextAt: again ?? now, dropBody } as const;
      if (!(await deliveries.settle(tx, delivery, attempt, next))) return false;
      if (delivered) await this.#succeeded(tx, delivery, now);
      // What is our fault is not counted against the receiver.
      else if (!attempt.problem?.startsWith('webhook_')) await this.#failed(tx, delivery, attempt.problem!, gone, now);
      return true;
    });
    if (written) onOutcome?.(status === 'waiting' ? 'retried' : status);
    else this.#logger.debug({ delivery: delivery.id, workspace }, 'a lease ran out before its delivery was settled');
  }

  async #succeeded(tx: Tx, { workspace, target, targetFailures }: ClaimedDelivery, now: number): Promise<void> {
    const { deliveries } = this.#ports;
    const key = `${workspace} ${target}`;
    if (targetFailures === 0 && now - (this.#successes.get(key) ?? -SUCCESS_EVERY_MS) < SUCCESS_EVERY_MS) return;
    const before = await deliveries.health(tx, workspace, target);
    const health = { ...before, failures: 0, failingSince: null, openUntil: null, lastSuccessAt: now };
    await deliveries.saveHealth(tx, workspace, target, health);
    if (this.#successes.size > 10_000) this.#successes.clear();
    this.#successes.set(key, now);
  }

  async #failed(tx: Tx, delivery: ClaimedDelivery, problem: string, gone: boolean, now: number): Promise<void> {
    const { deliveries } = this.#ports;
    const { workspace, target, webhook } = delivery;
    this.#successes.delete(`${workspace} ${target}`);
    const before = await deliveries.health(tx, workspace, target);
    const failures = before.failures + 1;
    const failingSince = before.failingSince ?? now;
    const openUntil = restUntil(failures, now, this.#random);
    const health: TargetHealth = {
      ...before,
      ...{ failures, failingSince, openUntil, lastFailureAt: now, lastProblem: problem },
    };
    await deliveries.saveHealth(tx, workspace, target, health);
    if (webhook === null) return;
    if (gone) await this.#disable(tx, workspace, webhook, 'gone', now);
    else if (now - failingSince >= this.#options.disableAfterMs) {
      await this.#disable(tx, workspace, webhook, 'failing', now);
    }
  }

  /** The event comes last: the workspace's log is locked from there to the commit. */
  async #disable(tx: Tx, workspace: string, id: string, reason: 'gone' | 'failing', now: number): Promise<void> {
    const { webhooks, alarm, events } = this.#ports;
    const found = await webhooks.find(tx, workspace, id, true);
    if (found === null || !found.enabled) return;
    const webhook = {
      ...found,
      ...{ enabled: false, disabledReason: reason, disabledAt: now, updatedAt: now, version: found.version + 1 },
    };
    await webhooks.update(tx, webhook);
    await alarm.disabled(tx, webhook, reason);
    const data = { reason, failing_since: iso(webhook.health.failingSince), problem: webhook.health.lastProblem };
    await events.record(tx, workspace, [{ type: 'webhook.disabled', subject: id, data }]);
  }
}

const iso = (time: number | null) => (time === null ? null : new Date(time).toISOString());

const unreadable: keyof typeof webhookErrors.catalogue = 'webhook_secret_unreadable';
const isUnreadable = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && error.code === unreadable;
