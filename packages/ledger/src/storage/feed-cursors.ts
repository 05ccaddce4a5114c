import type { Database, Tx } from '@understudy/kernel';
import { type RawBuilder, sql } from 'kysely';
import type { EntryKind } from '../entry.ts';
import { ID_PREFIX } from '../entry-id.ts';
import type { FeedCursors } from '../feed.ts';
import type { StoredEntry } from '../ports.ts';
import { DECISION_COLUMNS } from './decision-list.ts';
import { ANNOTATION_COLUMNS } from './postgres-ledger-storage.ts';
import { type EntryRecord, toEntry } from './row.ts';

interface Span {
  next: string | null;
  first_key: string | null;
  last_key: string | null;
}

/** Cursors and the reading of the log for consumers, in the consumer's own transaction. */
export class PostgresFeedCursors implements FeedCursors {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  behind(consumers: readonly string[]): Promise<{ workspace: string; consumer: string }[]> {
    return this.#database.asSystem(async (tx) => {
      const { rows } = await sql<{ workspace: string; consumer: string }>`/* prepared */
        SELECT h.workspace_id AS workspace, c.consumer
          FROM ledger.heads h
         CROSS JOIN unnest(${[...consumers]}::text[]) WITH ORDINALITY AS c (consumer, n)
          LEFT JOIN ledger.cursors k ON k.workspace_id = h.workspace_id AND k.consumer = c.consumer
         WHERE h.size > COALESCE(k.next, 0)
         ORDER BY h.workspace_id, c.n`.execute(tx);
      return rows;
    });
  }

  async lock(tx: Tx, workspace: string, consumers: readonly string[]): Promise<Map<string, number>> {
    const found = await this.#locked(tx, workspace, consumers, sql`FOR UPDATE SKIP LOCKED`);
    // Others have the rest, or they are not there yet.
    if (found.size === consumers.length || !(await this.#make(tx, workspace, consumers))) return found;
    return this.#locked(tx, workspace, consumers, sql`FOR UPDATE SKIP LOCKED`);
  }

  async wait(tx: Tx, workspace: string, consumer: string): Promise<number> {
    await this.#make(tx, workspace, [consumer]);
    return (await this.#locked(tx, workspace, [consumer], sql`FOR UPDATE`)).get(consumer)!;
  }

  /**
   * Also lets the transaction commit without waiting for the disk: what a consumer derives is lost together with its
   * cursor or not at all, and then derived again. A later commit that somebody waits for makes it durable, too.
   */
  async #locked(
    tx: Tx,
    workspace: string,
    consumers: readonly string[],
    how: RawBuilder<unknown>,
  ): Promise<Map<string, number>> {
    const { rows } = await sql<{ consumer: string; next: string }>`/* prepared */
      SELECT consumer, next, set_config('synchronous_commit', 'off', true) FROM ledger.cursors
       WHERE workspace_id = ${workspace} AND consumer = ANY (${[...consumers]}::text[])
       ORDER BY consumer ${how}`.execute(tx);
    return new Map(rows.map(({ consumer, next }) => [consumer, Number(next)]));
  }

  async move(tx: Tx, workspace: string, consumers: readonly string[], next: number): Promise<void> {
    await sql`/* prepared */ UPDATE ledger.cursors SET next = ${next}
               WHERE workspace_id = ${workspace} AND consumer = ANY (${[...consumers]}::text[])`.execute(tx);
  }

  async read(tx: Tx, workspace: string, from: number, entries: number) {
    // Whole commits until there are enough entries; a commit of a thousand comes alone.
    const span = await sql<Span>`
      SELECT max(seq) + 1 AS next, min(first_key) AS first_key, max(last_key) AS last_key
        FROM (SELECT seq, first_key, last_key, sum(c.entries) OVER (ORDER BY seq) - c.entries AS before
                FROM (SELECT * FROM ledger.commits
                       WHERE workspace_id = ${workspace} AND seq >= ${from} ORDER BY seq LIMIT ${entries}) AS c) AS t
       WHERE before < ${entries}`.execute(tx);
    const { next, first_key: first, last_key: last } = span.rows[0]!;
    if (next === null) return { rows: [], about: new Map<string, StoredEntry>(), next: from };
    const within = (kind: EntryKind) => sql`workspace_id = ${workspace}
      AND commit_seq >= ${from} AND commit_seq < ${next}
      AND id >= ${`${ID_PREFIX[kind]}_${first}`} AND id <= ${`${ID_PREFIX[kind]}_${last}`}`;
    const rows = await all(
      tx,
      sql`SELECT ${DECISION_COLUMNS} FROM ledger.decisions WHERE ${within('decision')}
          UNION ALL SELECT ${ANNOTATION_COLUMNS} FROM ledger.annotations WHERE ${within('label')}
          UNION ALL SELECT ${ANNOTATION_COLUMNS} FROM ledger.annotations WHERE ${within('erasure')}
          UNION ALL SELECT ${ANNOTATION_COLUMNS} FROM ledger.annotations WHERE ${within('event')}
          ORDER BY commit_seq, position`,
    );
    const about = new Map(rows.filter(({ kind }) => kind === 'decision').map((row) => [row.id, row]));
    const missing = new Set(rows.flatMap(({ kind, decision }) => (kind === 'label' && decision ? [decision] : [])));
    for (const id of about.keys()) missing.delete(id);
    if (missing.size > 0) {
      const found = await all(
        tx,
        sql`SELECT ${DECISION_COLUMNS} FROM ledger.decisions
             WHERE workspace_id = ${workspace} AND id = ANY (${[...missing]}::text[])`,
      );
      for (const row of found) about.set(row.id, row);
    }
    return { rows, about, next: Number(next) };
  }

  /** Whether one of them was not there yet. */
  async #make(tx: Tx, workspace: string, consumers: readonly string[]): Promise<boolean> {
    const made = await sql`
      INSERT INTO ledger.cursors (workspace_id, consumer, next)
      SELECT ${workspace}, consumer, 0 FROM unnest(${[...consumers]}::text[]) AS c (consumer) ORDER BY consumer
      ON CONFLICT DO NOTHING`.execute(tx);
    return made.numAffectedRows! > 0n;
  }
}

async function all(tx: Tx, query: RawBuilder<unknown>): Promise<StoredEntry[]> {
  return ((await query.execute(tx)).rows as EntryRecord[]).map(toEntry);
}
