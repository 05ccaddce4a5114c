import type { ReviewClaim, ReviewClaimRequest, ReviewClaims, ReviewTask, ReviewVerdict } from '@understudy/client';
import { ActiveTime } from './active-time.ts';
import { Outbox, type OutboxEntry } from './outbox.ts';

export type DeskAnswer = ReviewVerdict | null;

/** What the desk needs of the world; the page gives the real one, tests another. */
export interface DeskPorts {
  /** What the caller holds already. */
  held(): Promise<ReviewClaims>;
  claim(request: ReviewClaimRequest): Promise<ReviewClaims>;
  send(entry: OutboxEntry): Promise<DeskAnswer>;
  undo(item: string, claimToken: string): Promise<ReviewClaim>;
  isTemporary(error: unknown): boolean;
  load(): OutboxEntry[];
  save(entries: readonly OutboxEntry[]): void;
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
  now(): number;
  newKey(): string;
  /** Something was refused for good, e.g. because somebody else answered the item. */
  onRefused(entry: OutboxEntry, error: unknown): void;
}

export interface DeskOptions {
  task: string | undefined;
  queue: 'reviewers' | 'leads';
  /** Items on the desk at a time: those that are seen, and some to come. */
  size: number;
}

/** What was done last, so that it can be taken back and looked at. */
export interface LastAction {
  entry: OutboxEntry;
  claim: ReviewClaim;
  /** The server has it; from then on its explanation may be seen. */
  settled: boolean;
  undoUntil: number | null;
}

export interface RecentAction {
  entry: OutboxEntry;
  claim: ReviewClaim;
}

export interface DeskState {
  /** `starting` until the first claim is answered; `waiting` = nothing to do now. */
  status: 'starting' | 'working' | 'waiting' | 'failed';
  items: readonly ReviewClaim[];
  tasks: ReadonlyMap<string, ReviewTask>;
  last: LastAction | null;
  /** What was done lately in this sitting, newest first; what was taken back or refused is not among it. */
  recent: readonly RecentAction[];
  answered: number;
  unsent: number;
  /** The server is not reached; what was done is kept. */
  offline: boolean;
  error: unknown;
  undoing: boolean;
}

const RECENT = 6;
const IDLE_POLL_MS = 4_000;
const RETRY_MS = 2_000;
const DEFAULT_IDLE_LIMIT_MS = 300_000;

/**
 * One reviewer’s desk: claims ahead, so that the next item is there before the last is sent; takes every decision at
 * once and sends it behind the reviewer’s back; keeps what could not be sent.
 */
export class ReviewDesk {
  readonly #ports: DeskPorts;
  readonly #options: DeskOptions;
  readonly #outbox: Outbox<DeskAnswer>;
  readonly #listeners = new Set<() => void>();
  readonly #stop = new AbortController();
  readonly activeTime: ActiveTime;
  #state: DeskState;
  #filling = false;

  constructor(ports: DeskPorts, options: DeskOptions) {
    this.#ports = ports;
    this.#options = options;
    this.activeTime = new ActiveTime(ports.now, DEFAULT_IDLE_LIMIT_MS);
    this.#outbox = new Outbox<DeskAnswer>({
      send: ports.send,
      isTemporary: ports.isTemporary,
      load: ports.load,
      save: ports.save,
      wait: ports.wait,
      onChange: () => this.#set({}),
      onSettled: (entry, outcome) => {
        const { last } = this.#state;
        if (!outcome.ok) {
          const recent = this.#recentWithout(entry);
          this.#set(last?.entry.id === entry.id ? { last: null, recent } : { recent });
          if (entry.action !== 'release') ports.onRefused(entry, outcome.error);
        } else if (last?.entry.id === entry.id) {
          const undoUntil = outcome.answer === null ? null : Date.parse(outcome.answer.undo_until);
          this.#set({ last: { ...last, settled: true, undoUntil } });
        }
      },
    });
    this.#state = {
      status: 'starting',
      items: [],
      tasks: new Map(),
      last: null,
      recent: [],
      answered: 0,
      unsent: this.#outbox.entries.length,
      offline: false,
      error: null,
      undoing: false,
    };
  }

  /** For `useSyncExternalStore`. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly snapshot = (): DeskState => this.#state;

  /** Takes up what was left, then fills the desk. */
  async start(): Promise<void> {
    void this.#outbox.run();
    await this.#fill(true);
  }

  /** Gives back what lies on the desk. What was decided is still sent. */
  close(): void {
    this.#stop.abort();
    for (const claim of this.#state.items) this.#outbox.add(this.#entry('release', claim));
    this.#state = { ...this.#state, items: [] };
  }

  /** Answers an item: the next one is there when this returns. */
  answer(claim: ReviewClaim, label: string, note?: string): void {
    if (!claim.labels.includes(label)) return;
    this.#act(claim, { ...this.#entry('verdict', claim, note), label, seconds: this.activeTime.lap() });
    this.#set({ answered: this.#state.answered + 1 });
  }

  skip(claim: ReviewClaim, note?: string): void {
    this.activeTime.lap();
    this.#act(claim, this.#entry('skip', claim, note));
  }

  escalate(claim: ReviewClaim, note?: string): void {
    this.activeTime.lap();
    this.#act(claim, this.#entry('escalate', claim, note));
  }

  /** Takes the last verdict back. Not sent yet: it simply is not. Sent: the server is asked for the item again. */
  async undo(): Promise<void> {
    const { last, undoing, answered } = this.#state;
    if (last === null || undoing) return;
    const isVerdict = last.entry.action === 'verdict';
    if (this.#outbox.cancel(last.entry.id)) {
      this.#set({
        last: null,
        recent: this.#recentWithout(last.entry),
        items: [last.claim, ...this.#state.items],
        answered: isVerdict ? answered - 1 : answered,
        status: 'working',
      });
      return;
    }
    if (!isVerdict || !last.settled) return;
    this.#set({ undoing: true });
    try {
      const claim = await this.#ports.undo(last.claim.item, last.entry.claim_token);
      this.activeTime.lap();
      this.#set({
        last: null,
        recent: this.#recentWithout(last.entry),
        items: [claim, ...this.#state.items],
        answered: answered - 1,
        status: 'working',
      });
    } catch (error) {
      this.#ports.onRefused(last.entry, error);
      this.#set({ last: null });
    } finally {
      this.#set({ undoing: false });
    }
  }

  /** The connection may be back. */
  retryNow(): void {
    this.#outbox.retryNow();
    if (this.#state.status !== 'working') void this.#fill(false);
  }

  #recentWithout({ id }: OutboxEntry): readonly RecentAction[] {
    return this.#state.recent.filter(({ entry }) => entry.id !== id);
  }

  #entry(action: OutboxEntry['action'], claim: ReviewClaim, note?: string): OutboxEntry {
    return {
      id: this.#ports.newKey(),
      action,
      item: claim.item,
      claim_token: claim.claim_token,
      ...(note === undefined || note.trim() === '' ? {} : { note: note.trim() }),
    };
  }

  #act(claim: ReviewClaim, entry: OutboxEntry): void {
    const items = this.#state.items.filter(({ item }) => item !== claim.item);
    if (items.length === this.#state.items.length) return; // acted on already
    this.#set({
      items,
      last: { entry, claim, settled: false, undoUntil: null },
      recent: [{ entry, claim }, ...this.#state.recent].slice(0, RECENT),
      status: items.length === 0 ? 'waiting' : 'working',
    });
    this.#outbox.add(entry);
    if (items.length <= this.#options.size / 2) void this.#fill(false);
  }

  async #fill(first: boolean): Promise<void> {
    if (this.#filling) return;
    this.#filling = true;
    const { task, queue, size } = this.#options;
    const { signal } = this.#stop;
    try {
      for (let held = first; !signal.aborted; ) {
        const wanted = size - this.#state.items.length;
        if (wanted <= 0) return;
        try {
          const before = held ? await this.#ports.held() : null;
          if (before !== null) this.#take(before, (claim) => task === undefined || claim.task === task);
          held = false;
          const more = size - this.#state.items.length;
          if (more <= 0) return;
          const claimed = await this.#ports.claim({ limit: more, queue, ...(task === undefined ? {} : { task }) });
          if (signal.aborted) {
            for (const claim of claimed.claims) this.#outbox.add(this.#entry('release', claim));
            return;
          }
          const added = this.#take(claimed, () => true);
          this.#set({ error: null, offline: false, status: this.#state.items.length > 0 ? 'working' : 'waiting' });
          if (added > 0) return;
          await this.#ports.wait(IDLE_POLL_MS, signal);
        } catch (error) {
          if (!this.#ports.isTemporary(error)) {
            this.#set({ error, status: this.#state.items.length > 0 ? 'working' : 'failed' });
            return;
          }
          const status =
            this.#state.status === 'starting' ? 'starting' : this.#state.items.length > 0 ? 'working' : 'waiting';
          this.#set({ offline: true, status });
          await this.#ports.wait(RETRY_MS, signal);
        }
      }
    } finally {
      this.#filling = false;
    }
  }

  /** Puts claims on the desk that are neither there nor decided already; returns how many. */
  #take({ claims, tasks }: ReviewClaims, wanted: (claim: ReviewClaim) => boolean): number {
    const known = new Set([...this.#state.items, ...this.#outbox.entries].map(({ item }) => item));
    const fresh = claims.filter((claim) => wanted(claim) && !known.has(claim.item));
    if (fresh.length === 0) return 0;
    const all = new Map(this.#state.tasks);
    for (const task of tasks) {
      all.set(task.task, task);
      this.activeTime.idleLimitMs = task.idle_limit_seconds * 1000;
    }
    if (this.#state.items.length === 0) this.activeTime.lap();
    this.#set({ items: [...this.#state.items, ...fresh], tasks: all, status: 'working' });
    return fresh.length;
  }

  #set(change: Partial<DeskState>): void {
    const offline = this.#outbox.failing || (change.offline ?? this.#state.offline);
    const sending = this.#outbox.entries.filter(({ action }) => action !== 'release').length;
    this.#state = { ...this.#state, ...change, unsent: sending, offline };
    if (!this.#outbox.failing && change.offline === undefined && this.#state.items.length > 0 && !this.#filling) {
      this.#state = { ...this.#state, offline: false };
    }
    for (const listener of this.#listeners) listener();
  }
}
