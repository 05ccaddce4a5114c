import { Client } from 'pg';
import { connectionConfig } from './connection-config.ts';
import { asDatabaseError } from './failures.ts';

/** A piece of a dump, in the order in which it comes and in which it has to be restored. */
export type DumpPiece =
  | { kind: 'migrations'; applied: { room: string; name: string; sha256: string }[] }
  /** A table whose rows follow. Tables that others point at come before them. */
  | { kind: 'table'; table: string; generated: string[] }
  /** Rows as PostgreSQL writes a composite value: exact for every type. */
  | { kind: 'rows'; rows: string[] }
  | { kind: 'sequence'; sequence: string; last: string; called: boolean };

const ROWS = 1_000;

interface TableRow {
  name: string;
  parents: string[];
  generated: string[];
}

/**
 * Everything that the rooms keep, as of one moment, while the database goes on being written: one REPEATABLE READ
 * transaction reads it all. Derived from the catalogue, so a new table of a room is in it by itself.
 *
 * @param url the owner's
 * @throws `database_unavailable`
 */
export async function* dumpDatabase(url: string): AsyncGenerator<DumpPiece> {
  const client = new Client(connectionConfig(url, 'understudy backup', { timezone: 'UTC' }));
  client.on('error', () => {}); // the statement that is running reports it
  try {
    await client.connect();
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query("SELECT set_config('app.workspace', '*', true)");
    const { rows: applied } = await client.query<{ room: string; name: string; sha256: string }>(
      'SELECT room, name, sha256 FROM kernel.migrations ORDER BY room, number',
    );
    yield { kind: 'migrations', applied };
    const schemas = [...new Set(applied.map(({ room }) => room))];
    for (const { name, generated } of inOrder(await tablesOf(client, schemas))) {
      yield { kind: 'table', table: name, generated };
      // The name comes quoted from the catalogue.
      await client.query(`DECLARE backup NO SCROLL CURSOR FOR SELECT t::text AS row FROM ${name} AS t`);
      for (;;) {
        const { rows } = await client.query<{ row: string }>(`FETCH ${ROWS} FROM backup`);
        if (rows.length > 0) yield { kind: 'rows', rows: rows.map(({ row }) => row) };
        if (rows.length < ROWS) break;
      }
      await client.query('CLOSE backup');
    }
    const { rows: sequences } = await client.query<{ sequence: string }>(
      `SELECT format('%I.%I', n.nspname, c.relname) AS sequence
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'S' AND n.nspname = ANY ($1) ORDER BY 1`,
      [schemas],
    );
    for (const { sequence } of sequences) {
      const { rows } = await client.query<{ last_value: string; is_called: boolean }>(
        `SELECT last_value, is_called FROM ${sequence}`,
      );
      yield { kind: 'sequence', sequence, last: rows[0]!.last_value, called: rows[0]!.is_called };
    }
    await client.query('COMMIT');
  } catch (error) {
    throw asDatabaseError(error);
  } finally {
    await client.end().catch(() => {});
  }
}

/** Tables that hold rows of their own: a partitioned one stands for its partitions. */
async function tablesOf(client: Client, schemas: readonly string[]): Promise<TableRow[]> {
  const { rows } = await client.query<TableRow>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name,
            ARRAY(SELECT DISTINCT format('%I.%I', pn.nspname, p.relname)
                    FROM pg_constraint k JOIN pg_class p ON p.oid = k.confrelid
                    JOIN pg_namespace pn ON pn.oid = p.relnamespace
                   WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.confrelid <> c.oid) AS parents,
            ARRAY(SELECT a.attname::text FROM pg_attribute a
                   WHERE a.attrelid = c.oid AND a.attgenerated <> '' AND NOT a.attisdropped) AS generated
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname = ANY ($1)
        AND NOT (n.nspname = 'kernel' AND c.relname = 'migrations')
      ORDER BY 1`,
    [schemas],
  );
  return rows;
}

function inOrder(tables: readonly TableRow[]): TableRow[] {
  const byName = new Map(tables.map((table) => [table.name, table]));
  const done = new Set<string>();
  const ordered: TableRow[] = [];
  const visit = (table: TableRow) => {
    if (done.has(table.name)) return;
    done.add(table.name);
    for (const parent of table.parents) {
      const found = byName.get(parent);
      if (found !== undefined) visit(found);
    }
    ordered.push(table);
  };
  for (const table of tables) visit(table);
  return ordered;
}
