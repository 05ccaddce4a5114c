import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@understudy/database-postgres/testing';
import { isUnderstudyError, silentLogger } from '@understudy/kernel';
import { sql } from 'kysely';
import { edgeMigrations } from '../idempotency/storage/idempotency-store.ts';
import { type Duty, Leadership } from './leadership.ts';
import { leadershipStore } from './storage/leadership-store.ts';
import { fenced, inTerm, type Term } from './term.ts';

/** Of these tests alone: whoever leads is doubted after 0.75 s and followed after 1.1 s. */
const timing = { beatMs: 100, silenceMs: 1_000 };
const PATIENCE_MS = 60_000;

let db: TestDatabase;
const processes: ChildProcess[] = [];
const stops: (() => Promise<void>)[] = [];

before(async () => {
  db = await createTestDatabase({ migrations: [edgeMigrations] });
  await db.asOwner(`CREATE TABLE public.duty_log (n bigserial PRIMARY KEY, epoch bigint NOT NULL, who text NOT NULL)`);
  await db.asOwner('GRANT ALL ON public.duty_log, public.duty_log_n_seq TO understudy_app');
});
beforeEach(() => db.asOwner('TRUNCATE public.duty_log'));
afterEach(async () => {
  for (const child of processes.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }
  await Promise.all(stops.splice(0).map((stop) => stop()));
});
after(() => db.close());

async function until<T>(what: string, holds: () => T | Promise<T>): Promise<NonNullable<T>> {
  for (const deadline = Date.now() + PATIENCE_MS; ; ) {
    const value = await holds();
    if (value) return value;
    assert.ok(Date.now() < deadline, `did not happen: ${what}`);
    await new Promise((done) => setTimeout(done, 10));
  }
}

async function candidate(who: string): Promise<ChildProcess> {
  const entry = join(import.meta.dirname, 'testing', 'candidate-process.ts');
  const child = spawn(process.execPath, [entry, db.url, who], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin?.on('error', () => {}); // of one that was killed
  processes.push(child);
  await once(child.stdout!, 'data');
  return child;
}

interface Row {
  epoch: string;
  who: string;
}
const rows = () => db.asOwner<Row>('SELECT epoch, who FROM public.duty_log ORDER BY n');
const writes = (who: string, more = 3) =>
  until(`${who} writes`, async () => {
    const all = await rows();
    return all.length > more && all.slice(-more).every((row) => row.who === who);
  });

/** Each epoch has one writer, and what was written later was written in a later term. */
async function assertFenced(): Promise<void> {
  const all = await rows();
  const writers = new Map<string, Set<string>>();
  for (const { epoch, who } of all) writers.set(epoch, (writers.get(epoch) ?? new Set()).add(who));
  for (const [epoch, who] of writers) assert.equal(who.size, 1, `term ${epoch}: ${[...who].join(', ')}`);
  const epochs = all.map(({ epoch }) => Number(epoch));
  assert.deepEqual(
    epochs,
    [...epochs].sort((a, b) => a - b),
  );
}

/** Two candidates, of which the first leads. */
async function two(): Promise<{ one: ChildProcess; other: ChildProcess }> {
  const one = await candidate('one');
  await writes('one');
  return { one, other: await candidate('other') };
}

test('of two schedulers one leads; when it is killed the other takes over', async () => {
  const { one } = await two();
  const exited = once(one, 'exit');
  one.kill('SIGKILL');
  await exited;
  await writes('other');
  await assertFenced();
});

test('a leader that is told to stop is followed at once', async () => {
  const { one } = await two();
  const exited = once(one, 'exit');
  one.kill('SIGTERM');
  assert.deepEqual(await exited, [0, null]);
  await writes('other');
  await assertFenced();
});

test('a leader that is frozen loses its term, and changes nothing when it comes back in the middle of its work', async () => {
  const { one } = await two();
  for (const [frozen, next] of [
    [one, 'other'],
    [processes[1]!, 'one'],
  ] as const) {
    frozen.kill('SIGSTOP');
    await writes(next);
    frozen.kill('SIGCONT');
    await writes(next, 30);
  }
  await assertFenced();
});

test('a leader whose connection is cut, again and again, never writes beside another', async () => {
  await two();
  for (let round = 0; round < 5; round++) {
    const before = Number((await rows()).at(-1)!.epoch);
    await db.asOwner(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'understudy test'`,
    );
    await until('a new term', async () => Number((await rows()).at(-1)!.epoch) > before);
  }
  await assertFenced();
});

function leader(duties: Duty[], name = 'here'): Leadership {
  const leadership = new Leadership({
    name,
    holder: 'me',
    open: db,
    store: leadershipStore,
    duties,
    logger: silentLogger,
    timing,
  });
  stops.push(() => leadership.stop());
  leadership.start();
  return leadership;
}

test('the term is told, with its epoch, and ends with the stop; a duty that fails is tried again', async () => {
  let rounds = 0;
  const failing: Duty = { name: 'fails', everyMs: 1, run: () => Promise.reject(new Error(`round ${++rounds}`)) };
  const leadership = leader([failing], 'told');
  assert.equal(leadership.term, null);
  const first = (await until('it leads', () => leadership.term)).epoch;
  await until('it is tried again', () => rounds >= 3);
  await leadership.stop();
  assert.equal(leadership.term, null);
  const again = leader([], 'told');
  assert.equal((await until('it leads again', () => again.term)).epoch, first + 1n);
  const [row] = await db.asOwner<{ holder: string; epoch: string }>(
    `SELECT holder, epoch FROM edge.leadership WHERE name = 'told'`,
  );
  assert.deepEqual([row!.holder, BigInt(row!.epoch)], ['me', first + 1n]);
});

test('a stop lets a duty finish what it has begun, inside its term', async () => {
  const database = fenced(db.database);
  let begun = false;
  const leadership = leader([
    {
      name: 'slow',
      everyMs: 1,
      run: async (signal) => {
        begun = true;
        if (!signal.aborted) await once(signal, 'abort');
        await database.asSystem((tx) => sql`INSERT INTO public.duty_log (epoch, who) VALUES (1, 'last')`.execute(tx));
      },
    },
  ]);
  await until('it works', () => begun);
  await leadership.stop();
  assert.deepEqual(await rows(), [{ epoch: '1', who: 'last' }]);
});

test('work of a term that is over is refused, in the database too; short reads and work of no term are not', async () => {
  const database = fenced(db.database);
  const leadership = leader([]);
  const { epoch } = await until('it leads', () => leadership.term);
  const term = (number: bigint, sure: boolean): Term => ({
    name: 'here',
    epoch: number,
    signal: new AbortController().signal,
    sure,
    hold: (tx) => leadershipStore.hold(tx, 'here', number, 1_000),
  });
  const isLost = (error: unknown) => isUnderstudyError(error) && error.code === 'leadership_lost';
  const write = () =>
    database.inWorkspace('ws_1', (tx) => sql`INSERT INTO public.duty_log (epoch, who) VALUES (0, 'x')`.execute(tx));
  const read = () => database.inWorkspace('ws_1', (tx) => sql`SELECT 1`.execute(tx), { statementMs: 5_000 });
  await inTerm(term(epoch, true), write);
  await assert.rejects(inTerm(term(epoch - 1n, true), write), isLost);
  await assert.rejects(inTerm(term(epoch, false), write), isLost);
  await assert.rejects(
    inTerm(term(epoch, false), () => database.asSystem((tx) => sql`SELECT 1`.execute(tx))),
    isLost,
  );
  await inTerm(term(epoch - 1n, true), read);
  await write();
  assert.equal((await rows()).length, 2);
});
