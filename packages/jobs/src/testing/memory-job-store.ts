import type { Tx } from '@understudy/kernel';
import type { FailedAttempt } from '../dead-letter.ts';
import {
  CHUNK,
  type ClaimedJob,
  type Job,
  type JobError,
  type JobItem,
  type JobOutcome,
  type JobStatus,
  type NewJob,
  type OpenItem,
  type SettledJob,
  shownStatus,
} from '../job.ts';
import type { ClaimRequest, JobFilter, JobStore, JobTotals, QueueFigures } from '../ports.ts';
import { choose, isolation } from '../queue-rules.ts';

const DAY_MS = 86_400_000;
const REMEMBERED = 10;

interface ItemState {
  request: NewJob['items'][number] | null;
  externalId: string | null;
  attempts: number;
  readyAt: number | null;
  decision: string | null;
  error: JobError | null;
  history: FailedAttempt[];
}

interface State {
  facts: NewJob;
  state: JobStatus;
  readyAt: number;
  attempts: number;
  lost: number;
  fence: number;
  leaseUntil: number;
  done: number;
  failed: number;
  decision: string | null;
  error: JobError | null;
  history: FailedAttempt[];
  keyHash: string | null;
  version: number;
  createdAt: number;
  startedAt: number | null;
  finishedAt: number | null;
  items: ItemState[];
}

/** The queue in memory, under the rules of queue-rules.ts. `now` is its clock. */
export class MemoryJobStore implements JobStore {
  now = Date.UTC(2026, 0, 1);
  #fence = 0;
  #jobs = new Map<string, State>();

  /** Everything as it is now, to go back to: what a transaction that fails does. */
  snapshot(): () => void {
    const jobs = structuredClone(this.#jobs);
    return () => {
      this.#jobs = jobs;
    };
  }

  clear(): void {
    this.#jobs.clear();
  }

  async accept(job: NewJob): Promise<{ job: Job; replayed: boolean; requestHash: Buffer | null }> {
    const keyHash = job.key?.hash.toString('hex') ?? null;
    if (keyHash !== null) {
      for (const state of this.#jobs.values()) {
        if (state.facts.workspace !== job.workspace || state.keyHash !== keyHash) continue;
        if (state.createdAt < this.now - DAY_MS) state.keyHash = null;
        else return { job: show(state), replayed: true, requestHash: Buffer.from(state.facts.key!.requestHash) };
      }
    }
    const state: State = {
      facts: job,
      state: 'queued',
      readyAt: Math.max(this.now, job.notBefore ?? 0),
      attempts: 0,
      lost: 0,
      fence: 0,
      leaseUntil: 0,
      done: 0,
      failed: 0,
      decision: null,
      error: null,
      history: [],
      keyHash,
      version: 1,
      createdAt: this.now,
      startedAt: null,
      finishedAt: null,
      items: job.items.map((request) => ({
        request,
        externalId: request.external_id ?? null,
        attempts: 0,
        readyAt: null,
        decision: null,
        error: null,
        history: [],
      })),
    };
    this.#jobs.set(keyOf(job.workspace, job.id), state);
    return { job: show(state), replayed: false, requestHash: job.key?.requestHash ?? null };
  }

  async find(workspace: string, id: string): Promise<Job | null> {
    const state = this.#jobs.get(keyOf(workspace, id));
    return state === undefined ? null : show(state);
  }

  async list(workspace: string, filter: JobFilter, page: { limit: number; before: string | null }): Promise<Job[]> {
    return this.#of(workspace)
      .map(show)
      .filter(({ status, task }) =>
        filter.status === undefined || status === filter.status
          ? filter.task === undefined || task === filter.task
          : false,
      )
      .filter(({ id }) => page.before === null || id < page.before)
      .sort((a, b) => (a.id < b.id ? 1 : -1))
      .slice(0, page.limit);
  }

  async items(workspace: string, id: string, page: { limit: number; after: number }): Promise<JobItem[]> {
    const { items, facts } = this.#jobs.get(keyOf(workspace, id)) ?? { items: [], facts: null };
    if (facts?.many !== true) return [];
    return items
      .map(({ externalId, decision, error }, position) => ({ position, externalId, decision, error }))
      .slice(page.after + 1, page.after + 1 + page.limit);
  }

  async cancel(_tx: Tx, workspace: string, id: string): Promise<{ job: Job; cancelled: boolean } | null> {
    const state = this.#jobs.get(keyOf(workspace, id));
    if (state === undefined) return null;
    if (state.state !== 'queued' && state.state !== 'running') return { job: show(state), cancelled: false };
    this.#end(state, 'cancelled');
    for (const item of state.items) item.request = null;
    return { job: show(state), cancelled: true };
  }

  async claim({ limit, leaseMs, concurrency, after }: ClaimRequest): Promise<ClaimedJob[]> {
    const fence = ++this.#fence;
    const gone = [...this.#jobs.values()]
      .filter(({ state, leaseUntil }) => state === 'running' && leaseUntil < this.now)
      .sort((a, b) => a.leaseUntil - b.leaseUntil)
      .slice(0, limit)
      .sort((a, b) => a.lost - b.lost)
      .filter(({ lost }, place) => place < isolation(lost + 1, CHUNK));
    for (const state of gone) state.lost++;
    const room = limit - gone.length;
    const running = new Map<string, number>();
    for (const state of this.#jobs.values()) {
      if (state.state !== 'running') continue;
      const task = `${state.facts.workspace}/${state.facts.task}`;
      running.set(task, (running.get(task) ?? 0) + weightOf(state));
    }
    const waiting = [...this.#jobs.values()].filter(({ state }) => state === 'queued');
    const chosen =
      room <= 0
        ? []
        : choose(
            waiting.map((state) => ({
              workspace: state.facts.workspace,
              task: state.facts.task,
              id: state.facts.id,
              priority: state.facts.priority,
              readyAt: state.readyAt,
              weight: weightOf(state),
            })),
            running,
            this.now,
            { limit: room, concurrency, after },
          );
    const heads = chosen.map(({ workspace, id }) => this.#jobs.get(keyOf(workspace, id))!);
    return [...gone, ...heads].map((state) => {
      state.state = 'running';
      state.fence = fence;
      state.leaseUntil = this.now + leaseMs;
      state.attempts++;
      state.startedAt ??= this.now;
      state.version++;
      return claimed(state);
    });
  }

  async renew(fences: readonly string[], leaseMs: number): Promise<void> {
    for (const state of this.#jobs.values()) {
      if (state.state === 'running' && fences.includes(String(state.fence))) state.leaseUntil = this.now + leaseMs;
    }
  }

  async open(workspace: string, job: string, limit: number): Promise<OpenItem[]> {
    const { items } = this.#jobs.get(keyOf(workspace, job))!;
    return items
      .flatMap(({ request, attempts, readyAt, history }, position) =>
        request === null || (readyAt !== null && readyAt > this.now)
          ? []
          : { position, request, attempts, history: [...history] },
      )
      .slice(0, limit);
  }

  async settle(_tx: Tx, workspace: string, outcomes: readonly JobOutcome[]): Promise<SettledJob[]> {
    return outcomes.flatMap(({ claim, items }) => {
      const state = this.#jobs.get(keyOf(workspace, claim.id));
      if (state === undefined || state.state !== 'running' || String(state.fence) !== claim.fence) return [];
      if (claim.many) this.#settleMany(state, items);
      else this.#settleSingle(state, items[0]!);
      const { done, failed } = state;
      return { id: claim.id, status: state.state, total: state.items.length, done, failed };
    });
  }

  #settleSingle(state: State, item: JobOutcome['items'][number]): void {
    state.error = 'error' in item ? item.error : null;
    if ('error' in item) state.history = this.#remember(state.history, item.error);
    if (item.end === 'decided') {
      state.decision = item.decision;
      state.done = 1;
      this.#end(state, 'succeeded');
    } else if (item.end === 'given_up') {
      state.done = 1;
      state.failed = 1;
      this.#end(state, 'failed');
    } else {
      if (item.end === 'deferred') state.attempts--;
      state.state = 'queued';
      state.readyAt = this.now + item.delayMs;
      state.version++;
    }
  }

  #settleMany(state: State, outcomes: JobOutcome['items']): void {
    let progress = 0;
    for (const outcome of outcomes) {
      const item = state.items[outcome.position]!;
      if (item.request === null) continue;
      if (outcome.end !== 'deferred') item.attempts++;
      if ('error' in outcome) item.history = this.#remember(item.history, outcome.error);
      if (outcome.end === 'again' || outcome.end === 'deferred') {
        item.readyAt = this.now + outcome.delayMs;
        continue;
      }
      progress++;
      item.request = null;
      if (outcome.end === 'decided') item.decision = outcome.decision;
      else {
        item.error = outcome.error;
        state.failed++;
      }
    }
    state.done += progress;
    if (progress > 0) {
      state.attempts = 0;
      state.lost = 0;
    }
    if (state.done < state.items.length) {
      const open = state.items.filter(({ request }) => request !== null);
      state.readyAt = open.some(({ readyAt }) => readyAt === null)
        ? this.now
        : Math.min(...open.map(({ readyAt }) => readyAt!));
      state.state = 'queued';
      state.version++;
      return;
    }
    if (state.failed > 0) {
      const detail = `${state.failed} of ${state.items.length} items could not be decided`;
      state.error = { code: 'job_items_failed', detail };
    }
    this.#end(state, state.failed > 0 ? 'failed' : 'succeeded');
  }

  async reopen(_tx: Tx, workspace: string, job: NewJob, position: number | null): Promise<boolean> {
    const state = this.#jobs.get(keyOf(workspace, job.id));
    if (position === null) {
      if (state === undefined) {
        await this.accept(job);
        return true;
      }
      if (state.state !== 'failed' || state.facts.many) return false;
      Object.assign(state, {
        state: 'queued',
        readyAt: this.now,
        attempts: 0,
        lost: 0,
        done: 0,
        failed: 0,
        error: null,
      });
      Object.assign(state, { history: [], finishedAt: null, version: state.version + 1 });
      state.facts = { ...state.facts, items: job.items };
      state.items[0]!.request = job.items[0]!;
      return true;
    }
    const item = state?.items[position];
    if (state === undefined || state.state === 'cancelled' || item === undefined || item.error === null) return false;
    Object.assign(item, { request: job.items[0]!, attempts: 0, readyAt: null, error: null, history: [] });
    state.done--;
    state.failed--;
    state.version++;
    state.finishedAt = null;
    state.attempts = 0;
    state.lost = 0;
    state.error = null;
    if (state.state !== 'running') state.readyAt = this.now;
    if (state.state === 'failed') state.state = 'queued';
    return true;
  }

  async queues(workspace: string): Promise<QueueFigures[]> {
    const tasks = Map.groupBy(
      this.#of(workspace).filter(({ state }) => state === 'queued' || state === 'running'),
      ({ facts }) => facts.task,
    );
    return [...tasks]
      .map(([task, states]) => {
        const due = states.filter(({ state, readyAt }) => state === 'queued' && readyAt <= this.now);
        const running = states.filter(({ state }) => state === 'running').length;
        return {
          task,
          queued: due.length,
          scheduled: states.length - due.length - running,
          running,
          oldestAt: due.length === 0 ? null : Math.min(...due.map(({ readyAt }) => readyAt)),
        };
      })
      .sort((a, b) => (a.task < b.task ? -1 : 1));
  }

  async totals(): Promise<JobTotals> {
    const all = [...this.#jobs.values()];
    const queued = all.filter(({ state }) => state === 'queued');
    const oldest = Math.min(this.now, ...queued.map(({ readyAt }) => readyAt));
    const running = all.filter(({ state }) => state === 'running').length;
    return { queued: queued.length, running, oldestSeconds: (this.now - oldest) / 1000 };
  }

  async expire(days: number, limit: number): Promise<number> {
    const old = [...this.#jobs].filter(
      ([, { finishedAt }]) => finishedAt !== null && finishedAt < this.now - days * DAY_MS,
    );
    for (const [key] of old.slice(0, limit)) this.#jobs.delete(key);
    return Math.min(limit, old.length);
  }

  #of(workspace: string): State[] {
    return [...this.#jobs.values()].filter(({ facts }) => facts.workspace === workspace);
  }

  #end(state: State, end: JobStatus): void {
    state.state = end;
    state.finishedAt = this.now;
    state.version++;
  }

  #remember(history: FailedAttempt[], error: JobError): FailedAttempt[] {
    return [{ at: new Date(this.now).toISOString(), ...error }, ...history].slice(0, REMEMBERED);
  }
}

const keyOf = (workspace: string, id: string) => `${workspace}/${id}`;

const weightOf = ({ facts, items, done }: State) => (facts.many ? Math.min(CHUNK, items.length - done) : 1);

const show = (state: State): Job => ({
  id: state.facts.id,
  workspace: state.facts.workspace,
  task: state.facts.task,
  status: shownStatus(state.state, state.facts.many, state.done),
  priority: state.facts.priority,
  attempts: state.attempts,
  many: state.facts.many,
  total: state.items.length,
  done: state.done,
  failed: state.failed,
  options: state.facts.options,
  decision: state.decision,
  error: state.error,
  version: state.version,
  createdAt: state.createdAt,
  readyAt: state.readyAt,
  startedAt: state.startedAt,
  finishedAt: state.finishedAt,
});

const claimed = (state: State): ClaimedJob => ({
  id: state.facts.id,
  workspace: state.facts.workspace,
  task: state.facts.task,
  fence: String(state.fence),
  attempts: state.attempts,
  lost: state.lost,
  many: state.facts.many,
  total: state.items.length,
  done: state.done,
  failed: state.failed,
  request: state.facts.many ? null : state.items[0]!.request,
  options: state.facts.options,
  history: [...state.history],
});
