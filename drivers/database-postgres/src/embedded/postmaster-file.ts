import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What PostgreSQL writes into `postmaster.pid`. */
export interface PostmasterFile {
  pid: number;
  /** `starting`, `ready`, `stopping`, `standby`; empty while the file is being written. */
  status: string;
}

/** Reads `postmaster.pid`; undefined when there is none or it is not complete yet. */
export function readPostmasterFile(cluster: string): PostmasterFile | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const pid = Number(lines[0]);
  return Number.isInteger(pid) && pid > 0 ? { pid, status: (lines[7] ?? '').trim() } : undefined;
}

/** Whether process `pid` is alive and is a PostgreSQL server on this cluster, not whoever got its number since. */
export function isPostmaster(pid: number, cluster: string): boolean {
  try {
    process.kill(pid, 0);
    const folder = realpathSync(cluster);
    if (process.platform === 'linux') {
      return (
        readlinkSync(`/proc/${pid}/cwd`) === folder && readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgres')
      );
    }
    const { stdout } = spawnSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' });
    return stdout.includes('postgres') && (stdout.includes(cluster) || stdout.includes(folder));
  } catch {
    return false;
  }
}

/**
 * Makes a `postmaster.pid` whose process number belongs to somebody else by now harmless. PostgreSQL would refuse to
 * start because "it is running"; removing the file would also remove the shared memory key by which PostgreSQL
 * notices surviving backends of the dead server. So the number is replaced by our own: PostgreSQL takes its parent's
 * number for a stale one, and still checks the rest.
 */
export function disownPostmasterFile(cluster: string): void {
  const file = join(cluster, 'postmaster.pid');
  const [, ...rest] = readFileSync(file, 'utf8').split('\n');
  writeFileSync(file, [String(process.pid), ...rest].join('\n'));
}

/**
 * Removes the socket of a dead server and the lock beside it, which names the dead server's number too. The folder
 * is private to this cluster, so nobody else's server can be behind them.
 */
export function removeDeadSocket(socketDirectory: string): void {
  for (const name of ['.s.PGSQL.5432', '.s.PGSQL.5432.lock']) rmSync(join(socketDirectory, name), { force: true });
}
