import type { TestDatabase } from '@understudy/database-postgres/testing';
import { AllowList, Egress } from '@understudy/egress';
import type { Principal } from '@understudy/kernel';
import type { EventType } from '@understudy/wire';
import type { CloudEvent } from '../cloud-event.ts';
import type { NewEvent } from '../event-sink.ts';
import { PostgresDeliveryStore, PostgresWebhookStore } from '../storage/index.ts';
import {
  Callbacks,
  DeliveryLog,
  DeliveryWorker,
  type DeliveryWorkerOptions,
  SecretBox,
  WebhookFanOut,
  Webhooks,
} from '../webhooks/index.ts';

/** Whoever asks in these tests. */
export const caller = (workspace: string) => ({
  principal: { kind: 'api_key', workspace, id: 'key_test', scopes: new Set<string>() } satisfies Principal,
  requestId: 'req_test',
});

/** The webhooks of a room with a clock and dice of the test's, over a real database and real sockets. */
export function webhookRoom(db: TestDatabase, options: DeliveryWorkerOptions & { allow?: string; key?: boolean } = {}) {
  const { database } = db;
  const time = { now: Date.UTC(2026, 0, 1) };
  const clock = { now: () => time.now };
  const egress = new Egress({ allow: AllowList.parse(options.allow ?? '127.0.0.0/8') });
  const store = new PostgresWebhookStore();
  const deliveries = new PostgresDeliveryStore(database);
  const box = new SecretBox(options.key === false ? null : new Uint8Array(32).fill(7));
  const recorded: NewEvent[] = [];
  const alarms: string[] = [];
  const audited: string[] = [];
  const outcomes: string[] = [];
  const alarm = {
    disabled: async (_: unknown, { id }: { id: string }, reason: string) => {
      alarms.push(`${reason} ${id}`);
    },
    over: async (_: string, id: string) => {
      alarms.push(`over ${id}`);
    },
  };
  const worker = () =>
    new DeliveryWorker(
      {
        ...{ database, deliveries, webhooks: store, egress, box, alarm, clock },
        events: {
          async record(_tx, _workspace, events) {
            recorded.push(...events);
          },
        },
        random: () => 0.5,
        onOutcome: (outcome) => outcomes.push(outcome),
      },
      options,
    );
  const audit = {
    async record(_: unknown, { action }: { action: string }) {
      audited.push(action);
    },
  };
  const webhooks = new Webhooks({ database, store, deliveries, egress, box, audit, alarm, clock });
  const fanOut = new WebhookFanOut({ webhooks: store, deliveries, clock });
  let serial = 0;
  return {
    ...{ time, clock, egress, store, deliveries, box, recorded, alarms, audited, outcomes, webhooks, fanOut },
    worker: worker(),
    /** Another process. */
    another: worker,
    log: new DeliveryLog({ database, store: deliveries, webhooks: store, clock }),
    callbacks: new Callbacks({ deliveries, egress, clock }),
    /** An event as the workspace's log would tell it. */
    event(type: EventType, fields: Partial<CloudEvent> = {}): CloudEvent {
      return {
        ...{ specversion: '1.0', id: `evt_${++serial}_0`, source: '/v1/ledger', type, subject: `dec_${serial}` },
        ...{ time: new Date(time.now).toISOString(), datacontenttype: 'application/json' },
        data: { id: `dec_${serial}`, task: 'inquiries', subject: 'person-1' },
        ...fields,
      } as CloudEvent;
    },
    happen: (workspace: string, events: readonly CloudEvent[]) =>
      database.inWorkspace(workspace, (tx) => {
        const erased = events.filter(({ type }) => type === 'decision.erased').map(({ subject }) => subject);
        return fanOut.apply(tx, workspace, () => events, erased);
      }),
    close: () => egress.close(),
  };
}
