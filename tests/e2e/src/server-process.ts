import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { endWithUs } from './scratch.ts';

/** Half of what a start costs is reading our own sources: those that were read before are kept. */
const COMPILED = join(import.meta.dirname, '../../../node_modules/.cache/compiled');

export interface ServerOptions {
  dataDir: string;
  /** Absent: the embedded PostgreSQL. */
  databaseUrl?: string;
  /** Further `UNDERSTUDY_…` settings. */
  settings?: Readonly<Record<string, string>>;
  /** Where the server's stderr goes; appended to. Default `<dataDir>.log`. */
  logFile?: string;
}

export class StartFailed extends Error {
  readonly exitCode: number | null;
  constructor(exitCode: number | null, log: string) {
    super(`the server did not start (exit ${exitCode}): ${log.slice(-4000)}`);
    this.exitCode = exitCode;
  }
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A real server as a child process on a free port of the loopback. */
export class ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** Printed by the first start on an empty database only. */
  readonly operatorKey: string | null;
  readonly logFile: string;
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;

  private constructor(started: {
    url: string;
    operatorKey: string | null;
    logFile: string;
    child: ChildProcess;
    exited: Promise<Exit>;
  }) {
    this.url = started.url;
    this.operatorKey = started.operatorKey;
    this.logFile = started.logFile;
    this.exited = started.exited;
    this.#child = started.child;
    this.pid = started.child.pid!;
  }

  /** Resolves when the server listens; throws {@link StartFailed} with its words when it ends instead. */
  static async start(options: ServerOptions): Promise<ServerProcess> {
    const logFile = options.logFile ?? `${options.dataDir}.log`;
    const log = openSync(logFile, 'a');
    const child = spawn(process.execPath, [join(import.meta.dirname, 'server-entry.ts')], {
      stdio: ['pipe', 'pipe', log],
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? COMPILED,
        UNDERSTUDY_DATA_DIR: options.dataDir,
        UNDERSTUDY_PORT: '0',
        // Its tests start many servers; those of the dashboard switch it on.
        UNDERSTUDY_DASHBOARD: 'off',
        ...(options.databaseUrl === undefined ? {} : { DATABASE_URL: options.databaseUrl }),
        ...options.settings,
      },
    });
    closeSync(log);
    endWithUs(child.pid!);
    child.stdin!.on('error', () => {}); // of a server that was killed
    const exited = once(child, 'exit').then(([code, signal]) => ({ code, signal }) as Exit);
    let operatorKey: string | null = null;
    for await (const line of createInterface({ input: child.stdout! })) {
      if (line.startsWith('operator key ')) operatorKey = line.slice('operator key '.length);
      const url = /^listening on (http:\S+)/.exec(line)?.[1];
      if (url !== undefined) {
        child.stdout!.resume();
        return new ServerProcess({ url, operatorKey, logFile, child, exited });
      }
    }
    throw new StartFailed((await exited).code, readFileSync(logFile, 'utf8'));
  }

  get log(): string {
    return readFileSync(this.logFile, 'utf8');
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** SIGTERM: the server drains. */
  async stop(): Promise<Exit> {
    if (this.running) this.#child.kill('SIGTERM');
    return this.exited;
  }

  /** SIGKILL: nothing of the server can react. Its PostgreSQL stays. */
  async kill(): Promise<Exit> {
    if (this.running) this.#child.kill('SIGKILL');
    return this.exited;
  }

  /** Resident memory in bytes. */
  get residentBytes(): number {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'))?.[1];
    return Number(kilobytes) * 1024;
  }
}
