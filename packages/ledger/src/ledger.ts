import { type Clock, type Logger, newId, silentLogger, systemClock, type Tx } from '@understudy/kernel';
import type { LedgerEntry } from './entry.ts';
import { ledgerErrors } from './errors.ts';
import {
  DEFAULT_LIMITS,
  GroupCommit,
  type GroupLimits,
  type GroupStatistics,
  partOf,
  type Receipt,
} from './group-commit.ts';
import { KeptResponses } from './kept-responses.ts';
import type { KeptResponse, LedgerStorage } from './ports.ts';
import { type SealedEntry, seal } from './seal.ts';

export interface LedgerOptions {
  storage: LedgerStorage;
  clock?: Clock;
  logger?: Logger;
  limits?: Partial<GroupLimits>;
  /** Characters of one entry's texts at most. Default 32 Mi. */
  entryCharacters?: number;
  /** Waits; injected so that tests do not. */
  pause?: (milliseconds: number) => Promise<void>;
}

const BATCH_ENTRIES = 1_000;

/** The writing side of the ledger: a promise that resolves means rows that survive the machine. */
export class Ledger {
  readonly #commit: GroupCommit;
  readonly #kept: KeptResponses;
  readonly #clock: Clock;
  readonly #entryCharacters: number;
  readonly #storage: LedgerStorage;

  constructor(options: LedgerOptions) {
    this.#storage = options.storage;
    this.#clock = options.clock ?? systemClock;
    this.#entryCharacters = options.entryCharacters ?? 32 * 1024 * 1024;
    this.#commit = new GroupCommit(
      options.storage,
      { ...DEFAULT_LIMITS, ...options.limits },
      options.logger ?? silentLogger,
      options.pause ?? ((milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))),
    );
    this.#kept = new KeptResponses(options.storage);
  }

  /** Ids for entries that are to be appended, at the ledger's own clock. */
  newId(kind: 'decision' | 'label' | 'erasure'): string {
    return newId(kind === 'decision' ? 'dec' : kind === 'label' ? 'lab' : 'era', this.#clock.now());
  }

  /**
   * Writes one entry; resolves when it is durable. With `kept`, the response to replay is written in the same
   * transaction, and when another request with that key was first nothing is written and its response comes back.
   *
   * @throws `database_unavailable` (the row may or may not exist; it was not answered), `ledger_overloaded`,
   *   `storage_full`, `ledger_entry_invalid`, `ledger_entry_too_large`
   */
  append(entry: LedgerEntry, kept?: KeptResponse): Promise<Receipt> {
    return this.appendAll([entry], kept);
  }

  /** Writes 1…1,000 entries of one workspace: all of them in one commit, or none. Throws as {@link append} does. */
  async appendAll(entries: readonly LedgerEntry[], kept?: KeptResponse): Promise<Receipt> {
    const { workspace, sealed } = this.#seal(entries);
    return this.#commit.submit({ workspace, entries: sealed, kept });
  }

  /**
   * Writes entries inside the caller's transaction: they exist if and only if it commits. The workspace's log is locked
   * from here until then, so this is the last thing that a transaction does. Throws as {@link append} does.
   */
  async appendIn(tx: Tx, entries: readonly LedgerEntry[]): Promise<number> {
    const { workspace, sealed } = this.#seal(entries);
    return this.#storage.commitIn(tx, partOf(workspace, sealed));
  }

  #seal(entries: readonly LedgerEntry[]): { workspace: string; sealed: SealedEntry[] } {
    const workspace = entries[0]?.workspace;
    if (workspace === undefined || entries.length > BATCH_ENTRIES) {
      throw new RangeError(`a batch holds 1 to ${BATCH_ENTRIES} entries`);
    }
    const sealed: SealedEntry[] = [];
    for (const entry of entries) {
      if (entry.workspace !== workspace) throw new RangeError('the entries of a batch are of one workspace');
      const one = seal(entry);
      if (one.record.length + (one.payload?.length ?? 0) > this.#entryCharacters) {
        throw ledgerErrors.ledger_entry_too_large('The decision with its input is larger than a ledger row may be.');
      }
      sealed.push(one);
    }
    return { workspace, sealed };
  }

  /** The response kept under a key during the last 24 hours. Look-ups of the same turn share one round trip. */
  findIdempotent(workspace: string, keyHash: string): Promise<Omit<KeptResponse, 'keyHash'> | undefined> {
    return this.#kept.find(workspace, keyHash);
  }

  /**
   * The scheduler's call, at start and every hour: partitions for this month and the next two, and expired
   * idempotency keys out, 10,000 a statement.
   */
  async maintain(): Promise<{ partitions: string[]; expiredKeys: number }> {
    const now = this.#clock.now();
    const partitions = await this.#storage.ensurePartitions(now, now + 62 * 86_400_000);
    let expiredKeys = 0;
    for (;;) {
      const removed = await this.#storage.expireKept(10_000);
      expiredKeys += removed;
      if (removed < 10_000) return { partitions, expiredKeys };
    }
  }

  get statistics(): Readonly<GroupStatistics> {
    return this.#commit.statistics;
  }
}
