import { type ChildProcess, fork } from 'node:child_process';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Logger } from '@understudy/kernel';
import type { Config } from '../config.ts';
import { busyReport } from '../http/load/busy-report.ts';
import { type Busyness, realClock } from '../http/load/gateway-pace.ts';
import type { FromWorker, ToWorker } from './protocol.ts';

const ENTRY = fileURLToPath(new URL('./entry.ts', import.meta.url));
/** Pause before a process that ended by itself is started again, doubling from the first to the second figure. */
const RESTART_MS = [500, 30_000] as const;
/** It ran for so long: the next end is a new story. */
const SETTLED_MS = 60_000;
const METRICS_MS = 2_000;
/** How often it hears how busy the gateway is, while requests come. */
const REPORT_MS = 25;
const QUIET_MS = 1_000;
/** Between nothing and the least: what people wait for goes first where both want the same core. */
const NICENESS = 5;

/**
 * Workers and schedulers in a process of their own, so that no job, label or training run stands in the way of an
 * answer that somebody waits for. It is started again when it ends by itself; what it had in hand is taken up by its
 * successor, as it would be by any other worker.
 */
export class WorkerProcess {
  readonly #logger: Logger;
  readonly #graceMs: number;
  /** What it works by; null until it is told to start. */
  #config: Config | null = null;
  #child: ChildProcess | null = null;
  #started: (() => void) | null = null;
  #failed: ((error: Error) => void) | null = null;
  #stopping = false;
  #wait: number = RESTART_MS[0];
  #timer: NodeJS.Timeout | undefined;
  #reports: NodeJS.Timeout | undefined;
  #asked = 0;
  readonly #answers = new Map<number, (metrics: object[]) => void>();
  #gone: (() => void) | null = null;

  constructor(drainSeconds: number, logger: Logger) {
    this.#logger = logger.child({ component: 'worker-process' });
    this.#graceMs = drainSeconds * 1000 + 10_000;
  }

  /** Lets it read its code while there is nothing to work on yet: reading takes a second. */
  warmUp(): void {
    this.#spawn();
  }

  /**
   * Resolves when it is at work. Rejects when its first start fails.
   *
   * @param config of the child: its roles, a database that runs, a port of its own.
   */
  start(config: Config): Promise<void> {
    this.#config = config;
    return new Promise((resolve, reject) => {
      this.#started = resolve;
      this.#failed = reject;
      if (this.#child === null) this.#spawn();
      else this.#send(this.#child, { kind: 'start', config });
    });
  }

  /** From now on it hears how busy the gateway is, and stands back. */
  standsBackBehind(gateway: Busyness): void {
    const clock = realClock();
    this.#reports = setInterval(() => {
      if (this.#child === null || clock.now() - gateway.lastRequestAt > QUIET_MS) return;
      this.#send(this.#child, { kind: 'gateway', report: busyReport(gateway, clock) });
    }, REPORT_MS).unref();
  }

  /** Its figures, as `prom-client` gives them; none while it is not there or does not answer in time. */
  metrics(): Promise<object[]> {
    const child = this.#child;
    if (child === null || !child.connected) return Promise.resolve([]);
    const id = ++this.#asked;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#answers.get(id)?.([]), METRICS_MS);
      this.#answers.set(id, (metrics) => {
        clearTimeout(timer);
        this.#answers.delete(id);
        resolve(metrics);
      });
      this.#send(child, { kind: 'metrics', id });
    });
  }

  /** Lets it finish what it has in hand; after the drain time and ten seconds it is killed. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    clearInterval(this.#reports);
    const child = this.#child;
    if (child === null) return;
    const gone = new Promise<void>((resolve) => {
      this.#gone = resolve;
    });
    this.#send(child, { kind: 'stop' });
    const kill = setTimeout(() => child.kill('SIGKILL'), this.#graceMs);
    await gone;
    clearTimeout(kill);
  }

  #spawn(): void {
    const startedAt = performance.now();
    const child = fork(ENTRY, { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#child = child;
    if (child.pid !== undefined) lower(child.pid);
    child.on('message', (message: FromWorker) => {
      if (message.kind === 'started') this.#started?.();
      else if (message.kind === 'metrics') this.#answers.get(message.id)?.(message.metrics);
      else {
        this.#logger.error({ reason: message.message }, 'the worker process could not start');
        this.#failed?.(new Error(`the worker process could not start: ${message.message}`));
      }
    });
    child.on('error', (error) => this.#logger.error({ err: error }, 'the worker process cannot be reached'));
    child.once('exit', (code, signal) => {
      this.#child = null;
      for (const answer of [...this.#answers.values()]) answer([]);
      this.#gone?.();
      if (this.#stopping || this.#config === null) return;
      this.#failed?.(new Error('the worker process ended while it started'));
      if (performance.now() - startedAt > SETTLED_MS) this.#wait = RESTART_MS[0];
      this.#logger.error({ code, signal, restart_ms: this.#wait }, 'the worker process ended; it is started again');
      this.#timer = setTimeout(() => this.#spawn(), this.#wait);
      this.#wait = Math.min(RESTART_MS[1], this.#wait * 2);
    });
    if (this.#config !== null) this.#send(child, { kind: 'start', config: this.#config });
  }

  #send(child: ChildProcess, message: ToWorker): void {
    // One that just ended is noticed by its exit.
    child.send(message, () => {});
  }
}

function lower(pid: number): void {
  try {
    setPriority(pid, NICENESS);
  } catch {
    // Some systems forbid it; then both have the same share.
  }
}
