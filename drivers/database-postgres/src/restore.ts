import { Client } from 'pg';
import { connectionConfig } from './connection-config.ts';
import type { DumpPiece } from './dump.ts';
import { databaseErrors } from './errors.ts';
import { asDatabaseError } from './failures.ts';

const TABLE = /^("(?:[^"]|"")+"|[a-z_][a-z0-9_]*)\.("(?:[^"]|"")+"|[a-z_][a-z0-9_]*)$/;

/** So that nobody's data is overwritten by an old backup. */
async function assertEmpty(client: Client, table: string): Promise<void> {
  const { rows } = await client.query<{ there: boolean }>(`SELECT EXISTS (SELECT FROM ${checked(table)}) AS there`);
  if (rows[0]!.there) {
    throw databaseErrors.database_not_empty('This database holds data already: restore into an empty one.');
  }
}

/**
 * Puts a dump into a database that was brought to the dump's own migrations and holds nothing yet: all of it in one
 * transaction, or none.
 *
 * @param url the owner's
 * @param pieces of {@link dumpDatabase}, in their order, without `migrations`
 * @returns rows by table
 * @throws `database_not_empty` `dump_invalid` `database_unavailable`
 */
export async function restoreDatabase(
  url: string,
  pieces: AsyncIterable<DumpPiece>,
  options: {
    /** The table whose being empty means that nobody has used this database yet. */
    emptyWithout: string;
  },
): Promise<Map<string, number>> {
  const client = new Client(connectionConfig(url, 'understudy restore', { timezone: 'UTC', synchronous_commit: 'on' }));
  client.on('error', () => {}); // the statement that is running reports it
  const counts = new Map<string, number>();
  try {
    await client.connect();
    await client.query('BEGIN');
    await client.query("SELECT set_config('app.workspace', '*', true)");
    await assertEmpty(client, options.emptyWithout);
    let insert = '';
    let table = '';
    for await (const piece of pieces) {
      if (piece.kind === 'table') {
        table = checked(piece.table);
        counts.set(table, 0);
        // Rows that migrations made themselves come with the backup, as they were then.
        await client.query(`DELETE FROM ${table}`);
        insert = await insertOf(client, table, piece.generated);
      } else if (piece.kind === 'rows') {
        await client.query(insert, [piece.rows]);
        counts.set(table, counts.get(table)! + piece.rows.length);
      } else if (piece.kind === 'sequence') {
        await client.query(`SELECT setval('${checked(piece.sequence).replaceAll("'", "''")}', $1, $2)`, [
          piece.last,
          piece.called,
        ]);
      }
    }
    await client.query('COMMIT');
    return counts;
  } catch (error) {
    throw asDatabaseError(error);
  } finally {
    await client.end().catch(() => {});
  }
}

function checked(name: string): string {
  if (!TABLE.test(name)) throw databaseErrors.dump_invalid(`The backup names ${JSON.stringify(name)}: no such table.`);
  return name;
}

async function insertOf(client: Client, table: string, generated: readonly string[]): Promise<string> {
  if (generated.length === 0) {
    return `INSERT INTO ${table} OVERRIDING SYSTEM VALUE SELECT (r.row).* FROM (SELECT unnest($1::text[])::${table} AS row) AS r`;
  }
  const { rows } = await client.query<{ name: string }>(
    `SELECT quote_ident(attname) AS name FROM pg_attribute
      WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND NOT attname = ANY ($2) ORDER BY attnum`,
    [table, generated],
  );
  const columns = rows.map(({ name }) => name);
  return `INSERT INTO ${table} (${columns.join(', ')}) OVERRIDING SYSTEM VALUE
    SELECT ${columns.map((column) => `(r.row).${column}`).join(', ')}
      FROM (SELECT unnest($1::text[])::${table} AS row) AS r`;
}
