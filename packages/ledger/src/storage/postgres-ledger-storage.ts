import type { Database, Tx } from '@understudy/kernel';
import { CompiledQuery, type RawBuilder, sql } from 'kysely';
import type { EntryKind } from '../entry.ts';
import { ID_PREFIX } from '../entry-id.ts';
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
import { ArrayWriter } from './array-writer.ts';
import { DECISION_COLUMNS, listDecisions } from './decision-list.ts';
import { APPEND_GROUP, groupParameters } from './group-parameters.ts';
import { type CommitRecord, type EntryRecord, type HeadRecord, toCommit, toEntry, toHead } from './row.ts';

export const ANNOTATION_COLUMNS = sql`kind, id, commit_seq, position, created_at, leaf, record, payload, salt,
  NULL::boolean AS automated, NULL AS task, label, NULL AS model_version, NULL AS external_id, NULL AS subject,
  decision_id, source`;

const COMMIT_COLUMNS = sql`seq, entries, first_key, last_key, committed_at, root, nodes, prev_head, head`;

interface GroupAnswer {
  status: 'committed' | 'replayed';
  workspace_id: string;
  seq: string | null;
  key_hash: string | null;
  request_hash: string | null;
  response: string | null;
}

/** The same inside a transaction of another's, prepared once a connection. */
const APPEND_GROUP_IN = `/* prepared */ ${APPEND_GROUP}`;

/** The ledger in PostgreSQL: written by the SQL functions of the migrations only, read under row-level security. */
export class PostgresLedgerStorage implements LedgerStorage {
  readonly #database: Database;
  /** Writers that no statement uses; as many as commits were ever under way at once. */
  readonly #writers: ArrayWriter[] = [];

  constructor(database: Database) {
    this.#database = database;
  }

  async commit(parts: readonly GroupPart[], retry: boolean): Promise<GroupOutcome> {
    const writer = this.#writers.pop() ?? new ArrayWriter();
    const parameters = groupParameters(writer, parts, retry);
    const rows = await this.#database.prepared<GroupAnswer>('ledger_append_group', APPEND_GROUP, parameters);
    // Answered, so sent: the memory is free. After an error a dying connection may still hold it, and it is dropped.
    writer.reset();
    this.#writers.push(writer);
    if (rows[0]?.status === 'replayed') {
      return {
        replayed: rows.map((row) => ({
          workspace: row.workspace_id,
          keyHash: row.key_hash!,
          requestHash: row.request_hash!,
          response: row.response!,
        })),
      };
    }
    return { committed: new Map(rows.map((row) => [row.workspace_id, Number(row.seq)])) };
  }

  async commitIn(tx: Tx, part: GroupPart): Promise<number> {
    // The memory is the statement's alone: a transaction of another's may end at any time.
    const parameters = groupParameters(new ArrayWriter(), [part], false);
    const { rows } = await tx.executeQuery<GroupAnswer>(CompiledQuery.raw(APPEND_GROUP_IN, parameters));
    return Number(rows[0]!.seq);
  }

  async findKept(keys: readonly { workspace: string; keyHash: string }[]) {
    const rows = await this.#database.prepared<{ n: string; request_hash: string; response: string }>(
      'ledger_find_idempotent',
      'SELECT n, request_hash, response FROM ledger.find_idempotent($1::text[], $2::text[])',
      [keys.map(({ workspace }) => workspace), keys.map(({ keyHash }) => keyHash)],
    );
    const found: ({ requestHash: string; response: string } | undefined)[] = keys.map(() => undefined);
    for (const row of rows) found[Number(row.n) - 1] = { requestHash: row.request_hash, response: row.response };
    return found;
  }

  async head(workspace: string): Promise<HeadState> {
    const rows = await this.#read<HeadRecord>(
      workspace,
      sql`SELECT size, entries, decisions, peaks, head FROM ledger.heads WHERE workspace_id = ${workspace}`,
    );
    return rows[0] === undefined
      ? { size: 0, entries: 0, decisions: 0, peaks: Buffer.alloc(0), head: EMPTY_HEAD }
      : toHead(rows[0]);
  }

  async commits(workspace: string, from: number, to: number): Promise<CommitRow[]> {
    const rows = await this.#read<CommitRecord>(
      workspace,
      sql`SELECT ${COMMIT_COLUMNS} FROM ledger.commits
           WHERE workspace_id = ${workspace} AND seq >= ${from} AND seq < ${to} ORDER BY seq`,
    );
    return rows.map(toCommit);
  }

  async commitsBySeq(workspace: string, seqs: readonly number[]): Promise<CommitRow[]> {
    const rows = await this.#read<CommitRecord>(
      workspace,
      sql`SELECT ${COMMIT_COLUMNS} FROM ledger.commits
           WHERE workspace_id = ${workspace} AND seq = ANY (${seqs}::bigint[]) ORDER BY seq`,
    );
    return rows.map(toCommit);
  }

  async entriesOf(workspace: string, commit: CommitRow): Promise<StoredEntry[]> {
    const within = (kind: EntryKind) => sql`workspace_id = ${workspace} AND commit_seq = ${commit.seq}
      AND id >= ${`${ID_PREFIX[kind]}_${commit.firstKey}`} AND id <= ${`${ID_PREFIX[kind]}_${commit.lastKey}`}`;
    const rows = await this.#read<EntryRecord>(
      workspace,
      sql`SELECT ${DECISION_COLUMNS} FROM ledger.decisions WHERE ${within('decision')}
          UNION ALL SELECT ${ANNOTATION_COLUMNS} FROM ledger.annotations WHERE ${within('label')}
          UNION ALL SELECT ${ANNOTATION_COLUMNS} FROM ledger.annotations WHERE ${within('erasure')}
          UNION ALL SELECT ${ANNOTATION_COLUMNS} FROM ledger.annotations WHERE ${within('event')}
          ORDER BY position`,
    );
    return rows.map(toEntry);
  }

  async scan(workspace: string, kind: EntryKind, after: string, limit: number): Promise<StoredEntry[]> {
    const prefix = ID_PREFIX[kind];
    const range = sql`workspace_id = ${workspace} AND id > ${`${prefix}_${after}`} AND id < ${`${prefix}\``}`;
    const rows = await this.#read<EntryRecord>(
      workspace,
      kind === 'decision'
        ? sql`SELECT ${DECISION_COLUMNS} FROM ledger.decisions WHERE ${range} ORDER BY id LIMIT ${limit}`
        : sql`SELECT ${ANNOTATION_COLUMNS} FROM ledger.annotations WHERE ${range} ORDER BY id LIMIT ${limit}`,
    );
    return rows.map(toEntry);
  }

  async countRows(workspace: string, seq: number): Promise<{ below: number; rest: number }> {
    const rows = await this.#read<{ below: string; rest: string }>(
      workspace,
      sql`SELECT count(*) FILTER (WHERE commit_seq < ${seq}) AS below,
                 count(*) FILTER (WHERE commit_seq >= ${seq}) AS rest
            FROM (SELECT commit_seq FROM ledger.decisions WHERE workspace_id = ${workspace}
                  UNION ALL SELECT commit_seq FROM ledger.annotations WHERE workspace_id = ${workspace}) AS entries`,
    );
    return { below: Number(rows[0]!.below), rest: Number(rows[0]!.rest) };
  }

  async get(workspace: string, id: string): Promise<StoredEntry | undefined> {
    const rows = await this.#read<EntryRecord>(
      workspace,
      sql`SELECT ${DECISION_COLUMNS} FROM ledger.decisions WHERE workspace_id = ${workspace} AND id = ${id}`,
    );
    return rows[0] && toEntry(rows[0]);
  }

  async getAll(workspace: string, ids: readonly string[]): Promise<Map<string, StoredEntry>> {
    if (ids.length === 0) return new Map();
    const rows = await this.#read<EntryRecord>(
      workspace,
      sql`SELECT ${DECISION_COLUMNS} FROM ledger.decisions WHERE workspace_id = ${workspace} AND id = ANY (${ids}::text[])`,
    );
    return new Map(rows.map((row) => [row.id, toEntry(row)]));
  }

  async annotationsOf(workspace: string, decision: string): Promise<StoredEntry[]> {
    const rows = await this.#read<EntryRecord>(
      workspace,
      sql`SELECT ${ANNOTATION_COLUMNS} FROM ledger.annotations
           WHERE workspace_id = ${workspace} AND decision_id = ${decision} ORDER BY substr(id, 5)`,
    );
    return rows.map(toEntry);
  }

  list(
    workspace: string,
    filter: DecisionFilter,
    page: { limit: number; before: string | null },
  ): Promise<DecisionPage> {
    return this.#database.inWorkspace(workspace, (tx) => listDecisions(tx, workspace, filter, page));
  }

  /** When the oldest decision of all workspaces was made, in ms since the epoch; null without one. */
  async oldestDecision(): Promise<number | null> {
    const { rows } = await this.#database.asSystem((tx) =>
      sql<{ at: Date | null }>`SELECT min(created_at) AS at FROM ledger.decisions`.execute(tx),
    );
    return rows[0]?.at?.getTime() ?? null;
  }

  async ensurePartitions(from: number, to: number): Promise<string[]> {
    const rows = await this.#database.prepared<{ name: string }>(
      'ledger_ensure_partitions',
      'SELECT ledger.ensure_partitions($1::timestamptz, $2::timestamptz) AS name',
      [new Date(from).toISOString(), new Date(to).toISOString()],
    );
    return rows.map(({ name }) => name);
  }

  async expireKept(limit: number): Promise<number> {
    const rows = await this.#database.prepared<{ removed: number }>(
      'ledger_expire_idempotency',
      'SELECT ledger.expire_idempotency($1::int) AS removed',
      [limit],
    );
    return rows[0]!.removed;
  }

  async #read<R>(workspace: string, query: RawBuilder<unknown>): Promise<R[]> {
    return this.#database.inWorkspace(workspace, async (tx) => (await query.execute(tx)).rows as R[]);
  }
}
