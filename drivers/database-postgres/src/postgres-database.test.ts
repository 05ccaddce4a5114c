import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { isUnderstudyError, type Tx } from '@understudy/kernel';
import { sql } from 'kysely';
import { isUniqueViolation } from './failures.ts';
import { openDatabase } from './postgres-database.ts';
import { createTestDatabase, type TestDatabase, type TestDatabaseOptions } from './testing/index.ts';
import { sampleRoom } from './testing/sample-room.ts';

const DEBIAN_15 = '/usr/lib/postgresql/15/bin';

const insert = (tx: Tx, workspace: string, id: number, body = 'x') =>
  sql`INSERT INTO sample.notes VALUES (${workspace}, ${id}, ${body})`.execute(tx);
const everything = async (tx: Tx) =>
  (await sql<{ workspace_id: string }>`SELECT workspace_id FROM sample.notes`.execute(tx)).rows;
const isCode = (code: string) => (error: unknown) => isUnderstudyError(error) && error.code === code;

function suite(options: TestDatabaseOptions) {
  let db: TestDatabase;
  before(async () => {
    db = await createTestDatabase({ ...options, migrations: [sampleRoom], poolSize: 2 });
    await db.database.inWorkspace('ws_a', (tx) => insert(tx, 'ws_a', 1));
    await db.database.inWorkspace('ws_b', (tx) => insert(tx, 'ws_b', 1));
  });
  after(() => db.close());

  test('a statement without any filter sees only its own workspace', async () => {
    assert.deepEqual(await db.database.inWorkspace('ws_a', everything), [{ workspace_id: 'ws_a' }]);
    assert.deepEqual(await db.database.inWorkspace('ws_none', everything), []);
    assert.equal((await db.database.asSystem(everything)).length, 2);
    assert.equal((await db.asOwner('SELECT FROM sample.notes')).length, 2);
  });

  test('without a scope nothing is seen', async () => {
    assert.deepEqual(await db.database.prepared('all', 'SELECT * FROM sample.notes', []), []);
  });

  test('no row is written, moved, changed or removed across workspaces', async () => {
    await assert.rejects(
      db.database.inWorkspace('ws_a', (tx) => insert(tx, 'ws_b', 99)),
      /row-level security/,
    );
    await assert.rejects(
      db.database.inWorkspace('ws_a', (tx) => sql`UPDATE sample.notes SET workspace_id = 'ws_b'`.execute(tx)),
      /row-level security/,
    );
    const changed = await db.database.inWorkspace('ws_a', (tx) =>
      sql`DELETE FROM sample.notes WHERE workspace_id = 'ws_b'`.execute(tx),
    );
    assert.equal(changed.numAffectedRows, 0n);
    assert.equal((await db.asOwner('SELECT FROM sample.notes')).length, 2);
  });

  test('a pooled connection carries no tenant on, neither after success nor after an error', async () => {
    const workspace = () => db.database.prepared('scope_now', "SELECT current_setting('app.workspace', true) AS w", []);
    // Both connections of the pool, held at once, so that each has been through it.
    const both = (work: (tx: Tx) => Promise<unknown>) =>
      Promise.allSettled([db.database.inWorkspace('ws_a', work), db.database.inWorkspace('ws_a', work)]);
    for (const work of [everything, (tx: Tx) => sql`SELECT 1/0`.execute(tx), () => Promise.reject(new Error('own'))]) {
      await both(work);
      for (const rows of await Promise.all([workspace(), workspace()])) assert.deepEqual(rows, [{ w: '' }]);
    }
  });

  test('a transaction rolls back when its work throws, and hides no failed statement', async () => {
    const failure = new Error('changed my mind');
    await assert.rejects(
      db.database.inWorkspace('ws_a', async (tx) => {
        await insert(tx, 'ws_a', 50);
        throw failure;
      }),
      failure,
    );
    await assert.rejects(
      db.database.inWorkspace('ws_a', async (tx) => {
        await insert(tx, 'ws_a', 51);
        await sql`SELECT 1/0`.execute(tx).catch(() => {});
      }),
      /swallowed/,
    );
    assert.equal((await db.database.inWorkspace('ws_a', everything)).length, 1);
  });

  test('a tx that leaks out of its scope is dead', async () => {
    const leaked = await db.database.inWorkspace('ws_a', async (tx) => ({ tx }));
    await assert.rejects(everything(leaked.tx), /has ended/);
  });

  test('a unique violation stays what it is', async () => {
    await assert.rejects(
      db.database.inWorkspace('ws_a', (tx) => insert(tx, 'ws_a', 1)),
      (error) => isUniqueViolation(error, 'notes_pkey') && !isUniqueViolation(error, 'other'),
    );
  });

  test('every statement runs as a role that owns nothing and cannot pass row-level security', async () => {
    const [role] = await db.database.prepared<Record<string, unknown>>(
      'role',
      `SELECT current_user AS name, rolsuper, rolbypassrls, rolcanlogin, current_setting('synchronous_commit') AS sync,
              (SELECT count(*)::integer FROM pg_class WHERE relowner = r.oid) AS owned
         FROM pg_roles r WHERE rolname = current_user`,
      [],
    );
    assert.deepEqual(role, {
      name: 'understudy_app',
      rolsuper: false,
      rolbypassrls: false,
      rolcanlogin: false,
      sync: 'on',
      owned: 0,
    });
    for (const statement of ['ALTER TABLE sample.notes DISABLE ROW LEVEL SECURITY', 'CREATE TABLE sample.t ()']) {
      await assert.rejects(
        db.database.asSystem((tx) => sql.raw(statement).execute(tx)),
        { code: '42501' },
      );
    }
  });

  test('a transaction that is silent for longer than it said is ended, and what it held is free', async () => {
    const locked = (tx: Tx) => sql`SELECT pg_advisory_xact_lock(4711)`.execute(tx);
    const silent = db.database.inWorkspace(
      'ws_one',
      async (tx) => {
        await locked(tx);
        // Nothing more is asked until somebody else has what it holds.
        await db.database.inWorkspace('ws_two', locked);
        await locked(tx);
      },
      { silenceMs: 50 },
    );
    await assert.rejects(silent, { code: 'database_unavailable', retryable: true });
    const { rows } = await db.database.inWorkspace('ws_one', (tx) =>
      sql<{ limit: string }>`SELECT current_setting('idle_in_transaction_session_timeout') AS "limit"`.execute(tx),
    );
    assert.notEqual(rows[0]!.limit, '50ms', 'it held for that transaction alone');
  });

  test('a workspace id that is none opens no scope', async () => {
    for (const id of ['', '*', "ws_a'; DROP TABLE sample.notes; --", 'ws a', 'x'.repeat(65)]) {
      await assert.rejects(db.database.inWorkspace(id, everything), Error, id);
    }
  });

  test('bound values are never SQL', async () => {
    const hostile = `'); DROP TABLE sample.notes; -- \\ " $1 \u{1F600}`;
    await db.database.inWorkspace('ws_c', (tx) => insert(tx, 'ws_c', 1, hostile));
    const { rows } = await db.database.inWorkspace('ws_c', (tx) => sql`SELECT body FROM sample.notes`.execute(tx));
    assert.deepEqual(rows, [{ body: hostile }]);
    await db.database.inWorkspace('ws_c', (tx) => sql`DELETE FROM sample.notes`.execute(tx));
  });

  test('a pool with no free connection, a lock and a slow statement are database_unavailable, and pass', async () => {
    const impatient = openDatabase({ url: db.url, poolSize: 1, acquireTimeoutMs: 400, statementTimeoutMs: 400 });
    try {
      await impatient.database.inWorkspace('ws_a', async () => {
        await assert.rejects(impatient.ping(), isCode('database_unavailable'));
      });
      await assert.rejects(
        impatient.database.inWorkspace('ws_a', (tx) => sql`SELECT pg_sleep(60)`.execute(tx)),
        isCode('database_unavailable'),
      );
      await db.database.inWorkspace('ws_a', async (holder) => {
        await sql`SELECT * FROM sample.notes FOR UPDATE`.execute(holder);
        await assert.rejects(
          impatient.database.inWorkspace('ws_a', (tx) => sql`UPDATE sample.notes SET body = 'y'`.execute(tx)),
          isCode('database_unavailable'),
        );
      });
      await impatient.ping();
    } finally {
      await impatient.close();
    }
  });

  test('a terminated session is database_unavailable, and the next request has a new one', async () => {
    await assert.rejects(
      db.database.inWorkspace('ws_a', async (tx) => {
        const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(tx);
        await db.asOwner('SELECT pg_terminate_backend($1)', [rows[0]!.pid]);
        await everything(tx);
      }),
      isCode('database_unavailable'),
    );
    for (let i = 0; i < 4; i++) await db.ping();
    assert.equal((await db.database.inWorkspace('ws_a', everything)).length, 1);
  });

  test('notifications arrive, and after a lost connection the listener is told to assume the worst', async () => {
    const heard: (string | undefined)[] = [];
    let wake = () => {};
    const until = async (condition: () => boolean) => {
      while (!condition())
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    };
    const stop = await db.listen('changes', (payload) => {
      heard.push(payload);
      wake();
    });
    assert.deepEqual(heard.splice(0), [undefined]);
    await db.database.asSystem((tx) => sql`SELECT pg_notify('changes', 'one')`.execute(tx));
    await until(() => heard.includes('one'));
    heard.length = 0;
    await db.asOwner(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'understudy listen'",
    );
    await until(() => heard.includes(undefined));
    await db.database.asSystem((tx) => sql`SELECT pg_notify('changes', 'two')`.execute(tx));
    await until(() => heard.includes('two'));
    stop();
  });
}

describe('the database port over the embedded PostgreSQL', () => suite({}));

describe(
  'the database port over PostgreSQL 15',
  { skip: existsSync(`${DEBIAN_15}/postgres`) ? false : `no PostgreSQL 15 at ${DEBIAN_15}` },
  () => suite({ system: { folder: DEBIAN_15, majorVersion: 15 } }),
);

test('a server that is not there is database_unavailable; a URL that is none is refused without repeating it', async () => {
  const away = openDatabase({ url: 'postgres://nobody:secret@127.0.0.1:1/none' });
  await assert.rejects(away.ping(), isCode('database_unavailable'));
  await assert.rejects(away.database.inWorkspace('ws_a', everything), isCode('database_unavailable'));
  await away.close();
  for (const url of ['mysql://u:secret@h/d', 'secret']) {
    assert.throws(
      () => openDatabase({ url }),
      (error) => isCode('database_url_invalid')(error) && !(error as Error).message.includes('secret'),
    );
  }
});
