import { type Database, idTime } from '@understudy/kernel';
import { type RawBuilder, sql } from 'kysely';
import type { EntryKind } from '../entry.ts';
import { ID_PREFIX, keyFloor } from '../entry-id.ts';
import type { CommitRow } from '../ports.ts';
import type { DecisionSpan, RecordReader, RecordRow, Verdict } from '../record-reader.ts';

interface Row {
  id: string;
  kind: EntryKind;
  commit_seq: string;
  position: number;
  leaf: Buffer;
  record: string;
}

/** `dec_` and 26 characters. */
const ID_LENGTH = 30;
/** The digit 1. */
const ERASED = 49;
/** The letter a. */
const AUDIT = 97;

/** Narrow reads of the ledger's tables, each along an index. */
export class PostgresRecordReader implements RecordReader {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async firstDecision(workspace: string, { task }: { task?: string }): Promise<number | null> {
    const one = (condition: RawBuilder<unknown>) =>
      sql`(SELECT id FROM ledger.decisions WHERE workspace_id = ${workspace} ${condition} ORDER BY id LIMIT 1)`;
    const ranges =
      task === undefined
        ? one(sql``)
        : sql`${one(sql`AND task = ${task} AND automated`)} UNION ALL ${one(sql`AND task = ${task} AND NOT automated`)}`;
    const rows = await this.#read<{ id: string | null }>(
      workspace,
      sql`SELECT min(id) AS id FROM (${ranges}) AS first`,
    );
    const id = rows[0]?.id ?? null;
    return id === null ? null : idTime(id);
  }

  async ofCommits(workspace: string, commits: readonly CommitRow[]): Promise<RecordRow[]> {
    if (commits.length === 0) return [];
    const keys = { first: commits[0]!.firstKey, last: commits[0]!.lastKey };
    for (const { firstKey, lastKey } of commits) {
      if (firstKey < keys.first) keys.first = firstKey;
      if (lastKey > keys.last) keys.last = lastKey;
    }
    const within = (kind: EntryKind) => sql`workspace_id = ${workspace}
      AND commit_seq >= ${commits[0]!.seq} AND commit_seq <= ${commits.at(-1)!.seq}
      AND id >= ${`${ID_PREFIX[kind]}_${keys.first}`} AND id <= ${`${ID_PREFIX[kind]}_${keys.last}`}`;
    const columns = sql`id, commit_seq, position, leaf, record`;
    const rows = await this.#read<Row>(
      workspace,
      sql`SELECT 'decision' AS kind, ${columns} FROM ledger.decisions WHERE ${within('decision')}
          UNION ALL SELECT kind, ${columns} FROM ledger.annotations WHERE ${within('label')}
          UNION ALL SELECT kind, ${columns} FROM ledger.annotations WHERE ${within('erasure')}
          UNION ALL SELECT kind, ${columns} FROM ledger.annotations WHERE ${within('event')}
          ORDER BY commit_seq, position`,
    );
    return rows.map(({ id, kind, commit_seq, position, leaf, record }) => ({
      id,
      kind,
      commitSeq: Number(commit_seq),
      position,
      leaf,
      record,
    }));
  }

  async countDecisions(workspace: string, span: DecisionSpan): Promise<number> {
    const rows = await this.#read<{ n: string }>(
      workspace,
      sql`SELECT count(*) AS n FROM ledger.decisions WHERE ${spanOf(workspace, span, '')}`,
    );
    return Number(rows[0]!.n);
  }

  async decisions(
    workspace: string,
    span: DecisionSpan,
    page: { after: string; limit: number; payload: boolean },
  ): Promise<{ id: string; record: string; payload: string | null; erased: boolean }[]> {
    const where = sql`WHERE ${spanOf(workspace, span, page.after)} ORDER BY id LIMIT ${page.limit}`;
    if (page.payload) {
      return this.#read(
        workspace,
        sql`SELECT id, record, payload, payload IS NULL AS erased FROM ledger.decisions ${where}`,
      );
    }
    // As one text: taking four thousand rows apart costs the driver more than everything that is done with them. No
    // record holds a line break, as no JSON does.
    const lines = await this.#lines(
      workspace,
      sql`SELECT string_agg((payload IS NULL)::int || id || record, E'\n' ORDER BY id) AS rows
            FROM (SELECT id, record, payload FROM ledger.decisions ${where}) AS page`,
    );
    return lines.map((line) => ({
      id: line.slice(1, 1 + ID_LENGTH),
      record: line.slice(1 + ID_LENGTH),
      payload: null,
      erased: line.charCodeAt(0) === ERASED,
    }));
  }

  async verdicts(workspace: string, decisions: { first: string; last: string; size: number }): Promise<Verdict[]> {
    // A record is canonical JSON: `,"name":` stands in no text, whose quotes are escaped. Cut by place, not by a regular
    // expression, which would turn the whole record into wide characters first. As one text, as above: a label has no
    // control character, and so no line break.
    const lines = await this.#lines(
      workspace,
      sql`SELECT string_agg(decision_id || CASE source WHEN 'audit' THEN 'a' ELSE 'r' END
                            || rtrim(split_part(split_part(record, ',"seconds":', 2), ',', 1), '}') || ' ' || label,
                            E'\n' ORDER BY decision_id, id) AS rows
            FROM ledger.annotations
           WHERE workspace_id = ${workspace} AND decision_id >= ${decisions.first} AND decision_id <= ${decisions.last}
             AND kind = 'label' AND source IN ('reviewer', 'audit') AND commit_seq < ${decisions.size}
             AND strpos(record, ',"echo":true') = 0`,
    );
    return lines.map((line) => {
      const space = line.indexOf(' ', ID_LENGTH + 1);
      const seconds = line.slice(ID_LENGTH + 1, space);
      return {
        decision: line.slice(0, ID_LENGTH),
        label: line.slice(space + 1),
        source: line.charCodeAt(ID_LENGTH) === AUDIT ? 'audit' : 'reviewer',
        seconds: seconds === '' ? null : Number(seconds),
      };
    });
  }

  /** The lines of one text, `rows`; none where it is NULL. */
  async #lines(workspace: string, query: RawBuilder<unknown>): Promise<string[]> {
    const [row] = await this.#read<{ rows: string | null }>(workspace, query);
    return row?.rows?.split('\n') ?? [];
  }

  async #read<R>(workspace: string, query: RawBuilder<unknown>): Promise<R[]> {
    return this.#database.inWorkspace(workspace, async (tx) => (await query.execute(tx)).rows as R[]);
  }
}

function spanOf(workspace: string, { task, from, to, size }: DecisionSpan, after: string): RawBuilder<unknown> {
  const floor = `dec_${keyFloor(from)}`;
  return sql`workspace_id = ${workspace} AND task = ${task} AND id >= ${floor} AND id > ${after}
    AND id < ${`dec_${keyFloor(to)}`} AND commit_seq < ${size}`;
}
