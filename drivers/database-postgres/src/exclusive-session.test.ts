import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isUnderstudyError } from '@understudy/kernel';
import { createTestDatabase, type TestDatabase } from './testing/index.ts';
import { sampleRoom } from './testing/sample-room.ts';

let db: TestDatabase;
before(async () => {
  db = await createTestDatabase({ migrations: [sampleRoom] });
});
after(() => db.close());

const options = { silenceMs: 60_000 };
const isUnavailable = (error: unknown) => isUnderstudyError(error) && error.code === 'database_unavailable';

test('one session at a time holds a lock; it is free when the session ends', async () => {
  const one = await db.exclusive('a', options);
  const two = await db.exclusive('a', options);
  const other = await db.exclusive('b', options);
  assert.deepEqual([await one.acquire(), await two.acquire(), await other.acquire()], [true, false, true]);
  assert.equal(await one.acquire(), true, 'it still has it');
  await one.confirm();
  await one.close();
  await assert.rejects(one.confirm(), isUnavailable);
  assert.equal(await two.acquire(), true);
  await Promise.all([two.close(), other.close()]);
});

test('it runs as the role of the application', async () => {
  const session = await db.exclusive('a', options);
  const [row] = await session.run<{ role: string }>('SELECT current_user AS role', []);
  assert.equal(row!.role, 'understudy_app');
  await session.close();
});

test('the server ends a session that says nothing, and frees its lock', async () => {
  const silent = await db.exclusive('a', { silenceMs: 200 });
  assert.equal(await silent.acquire(), true);
  const next = await db.exclusive('a', options);
  await new Promise<void>((lost) => silent.onLost(lost));
  assert.equal(await next.acquire(), true);
  await assert.rejects(silent.confirm(), isUnavailable);
  await Promise.all([silent.close(), next.close()]);
});

test('a session that is cut off says so, once', async () => {
  const session = await db.exclusive('cut', options);
  let told = 0;
  const lost = new Promise<void>((done) =>
    session.onLost(() => {
      told++;
      done();
    }),
  );
  await db.asOwner(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE '%cut'`);
  await lost;
  await assert.rejects(session.acquire(), isUnavailable);
  await session.close();
  assert.equal(told, 1);
});

test('an answer that does not come ends the session', async () => {
  const session = await db.exclusive('a', { silenceMs: 60_000, answerMs: 100 });
  await assert.rejects(session.run('SELECT pg_sleep(30)', []));
  await assert.rejects(session.confirm(), isUnavailable);
  await session.close();
});
