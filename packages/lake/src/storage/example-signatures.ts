import type { Database, Tx } from '@understudy/kernel';
import { type RawBuilder, sql } from 'kysely';
import { SignatureBuilder } from '../search/signature.ts';

/** Rows, and characters of their texts, that one signature stands for at most. */
const ROWS = 1_000;
const CHARACTERS = 256_000;

export interface SignedRow {
  id: string;
  input: Record<string, string>;
}

/** Signs new rows in the transaction that stores them; `rows` in ascending order of id. */
export async function signRows(tx: Tx, workspace: string, taskId: string, rows: readonly SignedRow[]): Promise<void> {
  const signed: { first: string; last: string; bits: Buffer }[] = [];
  for (let from = 0; from < rows.length; ) {
    const to = endOf(rows, from);
    signed.push({ first: rows[from]!.id, last: rows[to - 1]!.id, bits: signatureOf(rows.slice(from, to)) });
    from = to;
  }
  if (signed.length === 0) return;
  await sql`
    INSERT INTO lake.example_signatures (workspace_id, task_id, first_id, last_id, bits)
    SELECT ${workspace}, ${taskId}, * FROM unnest(${signed.map(({ first }) => first)}::text[],
      ${signed.map(({ last }) => last)}::text[], ${signed.map(({ bits }) => `\\x${bits.toString('hex')}`)}::bytea[])
    ON CONFLICT (task_id, first_id, last_id) DO UPDATE SET bits = excluded.bits, stale = true`.execute(tx);
}

/** Where a signature that begins with the row at `from` ends. */
function endOf(rows: readonly SignedRow[], from: number): number {
  let characters = 0;
  let to = from;
  while (to < rows.length && to - from < ROWS && (to === from || characters < CHARACTERS)) {
    for (const text of Object.values(rows[to]!.input)) characters += text.length;
    to++;
  }
  return to;
}

function signatureOf(rows: readonly SignedRow[]): Buffer {
  const builder = new SignatureBuilder();
  for (const { input } of rows) for (const text of Object.values(input)) builder.add(text);
  return builder.finish();
}

/** Marks rows that a later {@link ExampleSignatures.catchUp} signs; searches read them one by one until then. */
export async function leaveUnsigned(
  tx: Tx,
  workspace: string,
  rows: readonly { taskId: string; id: string }[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    INSERT INTO lake.example_unsigned (workspace_id, task_id, id)
    SELECT ${workspace}, * FROM unnest(${rows.map(({ taskId }) => taskId)}::text[], ${rows.map(({ id }) => id)}::text[])
    ON CONFLICT DO NOTHING`.execute(tx);
}

/** What was removed must not stay readable from the signatures that stood for it. */
export async function forgetSigned(
  tx: Tx,
  workspace: string,
  rows: readonly { taskId: string; id: string }[],
): Promise<void> {
  if (rows.length === 0) return;
  const gone = sql`unnest(${rows.map(({ taskId }) => taskId)}::text[], ${rows.map(({ id }) => id)}::text[]) AS gone (task, id)`;
  await sql`DELETE FROM lake.example_unsigned AS u USING ${gone}
    WHERE u.workspace_id = ${workspace} AND u.task_id = gone.task AND u.id = gone.id`.execute(tx);
  await sql`UPDATE lake.example_signatures AS s SET stale = true FROM ${gone}
    WHERE s.workspace_id = ${workspace} AND s.task_id = gone.task AND s.first_id <= gone.id AND s.last_id >= gone.id
      AND NOT s.stale`.execute(tx);
}

/** True where a signature may stand for a text with all of these places set. */
export function maySet(places: readonly number[]): RawBuilder<boolean> {
  // One byte is read a place, and the first that is not set ends it.
  return sql<boolean>`NOT EXISTS (
    SELECT FROM unnest(${places}::int[]) AS p (place)
     WHERE get_bit(substr(s.bits, ((place & (octet_length(s.bits) * 8 - 1)) >> 3) + 1, 1), place & 7) = 0)`;
}

/** Keeps signatures complete and true, a thousand rows in a transaction. */
export class ExampleSignatures {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Signs what is unsigned once a signature's worth has come together, and renews signatures of which rows were removed.
   * Returns how many were made. Safe to be broken off, and to be run twice at a time.
   */
  async catchUp(signal?: AbortSignal): Promise<number> {
    let made = 0;
    const on = () => signal?.aborted !== true;
    while (on() && (await this.#renewOne())) made++;
    const tasks = await this.#database.asSystem(async (tx) => {
      const { rows } = await sql<{ workspace: string; task: string; rows: string }>`
        SELECT workspace_id AS workspace, task_id AS task, count(*) AS rows FROM lake.example_unsigned
        GROUP BY workspace_id, task_id HAVING count(*) >= ${ROWS} ORDER BY task_id`.execute(tx);
      return rows;
    });
    for (const { workspace, task, rows } of tasks) {
      for (let left = Number(rows); on() && left >= ROWS; made++) {
        const signed = await this.#signOldest(workspace, task);
        if (signed === 0) break;
        left -= signed;
      }
    }
    return made;
  }

  #signOldest(workspace: string, taskId: string): Promise<number> {
    return this.#database.asSystem(async (tx) => {
      // Locked first, so that two who do this at a time do not sign the same rows.
      const { rows } = await sql<{ id: string }>`
        SELECT id FROM lake.example_unsigned WHERE task_id = ${taskId} ORDER BY id LIMIT ${ROWS} FOR UPDATE`.execute(
        tx,
      );
      const ids = rows.map(({ id }) => id);
      const present = await this.#read(tx, sql`task_id = ${taskId} AND id = ANY (${ids}::text[])`);
      const signed = present.slice(0, endOf(present, 0));
      await signRows(tx, workspace, taskId, signed);
      const left = new Set(present.slice(signed.length).map(({ id }) => id));
      const done = ids.filter((id) => !left.has(id));
      await sql`DELETE FROM lake.example_unsigned WHERE task_id = ${taskId} AND id = ANY (${done}::text[])`.execute(tx);
      return done.length;
    });
  }

  #renewOne(): Promise<boolean> {
    return this.#database.asSystem(async (tx) => {
      const { rows } = await sql<{ workspace_id: string; task_id: string; first_id: string; last_id: string }>`
        SELECT workspace_id, task_id, first_id, last_id FROM lake.example_signatures WHERE stale
        ORDER BY task_id, first_id LIMIT 1 FOR UPDATE SKIP LOCKED`.execute(tx);
      const [one] = rows;
      if (one === undefined) return false;
      const { task_id: task, first_id: first, last_id: last } = one;
      await sql`DELETE FROM lake.example_signatures
        WHERE task_id = ${task} AND first_id = ${first} AND last_id = ${last}`.execute(tx);
      for (let from = first; ; ) {
        const present = await this.#read(
          tx,
          sql`task_id = ${task} AND id >= ${from} AND id <= ${last}
              AND NOT EXISTS (SELECT FROM lake.example_unsigned AS u WHERE u.task_id = ${task} AND u.id = e.id)`,
          ROWS,
        );
        if (present.length === 0) return true;
        await signRows(tx, one.workspace_id, task, present);
        from = `${present.at(-1)!.id}0`;
      }
    });
  }

  /** Locked until they are signed: a row that is erased meanwhile finds the signature that it has to mark. */
  async #read(tx: Tx, condition: RawBuilder<unknown>, limit = ROWS): Promise<SignedRow[]> {
    const { rows } = await sql<SignedRow>`
      SELECT id, input FROM lake.examples AS e WHERE ${condition} ORDER BY id LIMIT ${limit} FOR SHARE`.execute(tx);
    return rows;
  }
}
