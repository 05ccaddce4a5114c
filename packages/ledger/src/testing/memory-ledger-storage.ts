import { type Clock, systemClock, type Tx } from '@understudy/kernel';
import type { EntryKind } from '../entry.ts';
import { keyFloor } from '../entry-id.ts';
import { LogTree } from '../log-tree.ts';
import { EMPTY_HEAD } from '../merkle.ts';
import type {
  CommitRow,
  DecisionFilter,
  DecisionPage,
  GroupOutcome,
  GroupPart,
  HeadState,
  LedgerStorage,
  StoredEntry,
} from '../ports.ts';
import type { SealedEntry } from '../seal.ts';
import { commitLeaf } from '../verification/log-verifier.ts';

const KEPT_MS = 24 * 3600_000;

interface Workspace {
  log: LogTree;
  commits: CommitRow[];
  entries: StoredEntry[];
  kept: Map<string, { requestHash: string; response: string; decisions: readonly string[]; at: number }>;
}

/** The ledger in memory: for tests of other rooms, under the same contract as the real one. */
export class MemoryLedgerStorage implements LedgerStorage {
  readonly #clock: Clock;
  readonly #workspaces = new Map<string, Workspace>();
  /** Set to an error, every call throws it: the database is away. */
  failure: Error | undefined;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  #of(workspace: string): Workspace {
    if (this.failure !== undefined) throw this.failure;
    let found = this.#workspaces.get(workspace);
    if (found === undefined) {
      found = { log: new LogTree(), commits: [], entries: [], kept: new Map() };
      this.#workspaces.set(workspace, found);
    }
    return found;
  }

  async commit(parts: readonly GroupPart[], retry: boolean): Promise<GroupOutcome> {
    const all = parts.map((part) => ({ part, to: this.#of(part.workspace) }));
    if (retry) {
      const first = all.map(({ part, to }) => to.entries.find(({ id }) => id === part.entries[0]!.id)?.commitSeq);
      if (first[0] !== undefined) return { committed: new Map(all.map(({ part }, i) => [part.workspace, first[i]!])) };
    }
    const replayed = all.flatMap(({ part, to }) =>
      part.kept.flatMap(({ keyHash }) => {
        const kept = to.kept.get(keyHash);
        if (kept === undefined || kept.at <= this.#clock.now() - KEPT_MS) return [];
        return [{ workspace: part.workspace, keyHash, requestHash: kept.requestHash, response: kept.response }];
      }),
    );
    if (replayed.length > 0) return { replayed };
    for (const { part, to } of all) {
      const ids = new Set(to.entries.map(({ id }) => id));
      if (part.entries.some(({ id }) => ids.has(id))) throw new Error('duplicate key value violates unique constraint');
    }
    return { committed: new Map(all.map(({ part, to }) => [part.workspace, this.#append(part, to)])) };
  }

  /** Memory has no transactions: what is written stays, whatever becomes of the caller's. */
  async commitIn(_tx: Tx, part: GroupPart): Promise<number> {
    return this.#append(part, this.#of(part.workspace));
  }

  #append(part: GroupPart, to: Workspace): number {
    const now = this.#clock.now();
    const seq = to.log.size;
    const prevHead = to.log.head;
    const committed = { root: Buffer.from(part.root), entries: part.entries.length, committedAt: now };
    const nodes = to.log.push(commitLeaf(committed));
    const firstKey = part.entries[0]!.key;
    const lastKey = part.entries.at(-1)!.key;
    to.commits.push({ ...committed, seq, firstKey, lastKey, nodes, prevHead, head: to.log.head });
    part.entries.forEach((entry, position) => {
      to.entries.push(stored(entry, seq, position));
      if (entry.kind === 'erasure') erase(to, entry.decision);
    });
    for (const { keyHash, ...kept } of part.kept) to.kept.set(keyHash, { ...kept, at: now });
    return seq;
  }

  async findKept(keys: readonly { workspace: string; keyHash: string }[]) {
    return keys.map(({ workspace, keyHash }) => {
      const kept = this.#of(workspace).kept.get(keyHash);
      if (kept === undefined || kept.at <= this.#clock.now() - KEPT_MS) return undefined;
      return { requestHash: kept.requestHash, response: kept.response };
    });
  }

  async head(workspace: string): Promise<HeadState> {
    const { log, entries } = this.#of(workspace);
    const decisions = entries.filter(({ kind }) => kind === 'decision').length;
    const head = log.size === 0 ? EMPTY_HEAD : log.head;
    return { size: log.size, entries: entries.length, decisions, peaks: log.peaks, head };
  }

  async commits(workspace: string, from: number, to: number): Promise<CommitRow[]> {
    return this.#of(workspace).commits.filter(({ seq }) => seq >= from && seq < to);
  }

  async commitsBySeq(workspace: string, seqs: readonly number[]): Promise<CommitRow[]> {
    return this.#of(workspace).commits.filter(({ seq }) => seqs.includes(seq));
  }

  async entriesOf(workspace: string, commit: CommitRow): Promise<StoredEntry[]> {
    return this.#of(workspace).entries.filter(({ commitSeq }) => commitSeq === commit.seq);
  }

  async scan(workspace: string, kind: EntryKind, after: string, limit: number): Promise<StoredEntry[]> {
    const rows = this.#of(workspace).entries.filter((entry) => entry.kind === kind && entry.id.slice(4) > after);
    return rows.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, limit);
  }

  async countRows(workspace: string, seq: number): Promise<{ below: number; rest: number }> {
    const { entries } = this.#of(workspace);
    const below = entries.filter(({ commitSeq }) => commitSeq < seq).length;
    return { below, rest: entries.length - below };
  }

  async get(workspace: string, id: string): Promise<StoredEntry | undefined> {
    return this.#of(workspace).entries.find((entry) => entry.kind === 'decision' && entry.id === id);
  }

  async getAll(workspace: string, ids: readonly string[]): Promise<Map<string, StoredEntry>> {
    const wanted = new Set(ids);
    const found = this.#of(workspace).entries.filter(({ kind, id }) => kind === 'decision' && wanted.has(id));
    return new Map(found.map((entry) => [entry.id, entry]));
  }

  async annotationsOf(workspace: string, decision: string): Promise<StoredEntry[]> {
    const rows = this.#of(workspace).entries.filter((entry) => entry.decision === decision);
    return rows.sort((a, b) => (a.id.slice(4) < b.id.slice(4) ? -1 : 1));
  }

  async list(
    workspace: string,
    filter: DecisionFilter,
    page: { limit: number; before: string | null },
  ): Promise<DecisionPage> {
    const matching = this.#of(workspace)
      .entries.filter((row) => row.kind === 'decision' && matches(row, filter))
      .filter(({ id }) => page.before === null || id < page.before)
      .sort((a, b) => (a.id > b.id ? -1 : 1));
    const rows = matching.slice(0, page.limit);
    return { rows, resumeBelow: matching.length > page.limit ? rows.at(-1)!.id : null };
  }

  async ensurePartitions(): Promise<string[]> {
    return [];
  }

  async expireKept(limit: number): Promise<number> {
    let removed = 0;
    for (const { kept } of this.#workspaces.values()) {
      for (const [key, { at }] of kept) {
        if (removed === limit) return removed;
        if (at <= this.#clock.now() - KEPT_MS && kept.delete(key)) removed++;
      }
    }
    return removed;
  }
}

function stored(entry: SealedEntry, commitSeq: number, position: number): StoredEntry {
  const { kind, id, at, record, payload, salt, label, modelVersion, externalId, subject, source } = entry;
  const isDecision = kind === 'decision';
  return {
    kind,
    id,
    commitSeq,
    position,
    createdAt: at,
    leaf: Buffer.from(entry.leaf, 'latin1'),
    record,
    payload,
    salt,
    automated: isDecision ? entry.automated : null,
    task: isDecision ? entry.task : null,
    label,
    modelVersion,
    externalId,
    subject,
    decision: isDecision ? null : entry.decision,
    source,
  };
}

function erase(to: Workspace, decision: string): void {
  for (const row of to.entries) {
    if (row.id !== decision && row.decision !== decision) continue;
    row.payload = null;
    row.salt = null;
    row.subject = null;
    row.externalId = null;
  }
  for (const [key, { decisions }] of to.kept) if (decisions.includes(decision)) to.kept.delete(key);
}

function matches(row: StoredEntry, filter: DecisionFilter): boolean {
  return (
    (filter.task === undefined || row.task === filter.task) &&
    (filter.outcome === undefined || row.automated === (filter.outcome === 'automated')) &&
    (filter.label === undefined || row.label === filter.label) &&
    (filter.modelVersion === undefined || row.modelVersion === filter.modelVersion) &&
    (filter.subject === undefined || row.subject === filter.subject) &&
    (filter.externalId === undefined || row.externalId === filter.externalId) &&
    (filter.from === undefined || row.id >= `dec_${keyFloor(filter.from)}`) &&
    (filter.to === undefined || row.id < `dec_${keyFloor(filter.to)}`)
  );
}
