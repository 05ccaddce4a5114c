import { setTimeout } from 'node:timers/promises';
import type { Database, Tx } from '@understudy/kernel';
import { sql } from 'kysely';
import type { AttributeValue, ExampleRecord, ExampleSource } from '../example.ts';
import type { ExampleFilter, ExampleStats, ExampleStore, LabelCounter, ListedExample, SnapshotRow } from '../ports.ts';
import { after, searchExamples } from './example-search.ts';
import { forgetSigned, signRows } from './example-signatures.ts';
import { countLabels } from './label-counters.ts';

/** Characters of NDJSON in one statement. */
const STATEMENT = 1 << 20;
/** Characters of inputs on one page of a list. */
const PAGE = 8 << 20;

interface Row {
  id: string;
  input: Record<string, string>;
  label: string;
  subject: string | null;
  external_id: string | null;
  occurred_at: Date | null;
  attributes: Record<string, AttributeValue>;
  source: ExampleSource;
  probability: number | null;
  decision: string | null;
  labelled_at: Date | null;
  input_hash: Buffer;
  content_hash: Buffer;
}

const isoOrNull = (time: Date | null) => time?.toISOString() ?? null;

/**
 * Lets one import of a task write at a time: two with the same rows in different order would wait for each other's
 * unique keys for ever. Asks again and again, because a wait inside the server would run into its statement timeout
 * behind an import of a million rows.
 */
async function takeTurn(tx: Tx, taskId: string): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ mine: boolean }>`
      SELECT pg_try_advisory_xact_lock(hashtextextended(${`lake.examples:${taskId}`}, 0)) AS mine`.execute(tx);
    if (rows[0]!.mine) return;
    await setTimeout(50);
  }
}

function parseRecords(lines: string): ExampleRecord[] {
  return lines
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ExampleRecord);
}

/** The first row of each (input, label) of a batch, and those of them that contradict a row before them. */
function withinBatch(rows: ExampleRecord[]): { distinct: ExampleRecord[]; contradicting: Set<ExampleRecord> } {
  const labels = new Map<string, Set<string> | string>();
  const contradicting = new Set<ExampleRecord>();
  const distinct = rows.filter((row) => {
    const known = labels.get(row.input_hash);
    if (known === undefined) {
      labels.set(row.input_hash, row.label);
      return true;
    }
    const all = typeof known === 'string' ? new Set([known]) : known;
    if (all.has(row.label)) return false;
    labels.set(row.input_hash, all.add(row.label));
    contradicting.add(row);
    return true;
  });
  return { distinct, contradicting };
}

function isEmpty(record: object): boolean {
  for (const _ in record) return false;
  return true;
}

/** Examples in PostgreSQL. */
export class PostgresExampleStore implements ExampleStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  insert(
    workspace: string,
    taskId: string,
    batches: AsyncIterable<string>,
  ): Promise<{ accepted: number; duplicates: number; conflicts: number }> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      await takeTurn(tx, taskId);
      const total = { accepted: 0, duplicates: 0, conflicts: 0 };
      for await (const text of batches) {
        for (let start = 0; start < text.length; ) {
          let end = text.length;
          if (end - start > STATEMENT) {
            const cut = text.lastIndexOf('\n', start + STATEMENT);
            end = (cut < start ? text.indexOf('\n', start) : cut) + 1;
          }
          const rows = parseRecords(text.slice(start, end));
          const { accepted, conflicts } = await this.#insert(tx, workspace, taskId, rows);
          total.accepted += accepted;
          total.duplicates += rows.length - accepted;
          total.conflicts += conflicts;
          start = end;
        }
      }
      await countLabels(tx, workspace, taskId, { labels: total.accepted, production: 0 });
      return total;
    });
  }

  /**
   * Stores the rows of one statement that the task does not have. Importers of a task take turns (the lock), so what
   * the look-up finds is what there is, and the unique index only guards against mistakes.
   */
  async #insert(
    tx: Tx,
    workspace: string,
    taskId: string,
    incoming: ExampleRecord[],
  ): Promise<{ accepted: number; conflicts: number }> {
    const { distinct, contradicting } = withinBatch(incoming);
    const { rows } = await sql<{ accepted: number; conflicts: number }>`
      WITH incoming AS MATERIALIZED (
        SELECT r.*, substr(r.hashes, 1, 16) AS input_hash, known.same, known.other OR r.contradicts AS conflict
        FROM unnest(
          ${distinct.map((row) => row.id)}::text[],
          ${distinct.map((row) => JSON.stringify(row.input))}::jsonb[],
          ${distinct.map((row) => row.label)}::text[],
          ${distinct.map((row) => row.subject)}::text[],
          ${distinct.map((row) => row.external_id)}::text[],
          ${distinct.map((row) => row.occurred_at)}::timestamptz[],
          ${distinct.map((row) => (isEmpty(row.attributes) ? '{}' : JSON.stringify(row.attributes)))}::jsonb[],
          ${distinct.map((row) => `\\x${row.input_hash}${row.content_hash}`)}::bytea[],
          ${distinct.map((row) => contradicting.has(row))}::boolean[]
        ) AS r(id, input, label, subject, external_id, occurred_at, attributes, hashes, contradicts)
        CROSS JOIN LATERAL (
          SELECT coalesce(bool_or(e.label = r.label), false) AS same,
                 coalesce(bool_or(e.label <> r.label), false) AS other
          FROM lake.examples AS e
          WHERE e.workspace_id = ${workspace} AND e.task_id = ${taskId} AND e.input_hash = substr(r.hashes, 1, 16)
        ) AS known
      ), stored AS (
        INSERT INTO lake.examples (workspace_id, task_id, id, input, label, subject, external_id, occurred_at,
                                   attributes, source, input_hash, content_hash)
        SELECT ${workspace}, ${taskId}, id, input, label, subject, external_id, occurred_at, attributes, 'import',
               input_hash, substr(hashes, 17)
        FROM incoming WHERE NOT same
      )
      SELECT count(*) FILTER (WHERE NOT same)::int AS accepted,
             count(*) FILTER (WHERE NOT same AND conflict)::int AS conflicts
      FROM incoming`.execute(tx);
    // Some of them may have been there already: a signature may stand for more than was stored, never for less.
    if (rows[0]!.accepted > 0) await signRows(tx, workspace, taskId, distinct);
    return rows[0]!;
  }

  list(
    workspace: string,
    taskId: string,
    page: { limit: number; from?: string } & ExampleFilter,
  ): Promise<{ rows: ListedExample[]; next: string | null }> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      const conflict = sql<boolean>`EXISTS (
        SELECT FROM lake.examples AS other WHERE other.workspace_id = ${workspace} AND other.task_id = ${taskId}
          AND other.input_hash = e.input_hash AND other.label <> e.label)`;
      const condition = sql`(${page.label ?? null}::text IS NULL OR e.label = ${page.label ?? null})
            AND (${page.source ?? null}::text IS NULL OR e.source = ${page.source ?? null})
            AND (NOT ${page.conflicts ?? false}::boolean OR ${conflict})`;
      const { terms, from = '', limit } = page;
      const found =
        terms === undefined ? null : await searchExamples(tx, { workspace, taskId, terms, from, limit, condition });
      const wanted = found === null ? sql`e.id >= ${from} AND ${condition}` : sql`e.id = ANY (${found.ids}::text[])`;
      const { rows } = await sql<Row & { conflict: boolean; fetched: number }>`
        WITH page AS (
          SELECT e.*, ${conflict} AS conflict FROM lake.examples AS e
          WHERE e.workspace_id = ${workspace} AND e.task_id = ${taskId} AND ${wanted}
          ORDER BY e.id LIMIT ${limit + 1}
        ), measured AS (
          SELECT *, (count(*) OVER ())::int AS fetched,
                 sum(octet_length(input::text)) OVER (ORDER BY id ROWS UNBOUNDED PRECEDING EXCLUDE CURRENT ROW) AS before
          FROM page
        )
        SELECT * FROM measured WHERE coalesce(before, 0) <= ${PAGE} ORDER BY id`.execute(tx);
      const kept = rows.slice(0, limit);
      const more = kept.length < (rows[0]?.fetched ?? 0);
      return {
        rows: kept.map((row) => ({ ...toRecord(row), id: row.id, conflict: row.conflict })),
        next: more ? after(kept.at(-1)!.id) : (found?.next ?? null),
      };
    });
  }

  stats(workspace: string, taskId: string): Promise<ExampleStats> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      const { rows: labels } = await sql<{ name: string; examples: number }>`
        SELECT label AS name, count(*)::int AS examples FROM lake.examples
        WHERE workspace_id = ${workspace} AND task_id = ${taskId} GROUP BY label ORDER BY label`.execute(tx);
      const { rows } = await sql<{ conflicts: number }>`
        SELECT coalesce(sum(n), 0)::int AS conflicts FROM (
          SELECT count(*) AS n FROM lake.examples WHERE workspace_id = ${workspace} AND task_id = ${taskId}
          GROUP BY input_hash HAVING min(label) <> max(label)) AS contested`.execute(tx);
      const { rows: sources } = await sql<{ name: ExampleSource; examples: number }>`
        SELECT source AS name, count(*)::int AS examples FROM lake.examples
        WHERE workspace_id = ${workspace} AND task_id = ${taskId} GROUP BY source ORDER BY source`.execute(tx);
      const examples = labels.reduce((sum, label) => sum + label.examples, 0);
      return { examples, conflicts: rows[0]!.conflicts, labels, sources };
    });
  }

  labelsGiven(workspace: string, taskId: string): Promise<LabelCounter> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      const { rows } = await sql<{ labels: string; production: string; changed_at: Date }>`
        SELECT labels, production, changed_at FROM lake.label_counters
        WHERE workspace_id = ${workspace} AND task_id = ${taskId}`.execute(tx);
      const row = rows[0];
      return row === undefined
        ? { labels: 0, production: 0, changedAt: null }
        : { labels: Number(row.labels), production: Number(row.production), changedAt: row.changed_at.getTime() };
    });
  }

  allLabelsGiven(): Promise<{ workspace: string; taskId: string; labels: number }[]> {
    return this.#database.asSystem(async (tx) => {
      const { rows } = await sql<{ workspace: string; task: string; labels: string }>`
        SELECT workspace_id AS workspace, task_id AS task, labels FROM lake.label_counters
        WHERE labels > 0`.execute(tx);
      return rows.map(({ workspace, task, labels }) => ({ workspace, taskId: task, labels: Number(labels) }));
    });
  }

  remove(workspace: string, taskId: string, id: string): Promise<boolean> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      const { numAffectedRows } = await sql`
        DELETE FROM lake.examples WHERE workspace_id = ${workspace} AND task_id = ${taskId} AND id = ${id}`.execute(tx);
      await forgetSigned(tx, workspace, [{ taskId, id }]);
      return (numAffectedRows ?? 0n) > 0n;
    });
  }

  eachDigest(workspace: string, taskId: string, take: (digests: Buffer[]) => Promise<void>): Promise<void> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      await sql`DECLARE digests NO SCROLL CURSOR FOR
        SELECT content_hash FROM lake.examples
        WHERE workspace_id = ${sql.lit(workspace)} AND task_id = ${sql.lit(taskId)} ORDER BY content_hash`.execute(tx);
      for (;;) {
        const { rows } = await sql<{ content_hash: Buffer }>`FETCH 10000 FROM digests`.execute(tx);
        if (rows.length === 0) return;
        await take(rows.map((row) => row.content_hash));
      }
    });
  }

  eachRow(workspace: string, taskId: string, take: (rows: SnapshotRow[]) => Promise<void>): Promise<void> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      // A cursor sees the table as of its DECLARE, whatever is imported or deleted meanwhile.
      await sql`DECLARE snapshot NO SCROLL CURSOR FOR
        SELECT * FROM lake.examples
        WHERE workspace_id = ${sql.lit(workspace)} AND task_id = ${sql.lit(taskId)} ORDER BY content_hash`.execute(tx);
      let count = 20;
      for (;;) {
        const { rows } = await sql<Row>`FETCH ${sql.lit(count)} FROM snapshot`.execute(tx);
        if (rows.length === 0) return;
        await take(rows.map(toRecord));
        let size = 1;
        for (const row of rows) for (const text of Object.values(row.input)) size += text.length;
        // About two million characters at a time, however long the texts are.
        count = Math.max(1, Math.min(1000, Math.floor((2_000_000 * rows.length) / size)));
      }
    });
  }
}

function toRecord(row: Row): SnapshotRow {
  return {
    input: row.input,
    label: row.label,
    subject: row.subject,
    external_id: row.external_id,
    occurred_at: isoOrNull(row.occurred_at),
    attributes: row.attributes,
    source: row.source,
    probability: row.probability,
    decision: row.decision,
    labelled_at: isoOrNull(row.labelled_at),
    input_hash: row.input_hash.toString('hex'),
    content_hash: row.content_hash.toString('hex'),
  };
}
