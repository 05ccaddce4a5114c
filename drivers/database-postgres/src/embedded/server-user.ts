import { spawnSync } from 'node:child_process';
import { readFileSync, type Stats, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Logger } from '@understudy/kernel';
import { databaseErrors } from '../errors.ts';

/** The user that PostgreSQL runs under: it refuses to run as root. */
export interface ServerUser {
  name: string;
  uid: number;
  gid: number;
}

const SYSTEM_PATH = '/usr/sbin:/usr/bin:/sbin:/bin';

/** initdb looks its user up by name, so a bare number is not enough: the user has to exist in the passwd file. */
function findUser(wanted: (user: ServerUser) => boolean): ServerUser | undefined {
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [name = '', , uid, gid] = line.split(':');
    const user = { name, uid: Number(uid), gid: Number(gid) };
    if (user.uid > 0 && user.gid >= 0 && wanted(user)) return user;
  }
  return undefined;
}

/** shadow-utils first (Debian, Red Hat), then busybox (Alpine). */
function createUser(): ServerUser | undefined {
  const commands: [string, string[]][] = [
    ['useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', 'understudy']],
    ['adduser', ['-S', '-D', '-H', '-s', '/sbin/nologin', 'understudy']],
  ];
  for (const [command, parameters] of commands) {
    spawnSync(command, parameters, { env: { PATH: SYSTEM_PATH }, stdio: 'ignore', timeout: 10_000 });
    const user = findUser(({ name }) => name === 'understudy');
    if (user !== undefined) return user;
  }
  return undefined;
}

/**
 * The user for a server that root starts: the one who owns the existing cluster, else `understudy` or `postgres` if
 * the machine has them, else a new system user, else `nobody`. Undefined when this process is not root: PostgreSQL
 * then runs as the same user.
 *
 * @throws `embedded_postgres_unavailable` when there is no user at all to run it under
 */
export function chooseServerUser(clusterDirectory: string, logger: Logger): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(clusterDirectory, { throwIfNoEntry: false })?.uid ?? 0;
  if (owner !== 0) return findUser(({ uid }) => uid === owner) ?? { name: String(owner), uid: owner, gid: owner };
  for (const candidate of ['understudy', 'postgres', '_postgres']) {
    const user = findUser(({ name }) => name === candidate);
    if (user !== undefined) return user;
  }
  const user = createUser() ?? findUser(({ name }) => name === 'nobody');
  if (user === undefined) {
    throw databaseErrors.embedded_postgres_unavailable(
      'PostgreSQL does not run as root, and there is no unprivileged user to run it under. Create one (useradd --system understudy), start the server as an ordinary user, or set DATABASE_URL.',
    );
  }
  logger.info({ user: user.name }, 'PostgreSQL runs under a user of its own');
  return user;
}

/** Whether `user` (undefined: ourselves) may pass through every folder above `path`, by permission bits. */
export function canReach(path: string, user: ServerUser | undefined): boolean {
  if (user === undefined) return true;
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    if (!allows(statSync(folder), user, 0o1)) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** Whether the permission bits of `stats` give `user` this right (4 read, 2 write, 1 execute or pass). */
export function allows(stats: Stats, user: ServerUser, right: number): boolean {
  const shift = stats.uid === user.uid ? 6 : stats.gid === user.gid ? 3 : 0;
  return ((stats.mode >> shift) & right) === right;
}
