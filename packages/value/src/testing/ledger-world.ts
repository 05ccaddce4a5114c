import type { Clock, Tx } from '@understudy/kernel';
import {
  type FeedEntry,
  Ledger,
  type LedgerEntry,
  LedgerFigures,
  Rollup,
  type StoredEntry,
  viewDecision,
  viewLabel,
} from '@understudy/ledger';
import { MemoryLedgerStorage, MemoryRollupStorage, ScanningRecordReader } from '@understudy/ledger/testing';
import type { PricedTask, TaskCatalogue } from '../ports.ts';
import { Value } from '../value.ts';

/** Tasks in memory. */
export class MemoryTaskCatalogue implements TaskCatalogue {
  readonly tasks: PricedTask[];
  readonly #missing: (slug: string) => Error;

  constructor(tasks: PricedTask[], missing = (slug: string): Error => new Error(`no task ${slug}`)) {
    this.tasks = tasks;
    this.#missing = missing;
  }

  async find(_workspace: string, slug: string): Promise<PricedTask> {
    const found = this.tasks.find((task) => task.slug === slug);
    if (found === undefined) throw this.#missing(slug);
    return found;
  }

  async list(): Promise<PricedTask[]> {
    return [...this.tasks].sort((a, b) => (a.slug < b.slug ? -1 : 1));
  }
}

/** A ledger in memory with its figures and the value room on top: what the server joins, without a database. */
export class LedgerWorld {
  readonly storage: MemoryLedgerStorage;
  readonly records: ScanningRecordReader;
  readonly value: Value;
  readonly tasks: MemoryTaskCatalogue;
  readonly #ledger: Ledger;
  readonly #rollups = new MemoryRollupStorage();
  readonly #rollup: Rollup;
  readonly #seen = new Map<string, number>();

  constructor(options: { tasks: PricedTask[]; clock: Clock }) {
    const { tasks, clock } = options;
    this.storage = new MemoryLedgerStorage(clock);
    this.records = new ScanningRecordReader(this.storage);
    this.tasks = new MemoryTaskCatalogue(tasks);
    this.#ledger = new Ledger({ storage: this.storage, clock });
    // Whoever records an audit's verdict here means that the decision was drawn.
    this.#rollup = new Rollup({ storage: this.#rollups, draw: async () => () => true, clock });
    this.value = new Value({
      figures: new LedgerFigures(this.#rollups),
      ledger: this.storage,
      tasks: this.tasks,
      records: this.records,
      clock,
    });
  }

  /** Writes entries of one workspace, 1,000 a commit at most. */
  async record(entries: readonly LedgerEntry[], commit = 50): Promise<void> {
    for (let at = 0; at < entries.length; at += commit) {
      const part = [...entries.slice(at, at + commit)].sort((a, b) => (a.id.slice(4) < b.id.slice(4) ? -1 : 1));
      await this.#ledger.appendAll(part);
    }
  }

  /** Derives the figures from all rows that are there. */
  async catchUp(workspace: string): Promise<void> {
    const from = this.#seen.get(workspace) ?? 0;
    const { size } = await this.storage.head(workspace);
    const entries: FeedEntry[] = [];
    for (const commit of await this.storage.commits(workspace, from, size)) {
      for (const row of await this.storage.entriesOf(workspace, commit)) {
        const entry = await this.#entryOf(workspace, row);
        if (entry !== null) entries.push(entry);
      }
    }
    await this.#rollup.apply(undefined as unknown as Tx, workspace, entries);
    this.#seen.set(workspace, size);
    this.#rollups.ledgerSize = size;
  }

  async #entryOf(workspace: string, row: StoredEntry): Promise<FeedEntry | null> {
    const place = { seq: row.commitSeq, position: row.position, at: row.createdAt };
    if (row.kind === 'decision') return { ...place, kind: 'decision', decision: viewDecision(row) };
    if (row.kind === 'erasure') return { ...place, kind: 'erasure', decision: row.decision! };
    const decision = await this.storage.get(workspace, row.decision!);
    if (decision === undefined) throw new Error('a label without its decision');
    return { ...place, kind: 'label', label: viewLabel(row), decision: viewDecision(decision) };
  }
}
