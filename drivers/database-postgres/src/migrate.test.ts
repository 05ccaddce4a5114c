import assert from 'node:assert/strict';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { isUnderstudyError, type Migrations } from '@understudy/kernel';
import { migrate } from './migrate.ts';
import { openDatabase } from './postgres-database.ts';
import { createTestDatabase, type TestDatabase } from './testing/index.ts';

const TABLE = "CREATE TABLE shop.items (workspace_id text NOT NULL); SELECT kernel.protect('shop.items');";

let db: TestDatabase;
let folder: string;
let room: Migrations;

beforeEach(async () => {
  db = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'understudy-migrations-'));
  room = { room: 'shop', directory: pathToFileURL(`${folder}/`) };
});
afterEach(async () => {
  await db.close();
  await rm(folder, { recursive: true });
});

const write = (name: string, sql: string) => writeFile(join(folder, name), sql);
const run = () => migrate({ url: db.url, migrations: [room] });
const refuses = (code: string, words: RegExp) =>
  assert.rejects(run(), (error) => isUnderstudyError(error) && error.code === code && words.test(error.message));

test('each file is applied once, in order, and later files on top', async () => {
  await write('0001_items.sql', TABLE);
  assert.deepEqual((await run()).applied, ['shop/0001_items.sql']);
  await write('0002_price.sql', 'ALTER TABLE shop.items ADD price integer');
  assert.deepEqual((await run()).applied, ['shop/0002_price.sql']);
  assert.deepEqual((await run()).applied, []);
});

test('an edited, renamed, removed or late file is drift and is named', async () => {
  await write('0001_items.sql', TABLE);
  await write('0003_price.sql', 'ALTER TABLE shop.items ADD price integer');
  await run();
  await write('0001_items.sql', `${TABLE} -- harmless?`);
  await refuses('migration_drift', /shop\/0001_items\.sql was changed/);
  await write('0001_items.sql', TABLE.replaceAll('; ', ';\r\n'));
  await refuses('migration_drift', /0001_items/);
  await write('0001_items.sql', TABLE);
  await rename(join(folder, '0001_items.sql'), join(folder, '0001_goods.sql'));
  await refuses('migration_drift', /0001_items\.sql.*0001_goods\.sql/);
  await rm(join(folder, '0001_goods.sql'));
  await refuses('migration_drift', /0001_items\.sql was applied but its file is gone/);
  await write('0001_items.sql', TABLE);
  await write('0002_late.sql', 'SELECT 1');
  await refuses('migration_drift', /0002_late\.sql comes before 0003_price\.sql/);
});

test('line ends of another system are no drift', async () => {
  await write('0001_items.sql', TABLE.replaceAll('; ', ';\n'));
  await run();
  await write('0001_items.sql', TABLE.replaceAll('; ', ';\r\n'));
  assert.deepEqual((await run()).applied, []);
});

test('a database that is newer than the code is refused', async () => {
  await write('0001_items.sql', TABLE);
  await write('0002_price.sql', 'ALTER TABLE shop.items ADD price integer');
  await run();
  await rm(join(folder, '0002_price.sql'));
  await refuses('database_newer', /shop\/0002_price\.sql/);
  await assert.rejects(migrate({ url: db.url, migrations: [] }), { code: 'database_newer' });
});

test('a file that fails leaves nothing of itself behind', async () => {
  await write('0001_items.sql', TABLE);
  await write('0002_broken.sql', 'CREATE TABLE shop.half (id integer); SELECT 1/0;');
  await refuses('migration_failed', /shop\/0002_broken\.sql: division by zero/);
  assert.deepEqual(await db.asOwner("SELECT to_regclass('shop.half') AS half, to_regclass('shop.items') AS items"), [
    { half: null, items: 'shop.items' },
  ]);
  await write('0002_broken.sql', 'CREATE TABLE shop.whole (id integer)');
  assert.deepEqual((await run()).applied, ['shop/0002_broken.sql']);
});

test('servers that start at once migrate once', async () => {
  await write('0001_items.sql', TABLE);
  await write('0002_price.sql', 'ALTER TABLE shop.items ADD price integer');
  const results = await Promise.all([run(), run(), run()]);
  assert.equal(results.flatMap(({ applied }) => applied).length, 2);
});

test('a table, partition or view through which a tenant could be seen is refused', async () => {
  const cases: [string, string][] = [
    ['CREATE TABLE shop.bare (workspace_id text)', 'shop.bare'],
    [
      'CREATE TABLE shop.unforced (workspace_id text); ALTER TABLE shop.unforced ENABLE ROW LEVEL SECURITY',
      'shop.unforced',
    ],
    [`${TABLE} CREATE POLICY more ON shop.items USING (true)`, 'shop.items'],
    [`${TABLE} CREATE VIEW shop.peek AS SELECT * FROM shop.items`, 'shop.peek'],
    [`${TABLE} CREATE MATERIALIZED VIEW shop.copy AS SELECT * FROM shop.items`, 'shop.copy'],
    [
      `CREATE TABLE shop.log (workspace_id text) PARTITION BY LIST (workspace_id); SELECT kernel.protect('shop.log');
       CREATE TABLE shop.log_a PARTITION OF shop.log FOR VALUES IN ('a')`,
      'shop.log_a',
    ],
  ];
  for (const [sql, named] of cases) {
    const fresh = await createTestDatabase();
    await write('0001_leak.sql', sql);
    await assert.rejects(
      migrate({ url: fresh.url, migrations: [room] }),
      (error) =>
        isUnderstudyError(error) && error.code === 'tenant_table_unprotected' && error.message.includes(`: ${named}.`),
      sql,
    );
    await fresh.close();
  }
  await write(
    '0001_leak.sql',
    `${TABLE} CREATE VIEW shop.fine WITH (security_invoker = true) AS SELECT * FROM shop.items`,
  );
  await run();
});

test('an application role with rights of an administrator is refused', async () => {
  await write('0001_items.sql', TABLE);
  await db.asOwner('ALTER ROLE understudy_app BYPASSRLS');
  try {
    await refuses('database_misconfigured', /ALTER ROLE understudy_app/);
  } finally {
    await db.asOwner('ALTER ROLE understudy_app NOBYPASSRLS');
  }
  await run();
});

test('a login without the right to make roles is told what an administrator has to run', async () => {
  await db.asOwner("CREATE ROLE plain LOGIN PASSWORD 'plain'");
  const url = new URL(db.url);
  url.username = 'plain';
  url.password = 'plain';
  try {
    await assert.rejects(
      migrate({ url: url.href, migrations: [] }),
      (error) => isUnderstudyError(error) && error.code === 'database_misconfigured' && /GRANT/.test(error.message),
    );
  } finally {
    await db.asOwner('DROP OWNED BY plain; DROP ROLE plain');
  }
});

test('an owner who is no superuser can migrate and serve, and is bound by row-level security itself', async () => {
  await write('0001_items.sql', `${TABLE} INSERT INTO shop.items VALUES ('ws_a'), ('ws_b')`);
  const [{ name } = { name: '' }] = await db.asOwner<{ name: string }>('SELECT current_database() AS name');
  await db.asOwner(`DROP SCHEMA kernel CASCADE; CREATE ROLE modest LOGIN CREATEROLE PASSWORD 'modest';
    GRANT understudy_app TO modest; GRANT CREATE ON DATABASE "${name}" TO modest`);
  const url = new URL(db.url);
  url.username = 'modest';
  url.password = 'modest';
  try {
    await migrate({ url: url.href, migrations: [room] });
    const open = openDatabase({ url: url.href });
    const rows = await open.database.inWorkspace('ws_a', (tx) => tx.selectFrom('shop.items').selectAll().execute());
    assert.deepEqual(rows, [{ workspace_id: 'ws_a' }]);
    await open.close();
  } finally {
    await db.asOwner('DROP OWNED BY modest; DROP ROLE modest');
  }
});
