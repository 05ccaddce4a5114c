import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  type EmbeddedPostgres,
  migrate,
  type OpenDatabase,
  openDatabase,
  startEmbedded,
} from '@understudy/database-postgres';
import { isUnderstudyError } from '@understudy/kernel';
import { Ledger } from '../ledger.ts';
import { exampleDecision } from '../testing/example-entries.ts';
import { verifyLedger } from '../verification/verify-ledger.ts';
import { ledgerMigrations, PostgresLedgerStorage } from './index.ts';

const WORKSPACE = 'ws_outage';
let directory: string;
let server: EmbeddedPostgres;
let open: OpenDatabase;
let storage: PostgresLedgerStorage;

before(async () => {
  directory = mkdtempSync(join(tmpdir(), 'understudy-outage-'));
  server = await startEmbedded({ dataDir: directory });
  await migrate({ url: server.url, migrations: [ledgerMigrations] });
  open = openDatabase({ url: server.url });
  storage = new PostgresLedgerStorage(open.database);
  await storage.ensurePartitions(Date.now(), Date.now());
});
after(async () => {
  await open.close();
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
});

const isUnavailable = (error: unknown) => isUnderstudyError(error) && error.code === 'database_unavailable';

/** Appends until told to stop; what was acknowledged, and what was tried. */
async function hammer(ledger: Ledger, until: () => boolean, acknowledged: Set<string>, tried: Set<string>) {
  while (!until()) {
    const entry = exampleDecision(WORKSPACE, Date.now());
    tried.add(entry.id);
    try {
      await ledger.append(entry);
      acknowledged.add(entry.id);
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

/** Waits for another server than the one that was killed: its connections outlive it for a moment. */
async function comeBack(killed: number): Promise<void> {
  for (;;) {
    try {
      await new Promise((resolve) => setImmediate(resolve));
      if (server.pid === killed) continue;
      return await open.ping();
    } catch (error) {
      if (!isUnavailable(error)) throw error;
    }
  }
}

test('kill -9 of the server in the middle of appends: nothing acknowledged is lost, nothing is there twice', async () => {
  const ledger = new Ledger({ storage });
  const acknowledged = new Set<string>();
  const tried = new Set<string>();
  let stopped = false;
  const writers = Array.from({ length: 16 }, () => hammer(ledger, () => stopped, acknowledged, tried));
  for (let kill = 0; kill < 3; kill++) {
    const goal = acknowledged.size + 300;
    while (acknowledged.size < goal) await new Promise((resolve) => setImmediate(resolve));
    const { pid } = server;
    process.kill(pid, 'SIGKILL');
    await comeBack(pid);
  }
  stopped = true;
  await Promise.all(writers);
  const report = await verifyLedger(storage, WORKSPACE);
  assert.deepEqual(report.found, []);
  const found: string[] = [];
  for (let after = ''; ; ) {
    const rows = await storage.scan(WORKSPACE, 'decision', after, 1000);
    found.push(...rows.map(({ id }) => id));
    if (rows.length < 1000) break;
    after = rows.at(-1)!.id.slice(4);
  }
  assert.equal(new Set(found).size, found.length);
  assert.equal(report.entries, found.length);
  const there = new Set(found);
  assert.deepEqual(
    [...acknowledged].filter((id) => !there.has(id)),
    [],
    'acknowledged and lost',
  );
  assert.deepEqual(
    found.filter((id) => !tried.has(id)),
    [],
    'never tried and there',
  );
});

test('a database that is away is database_unavailable for everybody who waits, and then works again', async () => {
  const dead = openDatabase({
    url: server.url.replace(/\/understudy\b/, '/no_such_database').replace(/host=[^&]*/, 'host=/nonexistent'),
  });
  const away = new PostgresLedgerStorage(dead.database);
  let target = away;
  const switching = new Proxy(storage, {
    get:
      (_target, name) =>
      (...args: unknown[]) =>
        (target as never as Record<string | symbol, (...all: unknown[]) => unknown>)[name]!(...args),
  });
  let paused = 0;
  const ledger = new Ledger({
    storage: switching,
    limits: { settleMs: 60_000 },
    pause: async () => {
      if (++paused === 3) target = storage;
    },
  });
  const receipts = await Promise.all(
    Array.from({ length: 5 }, () => ledger.append(exampleDecision('ws_away', Date.now()))),
  );
  assert.ok(
    receipts.every(({ replayed }) => !replayed),
    'an outage shorter than the settling time is not seen',
  );
  target = away;
  const impatient = new Ledger({ storage: switching, limits: { settleMs: 0 } });
  const outcomes = await Promise.allSettled(
    Array.from({ length: 50 }, () => impatient.append(exampleDecision('ws_away', Date.now()))),
  );
  assert.ok(outcomes.every((outcome) => outcome.status === 'rejected' && isUnavailable(outcome.reason)));
  target = storage;
  assert.equal((await impatient.append(exampleDecision('ws_away', Date.now()))).replayed, false);
  assert.equal((await verifyLedger(storage, 'ws_away')).entries, 6);
  await dead.close();
});
