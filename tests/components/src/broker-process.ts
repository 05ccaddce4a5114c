import { type ChildProcess, spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const groups = new Set<number>();
process.once('exit', killAll);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // Without a listener these end us with no word to `exit`.
  process.once(signal, () => {
    killAll();
    process.kill(process.pid, signal);
  });
}

function killAll(): void {
  for (const pid of groups) signalGroup(pid, 'SIGKILL');
}

export interface Command {
  file: string;
  args: readonly string[];
  env: Record<string, string>;
  cwd: string;
  /** What it prints goes here, and is shown when it does not start. */
  log: string;
}

/** A server in a process group of its own: all of it ends with us, or by one kill. */
export class BrokerProcess {
  readonly #child: ChildProcess;
  readonly #command: Command;
  readonly #ended: Promise<void>;
  readonly #logStart: number;

  constructor(command: Command) {
    const output = openSync(command.log, 'a');
    this.#logStart = readFileSync(command.log).length;
    const { file, args, env, cwd } = command;
    this.#command = command;
    this.#child = spawn(file, args, { cwd, env, detached: true, stdio: ['ignore', output, output] });
    this.#ended = new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('exit', () => resolve());
    });
    this.#ended.catch(() => {}); // ready() tells
    if (this.#child.pid !== undefined) groups.add(this.#child.pid);
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** What it has printed since this start. */
  get log(): string {
    return readFileSync(this.#command.log).subarray(this.#logStart).toString('utf8');
  }

  /** SIGSTOP: it hangs, with its connections open, until {@link thaw}. */
  freeze(): void {
    signalGroup(this.pid, 'SIGSTOP');
  }

  thaw(): void {
    signalGroup(this.pid, 'SIGCONT');
  }

  /** Waits until `check` holds; throws with the end of the log when the process ends first, or after the limit. */
  async ready(check: () => Promise<boolean>, seconds = 60): Promise<void> {
    for (const end = Date.now() + seconds * 1000; ; ) {
      if (!this.running) throw new Error(`${this.#command.file} ended while starting:\n${this.#tail()}`);
      if (await Promise.race([check().catch(() => false), this.#ended.then(() => false)])) return;
      if (Date.now() > end) throw new Error(`${this.#command.file} is not ready after ${seconds} s:\n${this.#tail()}`);
      await pause(100);
    }
  }

  /** Asks it to end, and kills it when it has not after 20 s. */
  async stop(): Promise<void> {
    const pid = this.#child.pid;
    if (pid === undefined) return;
    signalGroup(pid, 'SIGTERM');
    const force = setTimeout(() => signalGroup(pid, 'SIGKILL'), 20_000);
    await this.#ended.catch(() => {});
    clearTimeout(force);
    await this.#groupGone(pid);
  }

  /** Kills it, with all it has started, as a power cut would. */
  async kill(): Promise<void> {
    const pid = this.#child.pid;
    if (pid === undefined) return;
    signalGroup(pid, 'SIGKILL');
    await this.#ended.catch(() => {});
    await this.#groupGone(pid);
  }

  /** What the leader leaves behind may still hold its ports and files. Dead ones that nobody reaps do not matter. */
  async #groupGone(pid: number): Promise<void> {
    for (let round = 0; round < 20 && signalGroup(pid, 'SIGKILL'); round++) await pause(20);
    groups.delete(pid);
  }

  #tail(): string {
    return this.log.slice(-4000);
  }
}

/** False when nobody is left to get it. */
function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}
