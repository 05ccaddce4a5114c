import { type Clock, type Database, type Logger, silentLogger, type Tx } from '@understudy/kernel';
import {
  type RecordedDecision,
  type RecordedEvent,
  type RecordedLabel,
  viewDecision,
  viewEvent,
  viewLabel,
} from './decision-view.ts';
import type { StoredEntry } from './ports.ts';

interface Place {
  /** Commit of the workspace's log, and the entry's place in it. */
  seq: number;
  position: number;
  /** Milliseconds since the epoch. */
  at: number;
}

/** One ledger row as a consumer gets it. */
export type FeedEntry =
  | (Place & { kind: 'decision'; decision: RecordedDecision })
  | (Place & { kind: 'label'; label: RecordedLabel; decision: RecordedDecision })
  | (Place & { kind: 'erasure'; decision: string })
  | (Place & { kind: 'event'; event: RecordedEvent });

/** What another room derives from the ledger. */
export interface FeedConsumer {
  /** Stable: names the cursor. */
  readonly name: string;
  /**
   * Runs in one transaction with the cursor, and with other consumers that stand there: each row once, in ledger order,
   * one workspace at a time. It must not wait for another connection.
   */
  apply(tx: Tx, workspace: string, entries: readonly FeedEntry[]): Promise<void>;
  /** Empties what was derived, so that the feed can begin again. Absent: it cannot be rebuilt. */
  reset?(tx: Tx, workspace: string): Promise<void>;
}

/** Where consumers stand. */
export interface FeedCursors {
  /** Workspaces whose log is longer than a cursor says, with the cursor's name. */
  behind(consumers: readonly string[]): Promise<{ workspace: string; consumer: string }[]>;
  /** Locks these cursors; the next commit to read of each that no other process holds. */
  lock(tx: Tx, workspace: string, consumers: readonly string[]): Promise<Map<string, number>>;
  /** Waits for the cursor instead. */
  wait(tx: Tx, workspace: string, consumer: string): Promise<number>;
  move(tx: Tx, workspace: string, consumers: readonly string[], next: number): Promise<void>;
  /** All entries of the commits [from, to), in order, and the decisions that labels among them are about. */
  read(
    tx: Tx,
    workspace: string,
    from: number,
    entries: number,
  ): Promise<{ rows: StoredEntry[]; about: ReadonlyMap<string, StoredEntry>; next: number }>;
}

export interface LedgerFeedOptions {
  database: Database;
  cursors: FeedCursors;
  consumers: readonly FeedConsumer[];
  clock: Clock;
  logger?: Logger;
  /** How often the log is looked at without a nudge. Default 200. */
  everyMs?: number;
  /** Entries of one transaction, about: whole commits. Default 1,000. */
  batch?: number;
  /**
   * Whether this process has a backlog of its own to work off. What derives from the log then stands back, for
   * {@link LONGEST_BEHIND_MS} at most: it is cheaper in larger pieces, and nobody waits for it as for an answer.
   */
  behind?: () => boolean;
}

const LONGEST_BEHIND_MS = 5_000;

/**
 * After a round that had something to tell the feed rests for as long as the round took, this long at most: under load
 * each round then tells more at once, which costs a fraction for each row.
 */
const LONGEST_REST_MS = 300;

/** A consumer that failed is left alone for this long, doubling up to the second figure. */
const RETRY_MS = [500, 30_000] as const;

/** A piece of a workspace's log: the commits [from, next). */
interface Piece {
  workspace: string;
  from: number;
  next: number;
  /** As stored. Fewer than were asked for: the end of the log. */
  rows: number;
  entries: FeedEntry[];
}

/** Steps of one workspace before the others have theirs. */
const TURNS = 40;

/**
 * The ledger as an outbox: what other rooms derive from decisions and labels is written in one transaction with the
 * place in the log that it was derived from. Nothing is published that was not committed, nothing is lost when a
 * process dies, and nothing is applied twice; several processes share the work by locking cursors.
 */
export class LedgerFeed {
  readonly #options: LedgerFeedOptions;
  readonly #batch: number;
  readonly #logger: Logger;
  readonly #failures = new Map<string, { since: number; wait: number }>();
  /** The last piece of the log that was read in this round. */
  #read: Piece | null = null;
  #timer: NodeJS.Timeout | undefined;
  #resting: NodeJS.Timeout | undefined;
  #running: Promise<void> | null = null;
  #again = false;
  #stopped = true;
  /** When nothing was left to tell, or it began to stand back. */
  #upToDateAt: number;

  constructor(options: LedgerFeedOptions) {
    this.#options = options;
    this.#batch = options.batch ?? 1_000;
    this.#upToDateAt = options.clock.now();
    this.#logger = (options.logger ?? silentLogger).child({ component: 'feed' });
  }

  start(): void {
    this.#stopped = false;
    this.#timer = setInterval(() => this.nudge(), this.#options.everyMs ?? 200);
    this.#timer.unref();
    this.nudge();
  }

  /** There may be something new: look soon. Never throws. */
  nudge(): void {
    if (this.#stopped) return;
    if (this.#standsBack()) return;
    if (this.#running !== null || this.#resting !== undefined) {
      this.#again = true;
      return;
    }
    const began = performance.now();
    this.#running = this.#round().then((told) => {
      this.#running = null;
      if (told && !this.#stopped) this.#rest(performance.now() - began);
      else this.#lookAgain();
    });
  }

  #rest(ms: number): void {
    this.#resting = setTimeout(() => this.#lookAgain(), Math.min(ms, LONGEST_REST_MS)).unref();
  }

  #lookAgain(): void {
    this.#resting = undefined;
    if (!this.#again) return;
    this.#again = false;
    this.nudge();
  }

  #standsBack(): boolean {
    if (this.#options.behind?.() !== true) return false;
    const since = this.#options.clock.now() - this.#upToDateAt;
    // A clock that was set back must not make it longer.
    return since >= 0 && since < LONGEST_BEHIND_MS;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    clearTimeout(this.#resting);
    this.#resting = undefined;
    await this.#running;
  }

  /** Applies everything that is in the log now. Throws what a consumer throws. For tests, tools and shutdown. */
  async catchUp(workspace?: string): Promise<void> {
    for (;;) {
      const behind = (await this.#behind()).filter((one) => workspace === undefined || one.workspace === workspace);
      if (behind.length === 0) return;
      for (const one of behind) await this.#drain(one.workspace, one.consumer);
    }
  }

  /** Empties what a consumer derived for a workspace and derives it again from the first row. */
  async rebuild(consumer: string, workspace: string): Promise<void> {
    const found = this.#consumer(consumer);
    if (found.reset === undefined) throw new Error(`${consumer} cannot be rebuilt`);
    await this.#options.database.inWorkspace(workspace, async (tx) => {
      await this.#options.cursors.wait(tx, workspace, consumer);
      await found.reset!(tx, workspace);
      await this.#options.cursors.move(tx, workspace, [consumer], 0);
    });
    await this.#drain(workspace, consumer);
  }

  #consumer(name: string): FeedConsumer {
    const found = this.#options.consumers.find((consumer) => consumer.name === name);
    if (found === undefined) throw new Error(`no consumer is called ${name}`);
    return found;
  }

  #behind() {
    return this.#options.cursors.behind(this.#options.consumers.map(({ name }) => name));
  }

  /** Whether there was something to tell. Never throws. */
  async #round(): Promise<boolean> {
    let behind: { workspace: string; consumer: string }[];
    try {
      behind = await this.#behind();
    } catch (error) {
      this.#logger.warn({ err: error }, 'the ledger feed cannot read the log; it is tried again');
      return false;
    }
    if (behind.length === 0) this.#upToDateAt = this.#options.clock.now();
    const now = this.#options.clock.now();
    const due = behind.filter(({ workspace, consumer }) => {
      const failure = this.#failures.get(`${workspace} ${consumer}`);
      // A clock that was set back must not make the pause longer.
      return failure === undefined || now - failure.since >= failure.wait || now < failure.since;
    });
    for (const [workspace, group] of Map.groupBy(due, ({ workspace }) => workspace)) {
      await this.#advance(
        workspace,
        group.map(({ consumer }) => consumer),
      );
      this.#read = null;
    }
    return due.length > 0;
  }

  /**
   * All consumers of a workspace step by step until the end of the log. Those that stand at the same place go on in one
   * transaction; where one of them fails there, and while it keeps failing, each has a transaction of its own.
   */
  async #advance(workspace: string, consumers: readonly string[]): Promise<void> {
    const alone = new Set(consumers.filter((consumer) => this.#failures.has(`${workspace} ${consumer}`)));
    let pending = consumers;
    for (let turn = 0; pending.length > 0; turn++) {
      if (turn === TURNS) this.#again = true;
      if (turn === TURNS || this.#stopped) return;
      const more: string[] = [];
      const together = pending.filter((consumer) => !alone.has(consumer));
      if (together.length > 1) {
        try {
          more.push(...(await this.#stepTogether(workspace, together)));
        } catch {
          // Whose failure it is shows when each is told alone.
          for (const consumer of together) alone.add(consumer);
        }
      } else for (const consumer of together) alone.add(consumer);
      for (const consumer of pending) {
        if (alone.has(consumer) && (await this.#stepAlone(workspace, consumer))) more.push(consumer);
      }
      pending = more;
    }
  }

  /** Returns those that have further to go. */
  #stepTogether(workspace: string, consumers: readonly string[]): Promise<string[]> {
    return this.#options.database.inWorkspace(workspace, async (tx) => {
      const places = await this.#options.cursors.lock(tx, workspace, consumers);
      const groups = [...Map.groupBy(consumers, (consumer) => places.get(consumer))];
      const more: string[] = [];
      for (const [from, group] of groups) {
        if (from === undefined) continue; // another process is at it
        const targets = group.map((consumer) => this.#consumer(consumer));
        if (await this.#step(tx, workspace, targets, from)) more.push(...group);
      }
      return more;
    });
  }

  async #stepAlone(workspace: string, consumer: string): Promise<boolean> {
    const key = `${workspace} ${consumer}`;
    try {
      const more = await this.#options.database.inWorkspace(workspace, async (tx) => {
        const from = (await this.#options.cursors.lock(tx, workspace, [consumer])).get(consumer);
        return from !== undefined && this.#step(tx, workspace, [this.#consumer(consumer)], from);
      });
      this.#failures.delete(key);
      return more;
    } catch (error) {
      const last = this.#failures.get(key);
      const wait = Math.min(RETRY_MS[1], last === undefined ? RETRY_MS[0] : last.wait * 2);
      this.#failures.set(key, { wait, since: this.#options.clock.now() });
      this.#logger.error({ err: error, workspace, consumer }, 'a consumer of the ledger failed; it is tried again');
      return false;
    }
  }

  /** One workspace's news to one consumer, transaction by transaction, until the end of the log. */
  async #drain(workspace: string, consumer: string): Promise<void> {
    const step = async (tx: Tx) => {
      const from = await this.#options.cursors.wait(tx, workspace, consumer);
      return this.#step(tx, workspace, [this.#consumer(consumer)], from);
    };
    while (await this.#options.database.inWorkspace(workspace, step)) this.#read = null;
  }

  /** Tells consumers that stand at `from` of the next piece; whether there may be more behind it. */
  async #step(tx: Tx, workspace: string, consumers: readonly FeedConsumer[], from: number): Promise<boolean> {
    const { rows, entries, next } = await this.#entriesFrom(tx, workspace, from);
    if (next === from) return false;
    if (entries.length > 0) for (const consumer of consumers) await consumer.apply(tx, workspace, entries);
    const names = consumers.map(({ name }) => name);
    await this.#options.cursors.move(tx, workspace, names, next);
    return rows >= this.#batch;
  }

  /** The log never changes behind its head: what was read for one consumer holds for the next that stands there. */
  async #entriesFrom(tx: Tx, workspace: string, from: number): Promise<Omit<Piece, 'workspace' | 'from'>> {
    const known = this.#read;
    if (known !== null && known.workspace === workspace && known.from === from) return known;
    const { rows, about, next } = await this.#options.cursors.read(tx, workspace, from, this.#batch);
    const read = { workspace, from, next, rows: rows.length, entries: feedEntries(rows, about) };
    if (next !== from) this.#read = read;
    return read;
  }
}

/** Stored rows as consumers get them. */
export function feedEntries(rows: readonly StoredEntry[], about: ReadonlyMap<string, StoredEntry>): FeedEntry[] {
  return rows.flatMap((row) => toFeedEntry(row, about));
}

function toFeedEntry(row: StoredEntry, about: ReadonlyMap<string, StoredEntry>): FeedEntry[] {
  const place = { seq: row.commitSeq, position: row.position, at: row.createdAt };
  if (row.kind === 'decision') return [{ ...place, kind: 'decision', decision: viewDecision(row) }];
  if (row.kind === 'erasure') return [{ ...place, kind: 'erasure', decision: row.decision ?? '' }];
  if (row.kind === 'event') return [{ ...place, kind: 'event', event: viewEvent(row) }];
  const decision = about.get(row.decision ?? '');
  // A label is accepted only for a decision that exists; one without is damage that verification reports.
  if (decision === undefined) return [];
  return [{ ...place, kind: 'label', label: viewLabel(row), decision: viewDecision(decision) }];
}
