import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { busMigrations } from '@understudy/bus-postgres/storage';
import { createTestDatabase, type TestDatabase } from '@understudy/database-postgres/testing';
import { eventsMigrations } from '@understudy/events/storage';
import { Collector } from '@understudy/events/testing';
import { DeadLetters } from '@understudy/jobs';
import { jobsMigrations, PostgresDeadLetterStore } from '@understudy/jobs/storage';
import { actingFor, silentLogger, systemClock } from '@understudy/kernel';
import { openBuses } from './buses.ts';
import { openOutgoing } from './outgoing.ts';

const WS = 'ws_one';
let db: TestDatabase;
before(async () => {
  db = await createTestDatabase({ migrations: [busMigrations, eventsMigrations, jobsMigrations] });
});
after(() => db.close());

function openAll(settings: Parameters<typeof openBuses>[0]['settings'] = []) {
  const { database } = db;
  const deadLetters = new DeadLetters({ database, store: new PostgresDeadLetterStore(database), clock: systemClock });
  const buses = openBuses({ settings, open: db, logger: silentLogger });
  const room = openOutgoing({ database, buses, deadLetters, clock: systemClock, logger: silentLogger });
  const enqueue = (messages: Parameters<typeof room.outgoing.enqueue>[2]) =>
    database.inWorkspace(WS, (tx) => room.outgoing.enqueue(tx, WS, messages));
  return { deadLetters, buses, enqueue, ...room };
}

test('a refused message is a dead letter that can be sent again, as it was, to where it was to go', async () => {
  const { deadLetters, buses, enqueue, relay, figures } = openAll();
  const headers = { 'content-type': 'application/json', 'correlation-id': 'c-1' };
  const body = Buffer.from('{"label":"ü"}');
  await enqueue([{ bus: 'postgres', topic: 'replies', id: 'rep_1', key: 'k', headers, body, traceId: 'a'.repeat(32) }]);
  await relay.drain();
  const { data } = await deadLetters.list(WS, { origin: 'outgoing' }, { limit: 10 });
  assert.equal(data.length, 1);
  const letter = await deadLetters.get(WS, data[0]!.id);
  assert.deepEqual(
    [letter.kind, letter.reason.code, letter.message, letter.contentType, letter.traceId, letter.attempts],
    ['unprocessable', 'bus_topic_not_found', 'rep_1', 'application/json', 'a'.repeat(32), 1],
  );
  assert.deepEqual(Buffer.from(letter.body), body);
  const bus = await buses.get('postgres');
  await bus.ensureTopic('replies');
  const collector = new Collector();
  bus.consume({ topic: 'replies', group: 'app' }, collector.handle);
  const replayed = await deadLetters.replay(actingFor(WS, 'test'), { ids: [letter.id] });
  assert.deepEqual([replayed.replayed, replayed.refused], [1, []]);
  await relay.drain();
  await collector.all(['rep_1']);
  const [got] = collector.messages;
  assert.deepEqual([got!.key, got!.headers, Buffer.from(got!.body)], ['k', headers, body]);
  assert.deepEqual(await figures(), { understudy_outgoing_waiting: 0, understudy_outgoing_oldest_seconds: 0 });
  await buses.close();
});

test('erasing a decision empties the letters that tell of it, and no others', async () => {
  const { deadLetters, buses, enqueue, relay } = openAll();
  const answer = (id: string, decision: string) => ({
    ...{ bus: 'postgres', topic: 'nobody-made-this', id, key: 'customer-7', headers: {} },
    body: Buffer.from(JSON.stringify({ external_id: 'customer-7', decision: { id: decision } })),
  });
  await enqueue([answer('rep_a', 'dec_erased'), answer('rep_b', 'dec_kept')]);
  await relay.drain();
  const letters = async (state: 'waiting' | 'discarded') => {
    const { data } = await deadLetters.list(WS, { origin: 'outgoing', state }, { limit: 10 });
    return Promise.all(data.map(({ id }) => deadLetters.get(WS, id)));
  };
  assert.equal((await letters('waiting')).length, 2);
  const before = await deadLetters.figures();
  await db.database.inWorkspace('ws_other', (tx) => deadLetters.erase(tx, 'ws_other', ['dec_erased']));
  assert.equal((await letters('waiting')).length, 2, 'another workspace erases its own');
  await db.database.inWorkspace(WS, (tx) => deadLetters.erase(tx, WS, ['dec_erased', 'dec_unknown']));
  const [kept] = await letters('waiting');
  assert.match(Buffer.from(kept!.body).toString(), /dec_kept/);
  const [erased, ...others] = await letters('discarded');
  assert.deepEqual(
    [others, erased!.message, erased!.body.length, erased!.headers, erased!.resolution],
    [[], 'rep_a', 0, {}, 'erased'],
  );
  assert.equal((await deadLetters.figures()).unprocessable, before.unprocessable - 1);
  await deadLetters.discard(actingFor(WS, 'test'), kept!.id, null);
  await buses.close();
});

test('drivers are loaded when they are used; a broker that is away lets messages wait', async () => {
  const { buses, enqueue, relay, outgoing, deadLetters } = openAll([
    { name: 'queue', system: 'amqp', url: 'amqp://u:hunter2@127.0.0.1:1/', address: 'amqp://127.0.0.1:1/' },
    { name: 'log', system: 'kafka', url: 'kafka://127.0.0.1:1', address: 'kafka://127.0.0.1:1' },
  ]);
  assert.ok((await buses.states()).every(({ state }) => state === 'unused'));
  const message = { topic: 't', key: null, headers: {}, body: Buffer.from('x') };
  await enqueue([
    { ...message, bus: 'queue', id: 'one' },
    { ...message, bus: 'nobody', id: 'two' },
  ]);
  await relay.drain();
  const waiting = [...(await outgoing.find(WS, 'one')), ...(await outgoing.find(WS, 'two'))];
  assert.deepEqual(
    waiting.map(({ problem }) => problem?.code),
    ['bus_unavailable', 'bus_not_configured'],
  );
  const states = await buses.states({ all: true });
  assert.deepEqual(
    states.map(({ name, state }) => `${name} ${state}`),
    ['postgres up', 'queue down', 'log down'],
  );
  assert.ok(!JSON.stringify([states, waiting]).includes('hunter2'));
  assert.equal((await deadLetters.list(WS, { origin: 'outgoing', state: 'waiting' }, { limit: 10 })).data.length, 0);
  await buses.close();
});
