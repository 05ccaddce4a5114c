import type { Database } from '@understudy/kernel';
import { sql } from 'kysely';
import type { DeadLetter } from '../dead-letter.ts';
import type { InboxEntry } from '../sources/ports.ts';
import type { TrailStore } from '../trail/parts.ts';
import { type DeadLetterRow, FACTS, toLetter } from './dead-letter-store.ts';
import { type InboxRow, toInboxEntry } from './source-store.ts';

const MOST = 100;

/** Messages and dead letters in PostgreSQL, by what they have to do with each other. */
export class PostgresTrailStore implements TrailStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  messages(
    workspace: string,
    which: Parameters<TrailStore['messages']>[1],
  ): Promise<(InboxEntry & { source: string })[]> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      // The key stands behind the source in the index, so each source is asked.
      const { rows } = await sql<InboxRow & { source: string }>`
        WITH RECURSIVE sources AS (
          (SELECT source FROM jobs.inbox WHERE workspace_id = ${workspace} ORDER BY source LIMIT 1)
          UNION ALL
          SELECT (SELECT i.source FROM jobs.inbox i WHERE i.workspace_id = ${workspace} AND i.source > s.source
                  ORDER BY i.source LIMIT 1)
          FROM sources s WHERE s.source IS NOT NULL)
        (SELECT i.* FROM jobs.inbox i WHERE i.workspace_id = ${workspace} AND i.message = ANY (${which.ids}::text[]))
        UNION
        (SELECT i.* FROM sources s JOIN jobs.inbox i ON i.workspace_id = ${workspace} AND i.source = s.source
           AND i.key = ANY (${which.keys}::text[]))
        UNION
        (SELECT i.* FROM sources s CROSS JOIN unnest(${which.beginnings}::text[]) AS b (text)
         JOIN jobs.inbox i ON i.workspace_id = ${workspace} AND i.source = s.source
           AND i.key >= b.text COLLATE "C" AND i.key < (b.text || U&'\\+10FFFF') COLLATE "C")
        LIMIT ${MOST}`.execute(tx);
      return rows.map((row) => ({ ...toInboxEntry(row), source: row.source }));
    });
  }

  letters(workspace: string, which: Parameters<TrailStore['letters']>[1]): Promise<DeadLetter[]> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      const { rows } = await sql<DeadLetterRow>`
        WITH wanted AS (
          SELECT id FROM jobs.dead_letters WHERE workspace_id = ${workspace} AND id = ANY (${which.ids}::text[])
          UNION
          SELECT id FROM jobs.dead_letters
          WHERE workspace_id = ${workspace} AND message = ANY (${which.messages}::text[])
          UNION
          SELECT d.id FROM unnest(${which.origins.map(({ kind }) => kind)}::text[],
                                  ${which.origins.map(({ id }) => id)}::text[]) AS o (kind, id)
          JOIN jobs.dead_letters d ON d.workspace_id = ${workspace} AND d.origin_kind = o.kind AND d.origin_id = o.id)
        SELECT ${FACTS}, NULL AS body FROM jobs.dead_letters
        WHERE workspace_id = ${workspace} AND id IN (SELECT id FROM wanted) ORDER BY id LIMIT ${MOST}`.execute(tx);
      return rows.map(toLetter);
    });
  }

  waitingReplays(workspace: string, ids: readonly string[]) {
    return this.#database.inWorkspace(workspace, async (tx) => {
      const { rows } = await sql<{ id: string; source: string; at: Date }>`
        SELECT id, source, at FROM jobs.source_replays
        WHERE workspace_id = ${workspace} AND id = ANY (${ids}::text[])`.execute(tx);
      return rows.map(({ id, source, at }) => ({ id, source, at: at.getTime() }));
    });
  }
}
