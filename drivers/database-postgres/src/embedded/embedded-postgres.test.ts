import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isUnderstudyError } from '@understudy/kernel';
import { sql } from 'kysely';
import { migrate } from '../migrate.ts';
import { openDatabase } from '../postgres-database.ts';
import { eventually, sampleRoom } from '../testing/sample-room.ts';
import { type EmbeddedPostgres, startEmbedded } from './embedded-postgres.ts';
import { isPostmaster, readPostmasterFile } from './postmaster-file.ts';

const PROGRAM = fileURLToPath(new URL('../testing/embedded-process.ts', import.meta.url));

let base: string;
let dataDir: string;
const cluster = () => join(dataDir, 'cluster');
const isCode = (code: string) => (error: unknown) => isUnderstudyError(error) && error.code === code;

before(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'understudy-embedded-')));
  rmSync(base, { recursive: true });
  mkdirSync(base, { mode: 0o755 });
  dataDir = join(base, 'postgres');
});
after(() => rmSync(base, { recursive: true, force: true }));

async function withEmbedded<T>(work: (embedded: EmbeddedPostgres) => Promise<T>): Promise<T> {
  const embedded = await startEmbedded({ dataDir });
  try {
    return await work(embedded);
  } finally {
    await embedded.stop();
  }
}

async function countRows(url: string): Promise<number> {
  const open = openDatabase({ url });
  try {
    return (await open.database.asSystem((tx) => sql`SELECT 1 FROM sample.notes`.execute(tx))).rows.length;
  } finally {
    await open.close();
  }
}

/** Starts the program; resolves at its first line of output. */
async function startProgram(): Promise<{
  child: ChildProcess;
  first: string;
  lines: string[];
  ended: Promise<unknown>;
}> {
  const child = spawn(process.execPath, [PROGRAM, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const ended = new Promise((done) => child.once('close', done));
  const reader = createInterface({ input: child.stdout! });
  const first = await new Promise<string>((done) => {
    reader.once('line', done);
    reader.on('line', (line) => lines.push(line));
  });
  return { child, first, lines, ended };
}

test('makes a cluster that is private, durable and on no port, and starts it again', async () => {
  await withEmbedded(async ({ url, adopted }) => {
    assert.equal(adopted, false);
    await migrate({ url, migrations: [sampleRoom] });
    const open = openDatabase({ url });
    const [settings] = await open.database.prepared<Record<string, string>>(
      'settings',
      `SELECT current_setting('listen_addresses') AS tcp, current_setting('fsync') AS fsync,
              current_setting('full_page_writes') AS pages, current_setting('data_checksums') AS checksums,
              current_setting('server_encoding') AS encoding, current_setting('synchronous_commit') AS sync,
              inet_server_addr()::text AS address`,
      [],
    );
    await open.close();
    assert.deepEqual(settings, {
      ...{ tcp: '', fsync: 'on', pages: 'on', checksums: 'on', encoding: 'UTF8', sync: 'on', address: null },
    });
  });
  assert.equal(statSync(join(dataDir, 'owner.password')).mode & 0o777, 0o600);
  assert.equal(statSync(cluster()).mode & 0o777, 0o700);
  assert.equal(statSync(join(dataDir, 'run')).mode & 0o777, 0o700);
  assert.doesNotMatch(readFileSync(join(cluster(), 'pg_hba.conf'), 'utf8'), /^[^#]*\btrust\b/m);
  await withEmbedded(async ({ url }) => assert.equal(await countRows(url), 0));
});

test('nobody gets in without the password', async () => {
  await withEmbedded(async ({ url }) => {
    const wrong = new URL(url);
    wrong.password = 'guess';
    await assert.rejects(migrate({ url: wrong.href, migrations: [] }), { code: '28P01' });
  });
});

test('a second server on the directory is refused, in this process and in another', async () => {
  await withEmbedded(async ({ url, pid }) => {
    await assert.rejects(startEmbedded({ dataDir }), isCode('data_directory_in_use'));
    const { first, ended } = await startProgram();
    await ended;
    assert.equal(first, 'data_directory_in_use');
    assert.ok(isPostmaster(pid, cluster()));
    assert.equal(await countRows(url), 0);
  });
});

test('after kill -9 of the process that owns it, the server is taken over and no acknowledged row is missing', async () => {
  const program = await startProgram();
  assert.equal(program.first, 'ready');
  await eventually(() => program.lines.length > 20);
  program.child.kill('SIGKILL');
  await program.ended;
  const acknowledged = Number(program.lines.at(-1));
  await withEmbedded(async ({ url, adopted }) => {
    assert.equal(adopted, true);
    const stored = await countRows(url);
    assert.ok(stored >= acknowledged && stored <= acknowledged + 1, `${stored} rows, ${acknowledged} acknowledged`);
  });
});

test('after kill -9 of both, it starts again and no acknowledged row is missing', async () => {
  await withEmbedded(async ({ url }) => {
    const open = openDatabase({ url });
    await open.database.asSystem((tx) => sql`DELETE FROM sample.notes`.execute(tx));
    await open.close();
  });
  const program = await startProgram();
  await eventually(() => program.lines.length > 20);
  const { pid } = readPostmasterFile(cluster())!;
  program.child.kill('SIGKILL');
  process.kill(pid, 'SIGKILL');
  await program.ended;
  const acknowledged = Number(program.lines.at(-1));
  await eventually(() => !isPostmaster(pid, cluster()));
  await withEmbedded(async ({ url, adopted }) => {
    assert.equal(adopted, false);
    assert.ok((await countRows(url)) >= acknowledged);
  });
});

test('kill -9 of the server in mid use is database_unavailable, and heals without a restart of ours', async () => {
  await withEmbedded(async (embedded) => {
    const open = openDatabase({ url: embedded.url });
    const before = await countRows(embedded.url);
    const dead = embedded.pid;
    await assert.rejects(
      open.database.asSystem(async (tx) => {
        process.kill(dead, 'SIGKILL');
        await eventually(() => !isPostmaster(dead, cluster()));
        for (;;) await sql`SELECT pg_sleep(0.01)`.execute(tx); // until the backend notices
      }),
      isCode('database_unavailable'),
    );
    const others = new Set<unknown>();
    await eventually(async () => {
      try {
        await open.ping();
        return true;
      } catch (error) {
        others.add((error as { code?: string }).code);
        return false;
      }
    });
    others.delete('database_unavailable');
    assert.deepEqual([...others], []);
    assert.notEqual(embedded.pid, dead);
    assert.equal(await countRows(embedded.url), before);
    await open.close();
  });
});

test('a stale postmaster.pid whose number now belongs to another process of the same user does not stop it', async () => {
  const { uid, gid } = statSync(cluster());
  const innocent = spawn('sleep', ['600'], { uid, gid, stdio: 'ignore' });
  try {
    writeFileSync(
      join(cluster(), 'postmaster.pid'),
      `${innocent.pid}\n${cluster()}\n1700000000\n5432\n${join(dataDir, 'run')}\n\n  1 1\nready   \n`,
    );
    await withEmbedded(async ({ url, adopted }) => {
      assert.equal(adopted, false);
      await countRows(url);
    });
    assert.equal(innocent.exitCode, null);
    assert.equal(innocent.signalCode, null);
  } finally {
    innocent.kill();
  }
});

test('a data directory whose path is too long for a socket has its socket elsewhere', async () => {
  const shallow = dataDir;
  dataDir = join(base, ...Array.from({ length: 6 }, () => 'a-rather-long-folder-name'), 'postgres');
  try {
    await withEmbedded(async ({ url }) => {
      const socket = new URL(url).searchParams.get('host')!;
      assert.ok(socket.length < 80 && !socket.startsWith(dataDir), socket);
      assert.equal(statSync(socket).mode & 0o777, 0o700);
      await migrate({ url, migrations: [] });
    });
  } finally {
    rmSync(readFileSync(join(dataDir, 'socket-directory'), 'utf8').trim(), { recursive: true });
    dataDir = shallow;
  }
});

test('a directory of another major version, or without its password, is refused in words', async () => {
  const version = join(cluster(), 'PG_VERSION');
  writeFileSync(version, '17\n');
  await assert.rejects(
    startEmbedded({ dataDir }),
    (error) =>
      isCode('data_directory_unusable')(error) && /PostgreSQL 17.*PostgreSQL 18/.test((error as Error).message),
  );
  writeFileSync(version, '18\n');
  const password = readFileSync(join(dataDir, 'owner.password'));
  rmSync(join(dataDir, 'owner.password'));
  await assert.rejects(startEmbedded({ dataDir }), isCode('data_directory_unusable'));
  writeFileSync(join(dataDir, 'owner.password'), password, { mode: 0o600 });
  await withEmbedded(async ({ url }) => void (await countRows(url)));
});
