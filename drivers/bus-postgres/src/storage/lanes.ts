import type { Tx } from '@understudy/kernel';
import { sql } from 'kysely';
import { storable } from './topics.ts';

/** One message as it was handed out. */
export interface Taken {
  lane: number;
  place: string;
  id: string;
  key: string | null;
  headers: Record<string, string>;
  body: Buffer;
  at: number;
  /** How often it was handed out, this time included. */
  deliveries: number;
  /** It was set aside before, and is in bus.retries. */
  aside: boolean;
  /** Waits behind a message of its key that is set aside: is to be set aside as well, not handled. */
  behind: boolean;
}

/** What a consumer holds until it settles it. */
export interface Claim {
  group: string;
  token: string;
  messages: Taken[];
}

const BUSY_MS = 25;

/** The group's id; makes it where the topic exists. Null when that does not. */
export async function joinGroup(
  tx: Tx,
  topic: string,
  group: string,
  from: 'earliest' | 'latest',
): Promise<{ topic: string; group: string } | null> {
  const find = () =>
    sql<{ topic: string; group: string }>`
      UPDATE bus.groups g SET seen_at = clock_timestamp() FROM bus.topics t
      WHERE t.name = ${storable(topic)} AND g.topic_id = t.id AND g.name = ${storable(group)}
      RETURNING t.id AS topic, g.id AS "group"`.execute(tx);
  const found = (await find()).rows[0];
  if (found !== undefined) return found;
  await sql`
    WITH t AS (SELECT id, head FROM bus.topics WHERE name = ${storable(topic)}),
    made AS (INSERT INTO bus.groups (topic_id, name) SELECT t.id, ${storable(group)} FROM t
             ON CONFLICT DO NOTHING RETURNING id)
    INSERT INTO bus.lanes (group_id, lane, position, reached)
    SELECT made.id, lane, begin, begin FROM made, generate_series(0, 15) lane,
      (SELECT CASE WHEN ${from === 'latest'} THEN t.head ELSE 0 END AS begin FROM t) b`.execute(tx);
  return (await find()).rows[0] ?? null;
}

/**
 * Takes the next messages of a group for `leaseMs`: from the lanes that nobody holds, in the order of publishing.
 *
 * @returns what was taken, and in how many ms something may be due when that is known; null when the group is gone.
 */
export async function claim(
  tx: Tx,
  ids: { topic: string; group: string },
  token: string,
  take: { messages: number; bytes: number; leaseMs: number },
): Promise<{ messages: Taken[]; dueMs: number | null } | null> {
  const { topic, group } = ids;
  // It waits for nobody's lock: this transaction may hold lanes that it has just settled.
  // Moments are compared with the transaction's, so that what is not due yet here is in the future below, too.
  const free = await sql<{ lane: number; position: string; reached: string; failures: number; lost: boolean }>`
    SELECT l.lane, l.position, l.reached, l.failures, l.holder IS NOT NULL AS lost FROM bus.lanes l
    WHERE l.group_id = ${group} AND l.until <= now()
      AND (EXISTS (SELECT FROM bus.messages m WHERE m.topic_id = ${topic} AND m.lane = l.lane AND m.place > l.position)
        OR EXISTS (SELECT FROM bus.retries r
                   WHERE r.group_id = l.group_id AND r.lane = l.lane AND r.due <= now()))
    ORDER BY l.lane FOR UPDATE SKIP LOCKED`.execute(tx);
  if (free.rows.length === 0) return nothing(tx, ids);
  const lanes = new Map(free.rows.map((row) => [row.lane, row]));
  const numbers = [...lanes.keys()];
  // A statement of its own, behind the locks: it sees what the last holders have settled. Bodies are read only of what
  // fits.
  const { rows } = await sql<Omit<Taken, 'at' | 'behind'> & { at: Date }>`
    WITH due AS (
      SELECT r.lane, r.place, r.deliveries, true AS aside FROM bus.retries r
      WHERE r.group_id = ${group} AND r.lane = ANY (${numbers}::smallint[]) AND r.due <= now()
        AND NOT EXISTS (SELECT FROM bus.retries e WHERE e.group_id = r.group_id AND e.lane = r.lane AND e.key = r.key
                        AND e.place < r.place AND e.due > now())
      ORDER BY r.place LIMIT ${take.messages}),
    fresh AS (
      SELECT n.lane, n.place, 0 AS deliveries, false AS aside
      FROM unnest(${numbers}::smallint[], ${free.rows.map(({ position }) => position)}::bigint[]) AS l (lane, position),
      LATERAL (SELECT m.lane, m.place FROM bus.messages m
               WHERE m.topic_id = ${topic} AND m.lane = l.lane AND m.place > l.position
               ORDER BY m.place LIMIT ${take.messages}) n
      ORDER BY n.place LIMIT ${take.messages}),
    picked AS (
      SELECT p.*, sum(octet_length(m.body)) OVER (ORDER BY p.place) - octet_length(m.body) AS before
      FROM (SELECT * FROM (SELECT * FROM due UNION ALL SELECT * FROM fresh) u ORDER BY place LIMIT ${take.messages}) p
      JOIN bus.messages m ON m.topic_id = ${topic} AND m.lane = p.lane AND m.place = p.place)
    SELECT p.lane, p.place, p.deliveries, p.aside, m.id, m.key, m.headers, m.body, m.at
    FROM picked p JOIN bus.messages m ON m.topic_id = ${topic} AND m.lane = p.lane AND m.place = p.place
    WHERE p.before < ${take.bytes} ORDER BY p.place`.execute(tx);
  if (rows.length === 0) return nothing(tx, ids);
  const blocked = await blockedKeys(tx, group, rows);
  const messages = rows.map((row): Taken => {
    const { reached, failures, lost } = lanes.get(row.lane)!;
    const again = BigInt(row.place) <= BigInt(reached) ? failures + (lost ? 1 : 0) : 0;
    return {
      ...row,
      at: row.at.getTime(),
      deliveries: row.deliveries + again + 1,
      behind: !row.aside && row.key !== null && blocked.has(row.key),
    };
  });
  const last = new Map(messages.map(({ lane, place }) => [lane, place]));
  await sql`
    UPDATE bus.lanes l SET holder = ${token}, until = clock_timestamp() + ${milliseconds(take.leaseMs)},
      reached = greatest(l.reached, v.place), failures = l.failures + (l.holder IS NOT NULL)::int
    FROM unnest(${[...last.keys()]}::smallint[], ${[...last.values()]}::bigint[]) AS v (lane, place)
    WHERE l.group_id = ${group} AND l.lane = v.lane`.execute(tx);
  return { messages, dueMs: null };
}

/** Keys of which something is set aside that is not among these. */
async function blockedKeys(
  tx: Tx,
  group: string,
  rows: readonly { lane: number; place: string; key: string | null; aside: boolean }[],
): Promise<Set<string>> {
  const fresh = rows.filter(({ aside, key }) => !aside && key !== null);
  if (fresh.length === 0) return new Set();
  const aside = rows.filter((row) => row.aside).map(({ place }) => place);
  const { rows: found } = await sql<{ key: string }>`
    SELECT DISTINCT r.key FROM bus.retries r
    WHERE r.group_id = ${group} AND r.lane = ANY (${[...new Set(fresh.map(({ lane }) => lane))]}::smallint[])
      AND r.key = ANY (${[...new Set(fresh.map(({ key }) => key))]}::text[])
      AND NOT (r.place = ANY (${aside}::bigint[]))`.execute(tx);
  return new Set(found.map(({ key }) => key));
}

/**
 * Nothing to take now. In how many ms there may be: when a retry is due, a pause is over, or somebody who works on
 * lanes with more to do is likely to be done.
 */
async function nothing(
  tx: Tx,
  { topic, group }: { topic: string; group: string },
): Promise<{ messages: Taken[]; dueMs: number | null } | null> {
  const { rows } = await sql<{ due: number | null; busy: boolean }>`
    SELECT extract(epoch FROM least(
        (SELECT min(l.until) FROM bus.lanes l WHERE l.group_id = g.id AND l.until > now() AND l.holder IS NULL),
        (SELECT min(r.due) FROM bus.retries r WHERE r.group_id = g.id AND r.due > now())
      ) - clock_timestamp())::float8 * 1000 AS due,
      EXISTS (SELECT FROM bus.lanes l WHERE l.group_id = g.id AND (l.holder IS NOT NULL OR l.until <= now()) AND EXISTS (
        SELECT FROM bus.messages m WHERE m.topic_id = ${topic} AND m.lane = l.lane AND m.place > l.reached)) AS busy
    FROM bus.groups g WHERE g.id = ${group}`.execute(tx);
  const [found] = rows;
  if (found === undefined) return null;
  return { messages: [], dueMs: found.busy ? Math.min(BUSY_MS, found.due ?? BUSY_MS) : found.due };
}

/**
 * Acknowledges what was claimed, but sets aside the messages at `retry` (indexes) for `afterMs` and those behind such.
 * What belongs to lanes that were lost meanwhile is left alone.
 */
export async function settle(tx: Tx, held: Claim, retry: ReadonlySet<number>, afterMs: number): Promise<void> {
  const { group, token, messages } = held;
  const last = new Map(messages.map(({ lane, place }) => [lane, place]));
  const { rows } = await sql<{ lane: number }>`
    UPDATE bus.lanes l SET position = greatest(l.position, v.place), holder = NULL, until = '-infinity', failures = 0
    FROM unnest(${[...last.keys()]}::smallint[], ${[...last.values()]}::bigint[]) AS v (lane, place)
    WHERE l.group_id = ${group} AND l.lane = v.lane AND l.holder = ${token} RETURNING l.lane`.execute(tx);
  const ours = new Set(rows.map(({ lane }) => lane));
  const owned = messages.map((message, index) => ({ message, index })).filter(({ message }) => ours.has(message.lane));
  const aside = owned.filter(({ message, index }) => message.behind || retry.has(index)).map(({ message }) => message);
  if (aside.length > 0) {
    const due = aside.map(({ behind }) => (behind ? 0 : afterMs));
    await sql`
      INSERT INTO bus.retries (group_id, lane, place, key, due, deliveries)
      SELECT ${group}, v.lane, v.place, v.key, clock_timestamp() + make_interval(secs => v.due / 1000), v.deliveries
      FROM unnest(${aside.map(({ lane }) => lane)}::smallint[], ${aside.map(({ place }) => place)}::bigint[],
        ${aside.map(({ key }) => key)}::text[], ${due}::float8[],
        ${aside.map(({ deliveries, behind }) => (behind ? deliveries - 1 : deliveries))}::int[])
        AS v (lane, place, key, due, deliveries)
      ON CONFLICT (group_id, lane, place) DO UPDATE SET due = EXCLUDED.due, deliveries = EXCLUDED.deliveries`.execute(
      tx,
    );
  }
  const done = owned.filter(({ message, index }) => message.aside && !retry.has(index)).map(({ message }) => message);
  if (done.length > 0) {
    await sql`
      DELETE FROM bus.retries r
      USING unnest(${done.map(({ lane }) => lane)}::smallint[], ${done.map(({ place }) => place)}::bigint[])
        AS v (lane, place)
      WHERE r.group_id = ${group} AND r.lane = v.lane AND r.place = v.place`.execute(tx);
  }
}

/** Gives back what was claimed, for everybody after `afterMs`. */
export async function giveBack(tx: Tx, held: Claim, afterMs: number): Promise<void> {
  const { group, token, messages } = held;
  const { rows } = await sql<{ lane: number }>`
    UPDATE bus.lanes SET holder = NULL, until = clock_timestamp() + ${milliseconds(afterMs)}, failures = failures + 1
    WHERE group_id = ${group} AND holder = ${token} RETURNING lane`.execute(tx);
  const ours = new Set(rows.map(({ lane }) => lane));
  const aside = messages.filter((message) => message.aside && ours.has(message.lane)).map(({ place }) => place);
  if (aside.length === 0) return;
  await sql`
    UPDATE bus.retries SET deliveries = deliveries + 1
    WHERE group_id = ${group} AND place = ANY (${aside}::bigint[])`.execute(tx);
}

/** Prolongs the lease; false when any of its lanes was lost. */
export async function renew(tx: Tx, held: Claim, leaseMs: number): Promise<boolean> {
  const { rows } = await sql`
    UPDATE bus.lanes SET until = clock_timestamp() + ${milliseconds(leaseMs)}
    WHERE group_id = ${held.group} AND holder = ${held.token} RETURNING 1`.execute(tx);
  return rows.length === new Set(held.messages.map(({ lane }) => lane)).size;
}

/** Frees lanes that this consumer holds under a token that it never learned, because the answer was lost. */
export async function freeForgotten(tx: Tx, group: string, consumer: string): Promise<void> {
  await sql`
    UPDATE bus.lanes SET holder = NULL, until = '-infinity', failures = failures + 1
    WHERE group_id = ${group} AND starts_with(holder, ${`${consumer}/`})`.execute(tx);
}

const milliseconds = (ms: number) => sql`make_interval(secs => ${ms / 1000}::float8)`;
