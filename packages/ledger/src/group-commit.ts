import { isUnderstudyError, type Logger } from '@understudy/kernel';
import { ledgerErrors } from './errors.ts';
import { HASH_BYTES, treeHead } from './merkle.ts';
import type { GroupPart, KeptResponse, LedgerStorage } from './ports.ts';
import type { SealedEntry } from './seal.ts';

export interface GroupLimits {
  /** Rows of one group at most. Default 2,000. */
  groupRows: number;
  /** Characters of one group's texts at most (a single larger submission goes alone). Default 8 Mi. */
  groupCharacters: number;
  /** Rows that may wait; beyond, `ledger_overloaded`. Default 20,000. */
  queueRows: number;
  /** Characters that may wait. Default 64 Mi. */
  queueCharacters: number;
  /** How long an unknown outcome is asked after before `database_unavailable`. Default 700 ms. */
  settleMs: number;
}

export const DEFAULT_LIMITS: GroupLimits = {
  groupRows: 2_000,
  groupCharacters: 8 * 1024 * 1024,
  queueRows: 20_000,
  queueCharacters: 64 * 1024 * 1024,
  settleMs: 700,
};

/** The rows are durable, in this commit of their workspace's log. */
export interface Committed {
  replayed: false;
  commit: number;
}

/** Another request with the same key was first: nothing was written, and this is what it answered. */
export interface Replayed {
  replayed: true;
  response: string;
  requestHash: string;
}

export type Receipt = Committed | Replayed;

/** The entries of one caller, all of one workspace, committed together. */
export interface Submission {
  workspace: string;
  entries: readonly SealedEntry[];
  kept: KeptResponse | undefined;
}

interface Waiting extends Submission {
  characters: number;
  resolve(receipt: Receipt): void;
  reject(error: unknown): void;
}

/** What the group commit did so far, for /metrics. */
export interface GroupStatistics {
  groups: number;
  rows: number;
  waitingRows: number;
  lastGroupRows: number;
  /** From handing it to the storage to its answer; while one is under way and already takes longer, that. */
  lastGroupMs: number;
}

const byKey = (a: SealedEntry, b: SealedEntry): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

/**
 * Collects submissions and writes them in groups, one group at a time: while one commit waits for the disk, the next
 * group gathers, so that the batch size follows the load by itself. A submission is answered only after its group is
 * durable, or with an error when it is not known to be.
 */
export class GroupCommit {
  readonly #storage: LedgerStorage;
  readonly #limits: GroupLimits;
  readonly #logger: Logger;
  readonly #pause: (milliseconds: number) => Promise<void>;
  #queue: Waiting[] = [];
  #rows = 0;
  #characters = 0;
  #running = false;
  #down = false;
  #groups = 0;
  #writtenRows = 0;
  #lastGroupRows = 0;
  #lastGroupMs = 0;
  #committingSince: number | null = null;

  constructor(
    storage: LedgerStorage,
    limits: GroupLimits,
    logger: Logger,
    pause: (milliseconds: number) => Promise<void>,
  ) {
    this.#storage = storage;
    this.#limits = limits;
    this.#logger = logger;
    this.#pause = pause;
  }

  get statistics(): GroupStatistics {
    const now = performance.now();
    return {
      groups: this.#groups,
      rows: this.#writtenRows,
      waitingRows: this.#rows,
      lastGroupRows: this.#lastGroupRows,
      lastGroupMs: Math.max(this.#lastGroupMs, now - (this.#committingSince ?? now)),
    };
  }

  /** @throws `ledger_overloaded` `database_unavailable` `storage_full` */
  submit(submission: Submission): Promise<Receipt> {
    const { workspace, entries, kept } = submission;
    let characters = kept?.response.length ?? 0;
    for (const entry of entries) characters += entry.record.length + (entry.payload?.length ?? 0);
    if (
      this.#rows + entries.length > this.#limits.queueRows ||
      this.#characters + characters > this.#limits.queueCharacters
    ) {
      return Promise.reject(
        ledgerErrors.ledger_overloaded('Too many rows are waiting to be written.', { retryAfterSeconds: 1 }),
      );
    }
    return new Promise((resolve, reject) => {
      this.#rows += entries.length;
      this.#characters += characters;
      this.#queue.push({ workspace, entries, kept, characters, resolve, reject });
      if (!this.#running) {
        this.#running = true;
        // The requests that this turn of the event loop still reads join the first group.
        setImmediate(() => void this.#drain());
      }
    });
  }

  async #drain(): Promise<void> {
    let writing = this.#write(this.#take());
    for (;;) {
      const answer = await writing;
      if (this.#queue.length === 0) {
        this.#running = false;
        answer();
        return;
      }
      // The next group is on its way before the callers of this one go on: their answers and the database's work overlap.
      writing = this.#write(this.#take());
      setImmediate(answer);
    }
  }

  #take(): Waiting[] {
    let rows = 0;
    let characters = 0;
    let taken = 0;
    const keys = new Set<string>();
    for (const waiting of this.#queue) {
      const key = waiting.kept && `${waiting.workspace} ${waiting.kept.keyHash}`;
      const full =
        rows + waiting.entries.length > this.#limits.groupRows ||
        characters + waiting.characters > this.#limits.groupCharacters;
      // A key that stands twice in one group would pass the check against committed keys: its second use waits.
      if (taken > 0 && (full || (key !== undefined && keys.has(key)))) break;
      if (key !== undefined) keys.add(key);
      rows += waiting.entries.length;
      characters += waiting.characters;
      taken++;
    }
    const group = taken === this.#queue.length ? this.#queue : this.#queue.slice(0, taken);
    this.#queue = taken === this.#queue.length ? [] : this.#queue.slice(taken);
    this.#rows -= rows;
    this.#characters -= characters;
    return group;
  }

  /** Writes a group, whatever comes of it; returns how its callers are told. */
  async #write(group: Waiting[]): Promise<() => void> {
    try {
      const answer = await this.#commitGroup(group);
      this.#down = false;
      return answer;
    } catch (error) {
      if (isUnderstudyError(error) || group.length === 1) return this.#failure(group, error);
      return this.#writeEach(group);
    }
  }

  /** Commits a group; what lost its key to another writer is replayed and the rest is committed without it. */
  async #commitGroup(group: Waiting[]): Promise<() => void> {
    let rest = group;
    while (rest.length > 0) {
      const parts = partition(rest);
      const outcome = await this.#commit(parts);
      if ('committed' in outcome) {
        this.#count(parts);
        return () => {
          for (const { workspace, resolve } of rest) {
            resolve({ replayed: false, commit: outcome.committed.get(workspace)! });
          }
        };
      }
      const lost = new Map(outcome.replayed.map((kept) => [`${kept.workspace} ${kept.keyHash}`, kept]));
      rest = rest.filter((waiting) => {
        const kept = waiting.kept && lost.get(`${waiting.workspace} ${waiting.kept.keyHash}`);
        if (kept === undefined) return true;
        waiting.resolve({ replayed: true, response: kept.response, requestHash: kept.requestHash });
        return false;
      });
    }
    return () => {};
  }

  /** The statement was refused because of one submission: only that one may fail, so each is written alone. */
  async #writeEach(group: readonly Waiting[]): Promise<() => void> {
    const answers: (() => void)[] = [];
    for (const waiting of group) answers.push(await this.#write([waiting]));
    return () => {
      for (const answer of answers) answer();
    };
  }

  #count(parts: readonly GroupPart[]): void {
    this.#lastGroupRows = parts.reduce((rows, { entries }) => rows + entries.length, 0);
    this.#writtenRows += this.#lastGroupRows;
    this.#groups++;
  }

  /**
   * A commit whose answer was lost is asked after for a while, since only then nothing is written twice and nothing
   * durable is denied. While the database is known to be away, nobody is kept waiting for that.
   */
  async #commit(parts: readonly GroupPart[]) {
    const deadline = performance.now() + (this.#down ? 0 : this.#limits.settleMs);
    for (let attempt = 0; ; attempt++) {
      const startedAt = performance.now();
      this.#committingSince = startedAt;
      try {
        return await this.#storage.commit(parts, attempt > 0);
      } catch (error) {
        const wait = Math.min(25 * 2 ** attempt, 200);
        if (!isUnavailable(error) || performance.now() + wait >= deadline) throw error;
        this.#logger.warn({ err: error, attempt }, 'the outcome of a ledger commit is unknown; asking again');
        await this.#pause(wait);
      } finally {
        this.#lastGroupMs = performance.now() - startedAt;
        this.#committingSince = null;
      }
    }
  }

  #failure(group: Waiting[], error: unknown): () => void {
    let failed = group;
    if (isUnavailable(error)) {
      this.#down = true;
      // Whoever waits behind would only wait for the same failure.
      failed = group.concat(this.#queue);
      this.#queue = [];
      this.#rows = 0;
      this.#characters = 0;
    }
    this.#logger.error({ err: error, submissions: failed.length }, 'ledger rows could not be written');
    return () => {
      for (const waiting of failed) waiting.reject(error);
    };
  }
}

function isUnavailable(error: unknown): boolean {
  return isUnderstudyError(error) && error.code === 'database_unavailable';
}

/** The entries of one workspace as one commit: in the order of their keys, with their tree head. */
export function partOf(workspace: string, entries: SealedEntry[], kept: GroupPart['kept'] = []): GroupPart {
  if (!entries.every((entry, i) => i === 0 || entries[i - 1]!.key <= entry.key)) entries.sort(byKey);
  const leaves = Buffer.allocUnsafe(entries.length * HASH_BYTES);
  for (let i = 0; i < entries.length; i++) leaves.write(entries[i]!.leaf, i * HASH_BYTES, 'latin1');
  return { workspace, entries, root: treeHead(leaves), kept };
}

/** Splits a group by workspace, ascending, each part's entries in the order of their keys. */
function partition(group: readonly Waiting[]): GroupPart[] {
  const byWorkspace = new Map<string, { entries: SealedEntry[]; kept: GroupPart['kept'][number][] }>();
  for (const { workspace, entries, kept } of group) {
    let part = byWorkspace.get(workspace);
    if (part === undefined) {
      part = { entries: [], kept: [] };
      byWorkspace.set(workspace, part);
    }
    for (const entry of entries) part.entries.push(entry);
    if (kept !== undefined) {
      const decisions = entries.filter(({ kind }) => kind === 'decision').map(({ id }) => id);
      part.kept.push({ ...kept, decisions });
    }
  }
  return [...byWorkspace.keys()].sort().map((workspace) => {
    const { entries, kept } = byWorkspace.get(workspace)!;
    return partOf(workspace, entries, kept);
  });
}
