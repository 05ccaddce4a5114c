import { createReadStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { type DumpPiece, migrate, openDatabase, restoreDatabase, startEmbedded } from '@understudy/database-postgres';
import { silentLogger } from '@understudy/kernel';
import { PostgresLedgerStorage } from '@understudy/ledger/storage';
import { FilesystemObjectStore } from '@understudy/objects-filesystem';
import type { Config } from '../config.ts';
import { roomMigrations } from '../migrations.ts';
import { readLines } from './archive.ts';
import { backupErrors } from './errors.ts';

export interface Restored {
  /** Of the server that made it. */
  version: string;
  madeAt: string;
  tables: number;
  rows: number;
  objects: number;
}

/**
 * Puts a backup into an empty data directory, or an empty database that `DATABASE_URL` names, with no server running on
 * it. The rows come in one transaction, after every object is in place; a restore that fails leaves nothing behind but
 * objects, which the next try finds there.
 *
 * @throws `backup_invalid` `database_not_empty` `data_directory_in_use` `database_newer` `storage_full`
 */
export async function restoreBackup(config: Config, file: string, say: (what: string) => void): Promise<Restored> {
  say('checking the backup');
  // First through the whole file: nothing of one that turns out to be damaged is ever written.
  const { migrations, version, madeAt } = await check(file);
  mkdirSync(config.dataDir, { recursive: true });
  const embedded =
    config.databaseUrl === undefined ? await startEmbedded({ dataDir: join(config.dataDir, 'postgres') }) : null;
  try {
    const url = config.databaseUrl ?? embedded!.url;
    const objects = await FilesystemObjectStore.open({ directory: join(config.dataDir, 'objects') });
    say('restoring objects');
    const count = await restoreObjects(file, objects);
    say('bringing the database to the state of the backup');
    await migrate({ url, migrations: roomMigrations, only: new Set(migrations) });
    say('restoring rows');
    const counts = await restoreDatabase(url, piecesOf(file), { emptyWithout: 'identity.workspaces' });
    await migrate({ url, migrations: roomMigrations });
    await makeRoom(url);
    const rows = [...counts.values()].reduce((sum, one) => sum + one, 0);
    return { version, madeAt, tables: counts.size, rows, objects: count };
  } finally {
    await embedded?.stop();
  }
}

function linesOf(file: string) {
  const source = createReadStream(file);
  const text = source.pipe(createGunzip());
  source.on('error', (error) => text.destroy(error));
  const lines = createInterface({ input: text, crlfDelay: Number.POSITIVE_INFINITY });
  return readLines(checked(lines, text));
}

/** What zlib finds wrong is a damaged backup; `readline` hands it on, or ends quietly. */
async function* checked(lines: AsyncIterable<string>, input: NodeJS.EventEmitter): AsyncGenerator<string> {
  let failure: unknown;
  input.on('error', (error: Error) => {
    failure = error;
  });
  try {
    yield* lines;
  } catch (error) {
    failure = error;
  }
  if (failure === undefined) return;
  if (!String((failure as NodeJS.ErrnoException).code).startsWith('Z_')) throw failure;
  throw backupErrors.backup_invalid('This is not a whole backup: it was cut off or damaged.', { cause: failure });
}

/** Whether it is whole, and what it says of itself. */
async function check(file: string): Promise<{ version: string; madeAt: string; migrations: string[] }> {
  let made = { version: '', madeAt: '' };
  let migrations: string[] | null = null;
  for await (const line of linesOf(file)) {
    if (line.kind === 'backup') made = { version: line.version, madeAt: line.made_at };
    else if (line.kind === 'migrations') migrations = line.applied.map(({ room, name }) => `${room}/${name}`);
  }
  if (migrations === null) throw backupErrors.backup_invalid('The backup holds no database.');
  return { ...made, migrations };
}

async function* piecesOf(file: string): AsyncGenerator<DumpPiece> {
  for await (const line of linesOf(file)) {
    if (line.kind === 'table' || line.kind === 'rows' || line.kind === 'sequence') yield line;
  }
}

async function restoreObjects(file: string, objects: FilesystemObjectStore): Promise<number> {
  const lines = linesOf(file)[Symbol.asyncIterator]();
  let count = 0;
  let { value: line, done } = await lines.next();
  async function* bytes(): AsyncGenerator<Uint8Array> {
    for (;;) {
      ({ value: line, done } = await lines.next());
      if (done === true || line.kind !== 'bytes') return;
      yield Buffer.from(line.bytes, 'base64');
    }
  }
  while (done !== true) {
    if (line.kind === 'object') {
      await objects.put(line.key, bytes());
      count++;
    } else ({ value: line, done } = await lines.next());
  }
  return count;
}

/** The ledger's months: what fell into the partition for everything else moves into its own. */
async function makeRoom(url: string): Promise<void> {
  const open = openDatabase({ url, logger: silentLogger, poolSize: 4, applicationName: 'understudy restore' });
  try {
    const storage = new PostgresLedgerStorage(open.database);
    const oldest = await storage.oldestDecision();
    if (oldest !== null) await storage.ensurePartitions(oldest, Date.now());
  } finally {
    await open.close();
  }
}
