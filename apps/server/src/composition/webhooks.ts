import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AllowList, Egress } from '@understudy/egress';
import {
  Callbacks,
  DeliveryLog,
  DeliveryWorker,
  type EventSink,
  SecretBox,
  type WebhookAlarm,
  WebhookFanOut,
  Webhooks,
} from '@understudy/events';
import { PostgresDeliveryStore, PostgresWebhookStore } from '@understudy/events/storage';
import type { AuditTrail } from '@understudy/identity';
import type { DeadLetters } from '@understudy/jobs';
import { type Clock, type Database, type Logger, newId } from '@understudy/kernel';
import { type FeedConsumer, toCloudEvents } from '@understudy/ledger';
import { PostgresAlertStore } from '@understudy/monitoring/storage';
import type { Config } from '../config.ts';
import type { Metrics } from '../observability/metrics.ts';

const DAY_MS = 24 * 3_600_000;

interface Context {
  config: Config;
  database: Database;
  events: EventSink;
  audit: AuditTrail;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  deadLetters: Pick<DeadLetters, 'erase'>;
}

/** Webhooks and callbacks; `feed` goes into the ledger's feed, `egress` is the client for all calls out. */
export function openWebhooks(context: Context) {
  const { config, database, events, audit, clock, logger, metrics, deadLetters } = context;
  const egress = new Egress({ allow: AllowList.parse(config.egressAllow) });
  const store = new PostgresWebhookStore();
  const deliveries = new PostgresDeliveryStore(database);
  const box = new SecretBox(secretsKey(config, logger));
  const alarm = webhookAlarm(database, clock);
  const outcomes: Record<string, number> = { delivered: 0, retried: 0, failed: 0 };
  metrics.counts(
    'understudy_webhook_deliveries_total',
    'Attempts to deliver to webhooks and callbacks of this process, by outcome.',
    'outcome',
    () => outcomes,
  );
  const worker = new DeliveryWorker(
    {
      ...{ database, deliveries, webhooks: store, egress, box, events, alarm, clock, logger },
      onOutcome: (outcome) => {
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      },
    },
    { disableAfterMs: config.webhookDisableDays * DAY_MS },
  );
  const nudge = () => worker.nudge();
  return {
    egress,
    worker,
    webhooks: new Webhooks({ database, store, deliveries, egress, box, audit, alarm, clock, nudge }),
    log: new DeliveryLog({ database, store: deliveries, webhooks: store, clock, nudge }),
    /** For rooms whose callers name a URL to be told by. */
    callbacks: new Callbacks({ deliveries, egress, clock }),
    feed: webhookFeed(new WebhookFanOut({ webhooks: store, deliveries, clock }), deadLetters),
    /** What waits, for gauges. */
    figures: () => deliveries.figures(clock.now()),
    async close() {
      await worker.stop();
      await egress.close();
    },
  };
}

/** It cannot be rebuilt: what was sent was sent. */
function webhookFeed(fanOut: WebhookFanOut, deadLetters: Pick<DeadLetters, 'erase'>): FeedConsumer {
  return {
    name: 'webhooks',
    async apply(tx, workspace, entries) {
      const erased = entries.flatMap((entry) => (entry.kind === 'erasure' ? [entry.decision] : []));
      // What is told of a decision outside the ledger, and waits there.
      await deadLetters.erase(tx, workspace, erased);
      await fanOut.apply(tx, workspace, () => entries.flatMap(toCloudEvents), erased);
    },
  };
}

/**
 * The operator's key; else, one in the data directory beside the embedded database. A process beside the gateway has
 * the database's URL, and finds the file that the gateway made.
 */
function secretsKey(config: Config, logger: Logger): Uint8Array | null {
  if (config.secretsKey !== undefined) return config.secretsKey;
  const file = join(config.dataDir, 'secrets.key');
  if (!existsSync(file)) {
    if (config.databaseUrl !== undefined) {
      logger.info({}, 'webhook secrets are stored unsealed: UNDERSTUDY_SECRETS_KEY is not set');
      return null;
    }
    writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  }
  return Buffer.from(readFileSync(file, 'utf8').trim(), 'base64');
}

function webhookAlarm(database: Database, clock: Clock): WebhookAlarm {
  const alerts = new PostgresAlertStore(database);
  return {
    async disabled(tx, { id, workspace, url, health }, reason) {
      const { host } = new URL(url); // the path may be a secret of the receiver's
      const why =
        reason === 'gone'
          ? 'it answered 410 Gone'
          : `every attempt has failed since ${new Date(health.failingSince ?? clock.now()).toISOString()}`;
      await alerts.open(tx, {
        id: newId('alr', clock.now()),
        workspace,
        ...{ taskId: '', task: '', kind: 'webhook_disabled', subject: id, severity: 'warning' },
        summary: `The webhook to ${host} was disabled: ${why}. Nothing is sent to it until it is enabled again.`,
        evidence: { webhook: id, reason, failures: health.failures, last_problem: health.lastProblem },
        ...{ openedAt: clock.now(), resolvedAt: null, resolution: null, acknowledged: null },
      });
    },
    async over(workspace, id) {
      const resolution = { at: clock.now(), reason: 'The webhook was enabled again or deleted.' };
      await alerts.resolve(workspace, { kind: 'webhook_disabled', subject: id }, resolution);
    },
  };
}
