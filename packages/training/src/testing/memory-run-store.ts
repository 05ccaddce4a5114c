import type { RunEnd, RunStore } from '../ports.ts';
import type { Run, RunPage, RunProgress } from '../run.ts';

interface Entry {
  run: Run;
  worker: string | null;
  leaseUntil: number;
}

/** Training runs in memory, with leases on a clock of its own. */
export class MemoryRunStore implements RunStore {
  readonly #entries = new Map<string, Entry>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  #held(run: Run, worker: string): Entry | null {
    const entry = this.#entries.get(run.id);
    return entry !== undefined && entry.worker === worker && entry.run.status === 'running' ? entry : null;
  }

  async create(run: Run): Promise<void> {
    this.#entries.set(run.id, { run: structuredClone(run), worker: null, leaseUntil: 0 });
  }

  async find(workspace: string, id: string): Promise<Run | null> {
    const run = this.#entries.get(id)?.run;
    return run?.workspace === workspace ? structuredClone(run) : null;
  }

  async list(workspace: string, task: string | null, page: RunPage): Promise<Run[]> {
    return [...this.#entries.values()]
      .map(({ run }) => run)
      .filter((run) => run.workspace === workspace && (task === null || run.taskId === task))
      .filter((run) => page.after === undefined || run.id < page.after)
      .sort((a, b) => (a.id < b.id ? 1 : -1))
      .slice(0, page.limit)
      .map((run) => structuredClone(run));
  }

  async claim(worker: string, leaseMs: number): Promise<Run | null> {
    const now = this.#now();
    const [entry] = [...this.#entries.values()]
      .filter(({ run, leaseUntil }) => run.status === 'queued' || (run.status === 'running' && leaseUntil < now))
      .sort((a, b) => a.run.createdAt - b.run.createdAt);
    if (entry === undefined) return null;
    entry.worker = worker;
    entry.leaseUntil = now + leaseMs;
    Object.assign(entry.run, { status: 'running', startedAt: now });
    entry.run.attempts++;
    entry.run.version++;
    return structuredClone(entry.run);
  }

  async renew(run: Run, worker: string, leaseMs: number): Promise<{ held: boolean; cancelRequested: boolean }> {
    const entry = this.#held(run, worker);
    if (entry === null) return { held: false, cancelRequested: false };
    entry.leaseUntil = this.#now() + leaseMs;
    return { held: true, cancelRequested: entry.run.cancelRequested };
  }

  async progress(run: Run, worker: string, progress: RunProgress, log: readonly string[]): Promise<void> {
    const entry = this.#held(run, worker);
    if (entry === null) return;
    Object.assign(entry.run, structuredClone({ progress, log }));
    entry.run.version++;
  }

  async release(run: Run, worker: string): Promise<void> {
    const entry = this.#held(run, worker);
    if (entry === null) return;
    entry.worker = null;
    Object.assign(entry.run, { status: 'queued', startedAt: null });
    entry.run.attempts--;
    entry.run.version++;
  }

  async finish(run: Run, worker: string, end: RunEnd): Promise<boolean> {
    const entry = this.#held(run, worker);
    if (entry === null) return false;
    const { status, dataset, trainer, at, ...rest } = structuredClone(end);
    Object.assign(entry.run, rest, { status, chosenTrainer: trainer, finishedAt: at });
    if (dataset !== null) entry.run.dataset = dataset;
    if (status === 'succeeded') entry.run.progress = { phase: 'done', fraction: 1, detail: null };
    entry.worker = null;
    entry.run.version++;
    return true;
  }

  async requestCancel(workspace: string, id: string, at: number): Promise<Run | null> {
    const run = this.#entries.get(id)?.run;
    if (run === undefined || run.workspace !== workspace) return null;
    const open = run.status === 'queued' || run.status === 'running';
    if (open && !run.cancelRequested) {
      run.cancelRequested = true;
      run.version++;
      if (run.status === 'queued') {
        const error = { code: 'training_cancelled', detail: 'the run was cancelled' };
        Object.assign(run, { status: 'cancelled', finishedAt: at, error });
      }
    }
    return structuredClone(run);
  }
}
