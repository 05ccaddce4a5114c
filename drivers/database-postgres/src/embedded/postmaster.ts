import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@understudy/kernel';
import { databaseErrors } from '../errors.ts';
import type { Binaries } from './binaries.ts';
import { disownPostmasterFile, isPostmaster, readPostmasterFile, removeDeadSocket } from './postmaster-file.ts';
import type { ServerUser } from './server-user.ts';

export interface PostmasterOptions {
  binaries: Binaries;
  /** The cluster's directory (PGDATA). */
  cluster: string;
  /** A private folder, used by this server only. */
  socketDirectory: string;
  /** Command line after `-D <cluster>`. */
  arguments: string[];
  user: ServerUser | undefined;
  logFile: string;
  logger: Logger;
}

/** The environment is fixed, so that no PG… variable of the caller's shell changes what the server does. */
export const SERVER_ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

const START_TIMEOUT_MS = 120_000; // crash recovery of a gigabyte of WAL on a slow disk
const STOP_TIMEOUT_MS = 30_000;
const POLL_MS = 10;
const WATCH_MS = 500;
const FIRST_RESTART_MS = 100;
const LAST_RESTART_MS = 5_000;
const LOG_LIMIT_BYTES = 16 * 1024 * 1024;

/** One PostgreSQL server process: started or taken over, watched, started again when it dies, stopped. */
export class Postmaster {
  readonly #options: PostmasterOptions;
  #pid = 0;
  #watch: NodeJS.Timeout | undefined;
  #stopping = false;
  #restarting: Promise<void> | undefined;

  constructor(options: PostmasterOptions) {
    this.#options = options;
  }

  get pid(): number {
    return this.#pid;
  }

  /** Takes over a running server that has our command line; false when there is none (a different one is stopped). */
  async adopt(): Promise<boolean> {
    const { cluster, logger } = this.#options;
    const running = readPostmasterFile(cluster);
    if (running === undefined || !isPostmaster(running.pid, cluster)) return false;
    this.#pid = running.pid;
    const command = readFileSync(join(cluster, 'postmaster.opts'), 'utf8');
    if (running.status !== 'ready' || !command.includes(this.#options.arguments.map((word) => `"${word}"`).join(' '))) {
      await this.#end();
      return false;
    }
    logger.info({ pid: running.pid }, 'PostgreSQL was still running and is taken over');
    this.#watchOver();
    return true;
  }

  /** Starts the server and waits until it takes connections. Throws `embedded_postgres_failed`. */
  async start(): Promise<void> {
    const { cluster, socketDirectory } = this.#options;
    const stale = readPostmasterFile(cluster);
    if (stale === undefined || !isPostmaster(stale.pid, cluster)) {
      if (stale !== undefined) disownPostmasterFile(cluster);
      removeDeadSocket(socketDirectory);
    }
    const child = this.#spawn();
    let ended: string | undefined;
    child.once('error', (error) => {
      ended = error.message;
    });
    child.once('exit', (code, signal) => {
      ended = signal ?? `exit code ${code}`;
    });
    for (const deadline = Date.now() + START_TIMEOUT_MS; ; await delay(POLL_MS)) {
      const file = readPostmasterFile(cluster);
      if (file?.pid === child.pid && file?.status === 'ready') break;
      if (ended !== undefined || Date.now() > deadline) {
        child.kill('SIGQUIT');
        throw databaseErrors.embedded_postgres_failed(
          `PostgreSQL did not start (${ended ?? 'no answer'}). Its log ends with:\n${tail(this.#options.logFile)}`,
        );
      }
    }
    this.#pid = child.pid ?? 0;
    child.once('exit', () => this.#died());
    this.#watchOver();
  }

  /** Ends the server as `pg_ctl -m fast -w stop` does: open transactions are rolled back, everything is on disk. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#watch);
    await this.#restarting;
    await this.#end();
  }

  #spawn(): ChildProcess {
    const { binaries, cluster, user, logFile } = this.#options;
    const log = openSync(logFile, 'a', 0o600);
    try {
      const child = spawn(binaries.postgres, ['-D', cluster, ...this.#options.arguments], {
        cwd: '/',
        env: SERVER_ENVIRONMENT,
        stdio: ['ignore', log, log],
        detached: true, // a session of its own: Ctrl-C in our terminal is ours to handle, not the server's
        ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }),
      });
      child.unref();
      return child;
    } finally {
      closeSync(log);
    }
  }

  #watchOver(): void {
    clearInterval(this.#watch);
    let rounds = 0;
    this.#watch = setInterval(() => {
      if (!isPostmaster(this.#pid, this.#options.cluster)) this.#died();
      if (++rounds % 120 === 0) boundLog(this.#options.logFile);
    }, WATCH_MS).unref();
  }

  #died(): void {
    if (this.#stopping || this.#restarting !== undefined) return;
    clearInterval(this.#watch);
    this.#restarting = this.#restart().finally(() => {
      this.#restarting = undefined;
    });
  }

  async #restart(): Promise<void> {
    const { logger, logFile } = this.#options;
    logger.error({ pid: this.#pid, log: tail(logFile) }, 'PostgreSQL ended unexpectedly; starting it again');
    for (let wait = FIRST_RESTART_MS; !this.#stopping; wait = Math.min(wait * 2, LAST_RESTART_MS)) {
      try {
        await this.start();
        logger.info({ pid: this.#pid }, 'PostgreSQL is back');
        return;
      } catch (error) {
        logger.error({ err: error }, 'PostgreSQL did not come back; trying again');
        await delay(wait);
      }
    }
  }

  async #end(): Promise<void> {
    const { cluster, logger } = this.#options;
    const pid = this.#pid;
    const signals: [NodeJS.Signals, number][] = [
      ['SIGINT', STOP_TIMEOUT_MS],
      ['SIGQUIT', STOP_TIMEOUT_MS],
      ['SIGKILL', 1_000],
    ];
    for (const [signal, patience] of signals) {
      if (!isPostmaster(pid, cluster)) return;
      if (signal !== 'SIGINT') logger.warn({ pid, signal }, 'PostgreSQL does not stop; insisting');
      process.kill(pid, signal);
      for (const deadline = Date.now() + patience; Date.now() < deadline; await delay(POLL_MS)) {
        if (!isPostmaster(pid, cluster)) return;
      }
    }
  }
}

/** The last lines of a log, for a message. */
function tail(file: string): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-8).join('\n');
  } catch {
    return '(no log)';
  }
}

/** The server appends, so cutting the file under it is safe. */
export function boundLog(file: string): void {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT_BYTES) truncateSync(file);
}
