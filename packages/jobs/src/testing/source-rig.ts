import { createTestDatabase, type TestDatabase } from '@understudy/database-postgres/testing';
import type { PreparedDecision } from '@understudy/decisions';
import { decisionsErrors } from '@understudy/decisions';
import { RecordingAuditTrail } from '@understudy/decisions/testing';
import { type NewEvent, Outgoing } from '@understudy/events';
import { eventsMigrations, PostgresOutgoingStore } from '@understudy/events/storage';
import { MemoryBroker, MemoryBus } from '@understudy/events/testing';
import { type Logger, newId, type Principal, silentLogger, systemClock, type Tx } from '@understudy/kernel';
import type { SourceRequest } from '@understudy/wire';
import { sql } from 'kysely';
import { DeadLetters } from '../dead-letters.ts';
import type { Decider } from '../ports.ts';
import { EventIntake } from '../sources/event-intake.ts';
import { MessagePipeline } from '../sources/message-pipeline.ts';
import { SourceReplays } from '../sources/source-replays.ts';
import { SourceRunner } from '../sources/source-runner.ts';
import { Sources } from '../sources/sources.ts';
import { PatternTopicRules, type TopicPatterns } from '../sources/topic-rules.ts';
import { jobsMigrations, PostgresDeadLetterStore, PostgresSourceStore } from '../storage/index.ts';

/** Decides by a rule of the test's, and writes decisions into a table without any key: what is there twice was done twice. */
export class TableDecider implements Decider {
  /** Called for each item; what it throws is the item's error. */
  before: (text: string) => void | Promise<void> = () => {};
  /** Called in the transaction, with the texts that are about to be written. */
  committing: (texts: string[]) => void | Promise<void> = () => {};

  async prepare(...[call, task, request]: Parameters<Decider['prepare']>): Promise<PreparedDecision> {
    if (task === 'gone') throw decisionsErrors.task_not_found('no task gone in this workspace');
    const { text } = request.input;
    if (text.length > 1000) throw decisionsErrors.input_too_long('/input/text is too long');
    await this.before(text);
    const body = {
      id: newId('dec', systemClock.now()),
      task,
      created_at: new Date().toISOString(),
      ...(request.external_id === undefined ? {} : { external_id: request.external_id }),
    };
    const record = { workspace: call.principal.workspace, id: body.id, text, call };
    return { record, body } as unknown as PreparedDecision;
  }

  async commitIn(tx: Tx, prepared: readonly PreparedDecision[]): Promise<void> {
    const rows = prepared.map(({ record }) => record as unknown as { id: string; text: string; call: object });
    await this.committing(rows.map(({ text }) => text));
    for (const { id, text, call } of rows) {
      const { principal, traceId, via } = call as { principal: Principal; traceId: string; via: object };
      await sql`INSERT INTO jobs.decided (workspace_id, id, text, principal, trace_id, via)
        VALUES (${principal.workspace}, ${id}, ${text}, ${principal.id}, ${traceId}, ${JSON.stringify(via)}::jsonb)`.execute(
        tx,
      );
    }
  }
}

export interface Decided {
  id: string;
  text: string;
  principal: string;
  trace_id: string;
  via: { kind: string; id: string; message: string };
}

export interface Letter {
  id: string;
  kind: string;
  reason: { code: string };
  body: Buffer;
  hash: string;
  origin_id: string;
  message: string;
}

export const WORKSPACE = 'ws_forum';
export const caller: Principal = { kind: 'api_key', workspace: WORKSPACE, id: 'key_1', scopes: new Set() };
export const other: Principal = { kind: 'api_key', workspace: 'ws_other', id: 'key_2', scopes: new Set() };

export const request = (over: Partial<SourceRequest> = {}): SourceRequest => ({
  bus: 'main',
  topic: 'comments',
  task: 'moderation',
  mapping: { input: { text: '$.text' }, external_id: '$.id' },
  reply_to: { topic: 'answers' },
  ...over,
});

export type SourceRig = Awaited<ReturnType<typeof openSourceRig>>;

/** Sources on a real database and a bus in memory. */
export async function openSourceRig(options: { topics?: TopicPatterns; logger?: Logger; maxBytes?: number } = {}) {
  const db: TestDatabase = await createTestDatabase({ migrations: [eventsMigrations, jobsMigrations], poolSize: 12 });
  await db.asOwner(`CREATE TABLE jobs.decided (workspace_id text NOT NULL, id text, text text, principal text, trace_id text,
    via jsonb); SELECT kernel.protect('jobs.decided')`);
  const { database } = db;
  const broker = new MemoryBroker();
  for (const topic of ['comments', 'answers', 'private']) broker.ensureTopic(topic);
  const clock = systemClock;
  const store = new PostgresSourceStore(database);
  const outgoing = new Outgoing({ database, store: new PostgresOutgoingStore(database) });
  const deadLetters = new DeadLetters({ database, store: new PostgresDeadLetterStore(database), clock });
  const decide = new TableDecider();
  const topics = new PatternTopicRules(options.topics ?? {});
  const audit = new RecordingAuditTrail();
  let opening = () => new MemoryBus(broker);
  const buses = { has: (name: string) => name === 'main' || name === 'second', get: async () => opening() };
  const sources = new Sources({
    store,
    buses,
    topics,
    tasks: {
      get: async (_workspace, slug) => {
        if (slug === 'unknown') throw decisionsErrors.task_not_found('no task unknown in this workspace');
      },
    },
    audit,
    clock,
  });
  const events: (NewEvent & { workspace: string })[] = [];
  const pipeline = () =>
    new MessagePipeline({
      ...{ database, store, decide, outgoing, deadLetters, topics, clock },
      maxBytes: options.maxBytes ?? 100_000,
    });
  const runners: SourceRunner[] = [];
  return {
    ...{ db, database, broker, store, outgoing, deadLetters, decide, audit, sources, events, pipeline },
    /** How a bus is opened from now on; null: as it should be. */
    openBus(how: (() => never) | null): void {
      opening = how ?? (() => new MemoryBus(broker));
    },
    /** A worker process of its own: its own connections to the bus. */
    runner(over: { reportMs?: number } = {}): SourceRunner {
      const runner = new SourceRunner({
        ...{ database, store, clock, logger: options.logger ?? silentLogger },
        buses,
        pipeline: pipeline(),
        events: {
          async record(_tx, workspace, recorded) {
            events.push(...recorded.map((event) => ({ ...event, workspace })));
          },
        },
        everyMs: 50,
        reportMs: over.reportMs ?? 50,
      });
      runners.push(runner);
      runner.start();
      return runner;
    },
    replays: () => new SourceReplays({ ...{ database, store, deadLetters, clock }, pipeline: pipeline() }),
    intake: () => new EventIntake({ store, pipeline: pipeline() }),
    /** Publishes bytes or JSON to the topic. */
    publish(topic: string, body: unknown, over: { id?: string; key?: string; headers?: Record<string, string> } = {}) {
      const bytes = body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body));
      const { id = newId('pub', clock.now()), key = null, headers = {} } = over;
      broker.store(topic, { id, key, headers, body: bytes });
    },
    decided: () => db.asOwner<Decided>('SELECT * FROM jobs.decided ORDER BY id'),
    replies: () =>
      db.asOwner<{ topic: string; key: string | null; headers: Record<string, string>; body: Buffer; id: string }>(
        'SELECT * FROM events.outgoing ORDER BY seq',
      ),
    /** Bodies that are large are cut; their hash is of all. */
    letters: () =>
      db.asOwner<Letter>(
        `SELECT id, kind, reason, origin_id, message, substring(body FOR 10000) AS body,
           encode(sha256(body), 'hex') AS hash
         FROM jobs.dead_letters WHERE state = 'waiting' ORDER BY id`,
      ),
    view: async (name = 'comments') => sources.get(WORKSPACE, name),
    async close() {
      await Promise.all(runners.map((runner) => runner.stop()));
      await db.close();
    },
  };
}
