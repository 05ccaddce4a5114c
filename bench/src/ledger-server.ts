import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, type OpenDatabase, openDatabase, startEmbedded } from '@understudy/database-postgres';
import { ledgerMigrations, PostgresLedgerStorage } from '@understudy/ledger/storage';

export interface LedgerServer {
  open: OpenDatabase;
  storage: PostgresLedgerStorage;
  /** The owner's URL. */
  url: string;
  /** CPU seconds that the server's processes have used so far (those that still run); NaN where /proc is not. */
  cpuSeconds(): number;
  stop(): Promise<void>;
}

const TICKS_A_SECOND = 100;

function cpuSecondsOf(postmaster: number): number {
  let ticks = 0;
  try {
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      let text: string;
      try {
        text = readFileSync(`/proc/${name}/stat`, 'utf8');
      } catch {
        continue; // it has ended
      }
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      const isServer = Number(name) === postmaster || Number(fields[1]) === postmaster;
      if (isServer) ticks += Number(fields[11]) + Number(fields[12]);
    }
  } catch {
    return Number.NaN;
  }
  return ticks / TICKS_A_SECOND;
}

/** A durable PostgreSQL of its own (fsync and synchronous_commit on), with the ledger's tables, in a temporary folder. */
export async function startLedgerServer(): Promise<LedgerServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'understudy-bench-ledger-'));
  const server = await startEmbedded({ dataDir });
  await migrate({ url: server.url, migrations: [ledgerMigrations] });
  const open = openDatabase({ url: server.url, poolSize: 20 });
  const storage = new PostgresLedgerStorage(open.database);
  await storage.ensurePartitions(Date.now(), Date.now());
  return {
    open,
    storage,
    url: server.url,
    cpuSeconds: () => cpuSecondsOf(server.pid),
    stop: async () => {
      await open.close();
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
