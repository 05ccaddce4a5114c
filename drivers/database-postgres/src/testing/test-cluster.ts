import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@understudy/kernel';
import { type Binaries, locateBinaries, systemBinaries } from '../embedded/binaries.ts';
import { initialiseCluster, makePrivateDirectory, OWNER_ROLE } from '../embedded/cluster.ts';
import { socketUrl } from '../embedded/home.ts';
import { Postmaster } from '../embedded/postmaster.ts';
import { isPostmaster, readPostmasterFile } from '../embedded/postmaster-file.ts';
import { serverArguments } from '../embedded/server-settings.ts';
import { chooseServerUser, type ServerUser } from '../embedded/server-user.ts';

/** A PostgreSQL that the machine has already; absent: the one that npm installed. */
export interface SystemPostgres {
  /** e.g. `/usr/lib/postgresql/15/bin` */
  folder: string;
  majorVersion: number;
}

export interface TestCluster {
  /** The owner's URL of a database of this cluster. */
  url(database: string): string;
}

/**
 * A throw-away PostgreSQL for this process: a copy of a cluster that initdb made once on this machine, without fsync.
 * It ends with the process; what a killed process left behind is swept by the next one.
 */
export async function startTestCluster(system?: SystemPostgres): Promise<TestCluster> {
  const base = join(tmpdir(), `understudy-tests-${process.getuid?.() ?? 0}`);
  makeOwnDirectory(base);
  sweep(base);
  const user = chooseServerUser(join(base, 'none'), silentLogger);
  const binaries =
    system === undefined
      ? await locateBinaries(base, user, silentLogger)
      : systemBinaries(system.folder, system.majorVersion);
  const template = await ensureTemplate(base, binaries, user);

  const run = join(base, `run-${process.pid}-${randomBytes(4).toString('hex')}`);
  mkdirSync(run, { mode: 0o711 });
  const cluster = join(run, 'cluster');
  const copied = spawnSync('cp', ['-a', join(template, 'cluster'), cluster], { encoding: 'utf8' });
  if (copied.status !== 0) throw new Error(`cannot copy the template cluster: ${copied.stderr}`);
  const password = readFileSync(join(template, 'password'), 'utf8');
  const socketDirectory = join(run, 's');
  makePrivateDirectory(socketDirectory, user);
  const postmaster = new Postmaster({
    binaries,
    cluster,
    socketDirectory,
    arguments: serverArguments({ socketDirectory, durable: false, majorVersion: binaries.majorVersion }),
    user,
    logFile: join(run, 'log'),
    logger: silentLogger,
  });
  await postmaster.start();
  process.once('exit', () => endNow(run));
  return { url: (database) => socketUrl(socketDirectory, OWNER_ROLE, password, database) };
}

/** A predictable name in a shared temporary directory is only good while it is ours. */
function makeOwnDirectory(path: string): void {
  mkdirSync(path, { recursive: true });
  if (lstatSync(path).uid !== process.getuid?.()) throw new Error(`${path} belongs to somebody else`);
  chmodSync(path, 0o711);
}

async function ensureTemplate(base: string, binaries: Binaries, user: ServerUser | undefined): Promise<string> {
  const template = join(base, `template-${binaries.majorVersion}-${user?.name ?? 'self'}`);
  if (lstatSync(template, { throwIfNoEntry: false }) !== undefined) return template;
  const unfinished = `${template}.${process.pid}`;
  mkdirSync(unfinished, { mode: 0o711 });
  const password = randomBytes(16).toString('base64url');
  writeFileSync(join(unfinished, 'password'), password, { mode: 0o600 });
  await initialiseCluster({ binaries, cluster: join(unfinished, 'cluster'), password, user, durable: false });
  try {
    renameSync(unfinished, template);
  } catch {
    rmSync(unfinished, { recursive: true, force: true }); // another process was faster
  }
  return template;
}

function sweep(base: string): void {
  for (const entry of readdirSync(base)) {
    const pid = Number(/^run-(\d+)-/.exec(entry)?.[1]);
    if (pid > 0 && !isAlive(pid)) endNow(join(base, entry));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Ends the cluster of a run at once and removes it. Synchronous, because it runs while the process exits. */
function endNow(run: string): void {
  const cluster = join(run, 'cluster');
  const pid = readPostmasterFile(cluster)?.pid;
  if (pid !== undefined && isPostmaster(pid, cluster)) {
    process.kill(pid, 'SIGQUIT');
    const pause = new Int32Array(new SharedArrayBuffer(4));
    for (let round = 0; round < 200 && isPostmaster(pid, cluster); round++) Atomics.wait(pause, 0, 0, 5);
  }
  rmSync(run, { recursive: true, force: true, maxRetries: 3 });
}
