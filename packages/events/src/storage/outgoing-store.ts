import type { Database, Tx } from '@understudy/kernel';
import { type RawBuilder, sql } from 'kysely';
import type {
  Destination,
  NewOutgoing,
  OutgoingFigures,
  OutgoingStore,
  QueuedMessage,
  Settlement,
  Take,
} from '../ports.ts';
import { depthOf } from './queue-depths.ts';

interface Row {
  seq: string;
  workspace_id: string;
  bus: string;
  topic: string;
  id: string;
  key: string | null;
  headers: Record<string, string>;
  body: Buffer;
  trace_id: string | null;
  attempts: number;
  problem: QueuedMessage['problem'];
  age: number;
}

const columns = sql`o.seq, o.workspace_id, o.bus, o.topic, o.id, o.key, o.headers, o.body, o.trace_id, o.attempts, o.problem,
  extract(epoch FROM clock_timestamp() - o.created_at)::float8 AS age`;

/** The OutgoingStore port over PostgreSQL. */
export class PostgresOutgoingStore implements OutgoingStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert(tx: Tx, workspace: string, messages: readonly NewOutgoing[]): Promise<void> {
    const keys = messages.map(({ key }) => (key === null ? null : storable(key)));
    await sql`/* prepared */
      INSERT INTO events.outgoing (workspace_id, bus, topic, id, key, headers, body, trace_id)
      SELECT ${workspace}, m.bus, m.topic, m.id, m.key, m.headers, m.body, m.trace_id
      FROM unnest(
        ${messages.map(({ bus }) => storable(bus))}::text[], ${messages.map(({ topic }) => storable(topic))}::text[],
        ${messages.map(({ id }) => storable(id))}::text[], ${keys}::text[],
        ${messages.map(({ headers }) => JSON.stringify(headers))}::json[],
        ${messages.map(({ body }) => Buffer.from(body.buffer, body.byteOffset, body.byteLength))}::bytea[],
        ${messages.map(({ traceId }) => (traceId == null ? null : storable(traceId)))}::text[]
      ) WITH ORDINALITY AS m (bus, topic, id, key, headers, body, trace_id, place)
      ORDER BY m.place`.execute(tx);
  }

  async find(tx: Tx, workspace: string, id: string): Promise<QueuedMessage[]> {
    const { rows } = await sql<Row>`
      SELECT ${columns} FROM events.outgoing o WHERE o.workspace_id = ${workspace} AND o.id = ${storable(id)}
      ORDER BY o.seq LIMIT 100`.execute(tx);
    return rows.map(queued);
  }

  destinations(after: Destination | null, limit: number): Promise<Destination[]> {
    return this.#database.asSystem(async (tx) => {
      const begin = after === null ? sql`true` : sql`(o.bus, o.topic) > (${after.bus}, ${after.topic})`;
      // A loose index scan: one probe a destination, however many messages wait in each.
      const { rows } = await sql<Destination>`
        WITH RECURSIVE d AS (
          (SELECT o.bus, o.topic FROM events.outgoing o WHERE ${begin} ORDER BY o.bus, o.topic LIMIT 1)
          UNION ALL
          SELECT n.bus, n.topic FROM d, LATERAL (
            SELECT o.bus, o.topic FROM events.outgoing o WHERE (o.bus, o.topic) > (d.bus, d.topic)
            ORDER BY o.bus, o.topic LIMIT 1) n
        )
        SELECT d.bus, d.topic FROM (SELECT * FROM d LIMIT ${limit}) d
        LEFT JOIN events.outgoing_lanes l ON l.bus = d.bus AND l.topic = d.topic
        WHERE (l.until IS NULL OR l.until <= clock_timestamp()) AND EXISTS (
          SELECT FROM events.outgoing o WHERE o.bus = d.bus AND o.topic = d.topic
            AND (o.next_at IS NULL OR o.next_at <= clock_timestamp()))`.execute(tx);
      return rows;
    });
  }

  step(destination: Destination, holder: string, settled: Settlement, take: Take): Promise<QueuedMessage[] | null> {
    const { bus, topic } = destination;
    return this.#database.asSystem(async (tx) => {
      // All of it leaves in one write, in this order, and costs one round trip.
      const settling = settle(tx, settled);
      const taking = sql`
        INSERT INTO events.outgoing_lanes AS l (bus, topic, holder, until)
        VALUES (${bus}, ${topic}, ${holder}, clock_timestamp() + ${milliseconds(take.leaseMs)})
        ON CONFLICT (bus, topic) DO UPDATE SET holder = EXCLUDED.holder, until = EXCLUDED.until
        WHERE l.holder = EXCLUDED.holder OR l.until <= clock_timestamp()
        RETURNING 1`.execute(tx);
      // A statement of its own, behind the lock: it sees what the last holder has settled. One instant for all rows: a
      // message that falls due between two of them would hold back neither itself nor what follows it in its key.
      const choosing = sql<Row>`
        WITH RECURSIVE ${workspacesOf(destination, take.after)},
        share AS MATERIALIZED (
          -- More than an even share, as some have less than theirs; little is read in vain.
          SELECT least(${take.messages}::int, ceil(4.0 * ${take.messages}::int / greatest(1, count(*)))::int) AS most
          FROM w),
        heads AS MATERIALIZED (
          SELECT h.seq, h.size, w.place, row_number() OVER (PARTITION BY w.place ORDER BY h.seq) AS turn
          FROM w CROSS JOIN LATERAL (
            SELECT n.seq, octet_length(n.body) AS size FROM events.outgoing n
            WHERE n.bus = ${bus} AND n.topic = ${topic} AND n.workspace_id = w.workspace_id
              AND (n.next_at IS NULL OR n.next_at <= statement_timestamp())
              AND (n.key IS NULL OR NOT EXISTS (
                SELECT FROM events.outgoing h WHERE h.bus = n.bus AND h.topic = n.topic
                  AND h.workspace_id = n.workspace_id AND h.key = n.key AND h.seq < n.seq
                  AND h.next_at > statement_timestamp()))
            ORDER BY n.bus, n.topic, n.workspace_id, n.seq LIMIT (SELECT most FROM share)) h),
        chosen AS MATERIALIZED (
          SELECT c.seq, c.turn, c.place, sum(c.size) OVER (ORDER BY c.turn, c.place) - c.size AS before
          FROM (SELECT * FROM heads ORDER BY turn, place LIMIT ${take.messages}) c)
        SELECT ${columns} FROM chosen s JOIN events.outgoing o ON o.seq = s.seq
        WHERE s.before <= ${take.bytes} ORDER BY s.turn, s.place`.execute(tx);
      const [lane, { rows }] = await Promise.all([taking, choosing, settling]);
      if (lane.rows.length === 0) return null;
      if (rows.length === 0) await letGo(tx, destination, holder);
      return rows.map(queued);
    });
  }

  renew({ bus, topic }: Destination, holder: string, leaseMs: number): Promise<boolean> {
    return this.#database.asSystem(async (tx) => {
      await sql`SELECT set_config('synchronous_commit', 'off', true)`.execute(tx);
      const { rows } = await sql`
        UPDATE events.outgoing_lanes SET until = clock_timestamp() + ${milliseconds(leaseMs)}
        WHERE bus = ${bus} AND topic = ${topic} AND holder = ${holder} RETURNING 1`.execute(tx);
      return rows.length === 1;
    });
  }

  release(destination: Destination, holder: string, settled: Settlement): Promise<void> {
    return this.#database.asSystem(async (tx) => {
      await settle(tx, settled);
      await letGo(tx, destination, holder);
    });
  }

  olderThan(destination: Destination, seconds: number, limit: number): Promise<QueuedMessage[]> {
    const { bus, topic } = destination;
    return this.#database.asSystem(async (tx) => {
      const { rows } = await sql<Row>`
        WITH RECURSIVE ${workspacesOf(destination, '')}
        SELECT ${columns} FROM w CROSS JOIN LATERAL (
          SELECT * FROM events.outgoing n
          WHERE n.bus = ${bus} AND n.topic = ${topic} AND n.workspace_id = w.workspace_id
          ORDER BY n.bus, n.topic, n.workspace_id, n.seq LIMIT ${limit}) o
        WHERE o.created_at < clock_timestamp() - make_interval(secs => ${seconds}) ORDER BY o.seq
        LIMIT ${limit}`.execute(tx);
      return rows.map(queued);
    });
  }

  async remove(tx: Tx, workspace: string, seqs: readonly string[]): Promise<string[]> {
    const { rows } = await sql<{ seq: string }>`
      DELETE FROM events.outgoing WHERE workspace_id = ${workspace} AND seq = ANY (${seqs}::bigint[])
      RETURNING seq`.execute(tx);
    return rows.map(({ seq }) => seq);
  }

  figures(): Promise<OutgoingFigures> {
    return this.#database.asSystem(async (tx) => {
      const { rows } = await sql<{ waiting: number; oldest: number | null }>`
        SELECT ${depthOf('outgoing')} AS waiting,
          (SELECT extract(epoch FROM clock_timestamp() - created_at)::float8 FROM events.outgoing
           ORDER BY seq LIMIT 1) AS oldest`.execute(tx);
      return { waiting: rows[0]!.waiting, oldestSeconds: Math.max(0, rows[0]!.oldest ?? 0) };
    });
  }
}

/** Workspaces that a step serves; a topic with more of them serves them by turns. */
const MOST_WORKSPACES = 64;

/**
 * `w (workspace_id, place)`: the workspaces with messages for a destination, those behind `after` first. Loose index
 * scans: one probe a workspace, however many messages wait in each.
 */
function workspacesOf({ bus, topic }: Destination, after: string): RawBuilder<unknown> {
  const next = (begin: RawBuilder<unknown>, end: RawBuilder<unknown>) => sql`
    SELECT o.workspace_id FROM events.outgoing o
    WHERE o.bus = ${bus} AND o.topic = ${topic} AND o.workspace_id > ${begin} ${end}
    ORDER BY o.bus, o.topic, o.workspace_id, o.seq LIMIT 1`;
  const walk = (name: string, begin: string, end: RawBuilder<unknown>) => sql`
    ${sql.ref(name)} AS (
      (${next(sql`${begin}`, end)})
      UNION ALL
      SELECT n.workspace_id FROM ${sql.ref(name)} a, LATERAL (${next(sql`a.workspace_id`, end)}) n)`;
  return sql`${walk('behind', after, sql``)}, ${walk('before', '', sql`AND o.workspace_id <= ${after}`)},
    w AS MATERIALIZED (
      SELECT workspace_id, row_number() OVER () AS place FROM (
        (SELECT workspace_id FROM behind LIMIT ${MOST_WORKSPACES})
        UNION ALL
        (SELECT workspace_id FROM before LIMIT ${MOST_WORKSPACES})) served
      LIMIT ${MOST_WORKSPACES})`;
}

async function settle(tx: Tx, { delivered, postponed }: Settlement): Promise<void> {
  // What a crash of the database forgets here is published once more, with the same id.
  const statements = [sql`SELECT set_config('synchronous_commit', 'off', true)`.execute(tx)];
  if (delivered.length > 0) {
    statements.push(sql`DELETE FROM events.outgoing WHERE seq = ANY (${delivered}::bigint[])`.execute(tx));
  }
  for (const { seq, afterMs, problem } of postponed) {
    const postpone = sql`
      UPDATE events.outgoing SET attempts = attempts + 1, next_at = clock_timestamp() + ${milliseconds(afterMs)},
        problem = json_build_object('code', ${storable(problem.code)}::text, 'detail', ${storable(problem.detail)}::text,
          'at', to_char(clock_timestamp(), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
      WHERE seq = ${seq}::bigint`.execute(tx);
    statements.push(postpone);
  }
  await Promise.all(statements);
}

async function letGo(tx: Tx, { bus, topic }: Destination, holder: string): Promise<void> {
  await sql`DELETE FROM events.outgoing_lanes WHERE bus = ${bus} AND topic = ${topic} AND holder = ${holder}`.execute(
    tx,
  );
}

const milliseconds = (ms: number) => sql`make_interval(secs => ${ms / 1000}::float8)`;

/** Text as PostgreSQL takes it: names come from messages of strangers. */
function storable(value: string): string {
  return value.toWellFormed().replaceAll('\0', '\ufffd');
}

function queued(row: Row): QueuedMessage {
  return {
    seq: row.seq,
    workspace: row.workspace_id,
    bus: row.bus,
    topic: row.topic,
    id: row.id,
    key: row.key,
    headers: row.headers,
    body: row.body,
    traceId: row.trace_id,
    attempts: row.attempts,
    problem: row.problem,
    ageSeconds: row.age,
  };
}
