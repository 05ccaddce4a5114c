import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@understudy/database-postgres/testing';
import { sql } from 'kysely';
import type { PredictRoute } from '../predict-routes/predict-route.ts';
import { compatMigrations, PostgresOpenAiSettingsStore, PostgresPredictRouteStore } from './index.ts';

let db: TestDatabase;
before(async () => {
  db = await createTestDatabase({ migrations: [compatMigrations] });
});
after(() => db.close());

const route = (workspace: string, name: string, path: string): PredictRoute => ({
  workspace,
  id: `prt_${name}`,
  name,
  definition: {
    task: 'inquiries',
    path,
    request: { text: '$.text' },
    labels: {},
    response: { z: 1, a: '{{$.label}}' },
    review: { response: null, status: 200 },
  },
  version: 1,
  changedBy: 'key_1',
  createdAt: 1_767_225_600_000,
  updatedAt: 1_767_225_600_000,
});
const write = (store: PostgresPredictRouteStore, one: PredictRoute) =>
  store.edit(one.workspace, one.name, async () => ({ route: one, write: true }));

test('a route comes back as it was written, the order of a template’s fields too', async () => {
  const store = new PostgresPredictRouteStore(db.database);
  const written = route('ws_a', 'flask', 'predict');
  await write(store, written);
  const found = await store.findByPath('ws_a', 'predict');
  assert.deepEqual(found, written);
  assert.equal(JSON.stringify(found?.definition.response), '{"z":1,"a":"{{$.label}}"}');
  assert.deepEqual(await store.find('ws_a', 'flask'), written);
  assert.deepEqual(await store.list('ws_a', { limit: 10, after: 'flask' }), []);
  const { before } = await store.edit('ws_a', 'flask', async (one) => ({ route: one!, write: true, remove: true }));
  assert.deepEqual(before, written);
  assert.equal(await store.find('ws_a', 'flask'), null);
});

test('a path is one route’s, within its workspace', async () => {
  const store = new PostgresPredictRouteStore(db.database);
  await write(store, route('ws_b', 'one', 'shared'));
  await write(store, route('ws_c', 'one', 'shared'));
  await assert.rejects(write(store, route('ws_b', 'two', 'shared')));
  await store.edit('ws_b', 'two', async (_, tx) => {
    assert.deepEqual([await store.nameOfPath(tx, 'ws_b', 'shared'), await store.count(tx, 'ws_b')], ['one', 1]);
    return { route: route('ws_b', 'two', 'other'), write: false };
  });
});

test('row-level security: a forgotten filter shows nobody else’s rows', async () => {
  const store = new PostgresPredictRouteStore(db.database);
  await write(store, route('ws_d', 'mine', 'p'));
  await write(store, route('ws_e', 'theirs', 'p'));
  const names = await db.database.inWorkspace('ws_d', async (tx) => {
    const { rows } = await sql<{ name: string }>`SELECT name FROM compat.predict_routes`.execute(tx);
    return rows.map(({ name }) => name);
  });
  assert.deepEqual(names, ['mine']);
  const settings = new PostgresOpenAiSettingsStore(db.database);
  const stored = {
    settings: { default_moderation_task: null, moderation: [] },
    version: 1,
    updatedAt: 1_767_225_600_000,
  };
  await settings.edit('ws_d', 'key_1', async (before) => {
    assert.equal(before, null);
    return stored;
  });
  assert.deepEqual([await settings.find('ws_d'), await settings.find('ws_e')], [stored, null]);
  const seen = await db.database.inWorkspace('ws_e', (tx) => sql`SELECT 1 FROM compat.openai_settings`.execute(tx));
  assert.equal(seen.rows.length, 0);
});
