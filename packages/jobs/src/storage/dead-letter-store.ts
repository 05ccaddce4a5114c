import type { Database, Tx } from '@understudy/kernel';
import { type RawBuilder, sql } from 'kysely';
import type {
  DeadLetter,
  DeadLetterFilter,
  DeadLetterKind,
  DeadLetterOrigin,
  DeadLetterState,
  FailedAttempt,
  NewDeadLetter,
} from '../dead-letter.ts';
import type { DeadLetterStore } from '../dead-letters.ts';
import { PostgresQueueFigures } from './queue-figures.ts';
import { storable, storableJson } from './storable.ts';

export interface DeadLetterRow {
  id: string;
  kind: DeadLetterKind;
  state: DeadLetterState;
  origin_kind: DeadLetterOrigin['kind'];
  origin_id: string;
  task: string | null;
  reason: { code: string; detail: string };
  body: Buffer | null;
  content_type: string;
  headers: Record<string, string>;
  message: string | null;
  attempts: number;
  history: FailedAttempt[];
  trace_id: string | null;
  created_at: Date;
  resolved_at: Date | null;
  resolved_by: string | null;
  resolution: string | null;
}

const NO_BYTES = new Uint8Array();

export const toLetter = (row: DeadLetterRow): DeadLetter => ({
  id: row.id,
  kind: row.kind,
  state: row.state,
  origin: { kind: row.origin_kind, id: row.origin_id },
  task: row.task,
  reason: row.reason,
  body: row.body ?? NO_BYTES,
  contentType: row.content_type,
  headers: row.headers,
  message: row.message,
  attempts: row.attempts,
  history: row.history,
  traceId: row.trace_id,
  createdAt: row.created_at.getTime(),
  resolvedAt: row.resolved_at?.getTime() ?? null,
  resolvedBy: row.resolved_by,
  resolution: row.resolution,
});

export const FACTS =
  sql.raw(`id, kind, state, origin_kind, origin_id, task, reason, content_type, headers, message, attempts,
  history, trace_id, created_at, resolved_at, resolved_by, resolution`);

function matching(workspace: string, filter: DeadLetterFilter): RawBuilder<unknown> {
  const { kind = null, task = null, state = null, origin = null } = filter;
  const at = origin?.indexOf(':') ?? -1;
  const originKind = origin === null || at < 0 ? origin : origin.slice(0, at);
  const originId = origin === null || at < 0 ? null : origin.slice(at + 1);
  return sql`workspace_id = ${workspace}
    AND (${kind}::text IS NULL OR kind = ${kind}) AND (${task}::text IS NULL OR task = ${task})
    AND (${state}::text IS NULL OR state = ${state})
    AND (${originKind}::text IS NULL OR origin_kind = ${originKind})
    AND (${originId}::text IS NULL OR origin_id = ${originId})`;
}

/** As a value of its own, which goes over the wire as it is: in an array it would be text of twice the size. */
const bytesOf = (body: Uint8Array) => Buffer.from(body.buffer, body.byteOffset, body.byteLength);

/** Dead letters in PostgreSQL. */
export class PostgresDeadLetterStore implements DeadLetterStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert(tx: Tx, workspace: string, letters: readonly (NewDeadLetter & { id: string })[]): Promise<void> {
    const column = <T>(of: (letter: NewDeadLetter & { id: string }) => T) => letters.map(of);
    await sql`
      INSERT INTO jobs.dead_letters (workspace_id, id, kind, origin_kind, origin_id, task, reason, body, content_type,
        headers, message, attempts, history, trace_id)
      SELECT ${workspace}, l.id, l.kind, l.origin_kind, l.origin_id, l.task, l.reason::jsonb, l.body, l.content_type,
        l.headers::jsonb, l.message, l.attempts, l.history::jsonb, l.trace_id
      FROM unnest(${column(({ id }) => id)}::text[], ${column(({ kind }) => kind)}::text[],
        ${column(({ origin }) => origin.kind)}::text[], ${column(({ origin }) => storable(origin.id))}::text[],
        ${column(({ task }) => task)}::text[], ${column(({ reason }) => storableJson(reason))}::text[],
        ARRAY[${sql.join(column(({ body }) => sql`${bytesOf(body)}::bytea`))}], ${column((l) => storable(l.contentType))}::text[],
        ${column(({ headers }) => storableJson(headers))}::text[],
        ${column(({ message }) => (message === null ? null : storable(message)))}::text[],
        ${column(({ attempts }) => attempts)}::int[],
        ${column(({ history }) => storableJson(history))}::text[],
        ${column(({ traceId }) => traceId)}::text[])
        AS l (id, kind, origin_kind, origin_id, task, reason, body, content_type, headers, message, attempts, history,
          trace_id)`.execute(tx);
  }

  async find(tx: Tx, workspace: string, id: string): Promise<DeadLetter | null> {
    const { rows } = await sql<DeadLetterRow>`
      SELECT ${FACTS}, body FROM jobs.dead_letters WHERE workspace_id = ${workspace} AND id = ${id}`.execute(tx);
    return rows[0] === undefined ? null : toLetter(rows[0]);
  }

  async list(
    tx: Tx,
    workspace: string,
    filter: DeadLetterFilter,
    page: { limit: number; before: string | null },
  ): Promise<DeadLetter[]> {
    const { rows } = await sql<DeadLetterRow>`
      SELECT ${FACTS}, NULL AS body FROM jobs.dead_letters
      WHERE ${matching(workspace, filter)} AND (${page.before}::text IS NULL OR id < ${page.before})
      ORDER BY id DESC LIMIT ${page.limit}`.execute(tx);
    return rows.map(toLetter);
  }

  async take(
    tx: Tx,
    workspace: string,
    which: { ids: readonly string[] } | { filter: DeadLetterFilter; after: string; limit: number },
  ): Promise<DeadLetter[]> {
    const chosen =
      'ids' in which
        ? sql`workspace_id = ${workspace} AND id = ANY (${which.ids}::text[])`
        : sql`${matching(workspace, which.filter)} AND id > ${which.after}`;
    const { rows } = await sql<DeadLetterRow>`
      SELECT ${FACTS}, body FROM jobs.dead_letters WHERE ${chosen} AND state = 'waiting'
      ORDER BY id LIMIT ${'ids' in which ? which.ids.length : which.limit} FOR UPDATE SKIP LOCKED`.execute(tx);
    return rows.map(toLetter);
  }

  async resolve(
    tx: Tx,
    workspace: string,
    ids: readonly string[],
    how: { state: 'replayed' | 'discarded'; by: string; note: string | null },
  ): Promise<void> {
    await sql`
      UPDATE jobs.dead_letters SET state = ${how.state}, body = NULL, resolved_at = now(), resolved_by = ${how.by},
        resolution = ${how.note}
      WHERE workspace_id = ${workspace} AND id = ANY (${ids}::text[])`.execute(tx);
  }

  async erase(tx: Tx, workspace: string, decisions: readonly string[]): Promise<number> {
    const { rows } = await sql`
      UPDATE jobs.dead_letters l SET state = 'discarded', body = NULL, headers = '{}', resolved_at = now(),
        resolved_by = 'erasure', resolution = 'erased'
      WHERE l.workspace_id = ${workspace} AND l.state = 'waiting' AND EXISTS (
        SELECT FROM unnest(${decisions}::text[]) AS d (id) WHERE position(convert_to(d.id, 'UTF8') IN l.body) > 0)
      RETURNING 1`.execute(tx);
    return rows.length;
  }

  expire(days: number, limit: number): Promise<number> {
    return this.#database.asSystem(async (tx) => {
      const { rows } = await sql`
        DELETE FROM jobs.dead_letters WHERE ctid = ANY (ARRAY(
          SELECT ctid FROM jobs.dead_letters WHERE created_at < now() - make_interval(days => ${days}) LIMIT ${limit}))
        RETURNING 1`.execute(tx);
      return rows.length;
    });
  }

  count(): Promise<Record<DeadLetterKind, number>> {
    return new PostgresQueueFigures(this.#database).letters();
  }
}
