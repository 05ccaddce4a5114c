import type { OutgoingMessage } from '@understudy/events';
import type { Database, Tx } from '@understudy/kernel';
import { sql } from 'kysely';

/** The channel on which topics with new messages are announced. */
export const CHANNEL = 'understudy_bus';

/** Publishes in one statement; false when there is no such topic. */
export async function publish(
  database: Database,
  topic: string,
  messages: readonly OutgoingMessage[],
): Promise<boolean> {
  const rows = await database.prepared<{ first: string | null }>(
    'bus-publish',
    'SELECT bus.publish($1, $2::text[], $3::text[], $4::json[], $5::bytea[]) AS first',
    [
      storable(topic),
      messages.map(({ id }) => storable(id)),
      messages.map(({ key }) => (key === null ? null : storable(key))),
      messages.map(({ headers }) => JSON.stringify(headers)),
      messages.map(({ body }) => Buffer.from(body.buffer, body.byteOffset, body.byteLength)),
    ],
  );
  return rows[0]?.first != null;
}

export async function ensureTopic(database: Database, topic: string): Promise<void> {
  await database.prepared('bus-ensure-topic', 'SELECT bus.ensure_topic($1)', [storable(topic)]);
}

/** What the group has not done; everything there is for a group that never read. Null when there is no such topic. */
export async function lag(database: Database, topic: string, group: string): Promise<number | null> {
  return database.asSystem(async (tx) => {
    const { rows } = await sql<{ waiting: number }>`
      SELECT (SELECT count(*) FROM bus.messages m LEFT JOIN bus.lanes l ON l.group_id = g.id AND l.lane = m.lane
              WHERE m.topic_id = t.id AND m.place > coalesce(l.position, 0))::int
        + (SELECT count(*) FROM bus.retries r WHERE r.group_id = g.id)::int AS waiting
      FROM bus.topics t LEFT JOIN bus.groups g ON g.topic_id = t.id AND g.name = ${storable(group)}
      WHERE t.name = ${storable(topic)}`.execute(tx);
    return rows[0]?.waiting ?? null;
  });
}

/** Of each lane, in one statement. */
const SWEEP = 500;

/** Deletes messages that are older than their topic keeps them and that every group has done. Answers how many. */
export async function sweep(database: Database): Promise<number> {
  const { rows: topics } = await database.asSystem((tx) => sql<{ id: number }>`SELECT id FROM bus.topics`.execute(tx));
  let deleted = 0;
  for (const { id } of topics) {
    for (;;) {
      const some = await database.asSystem((tx) => sweepOnce(tx, id));
      deleted += some;
      if (some < SWEEP) break;
    }
  }
  return deleted;
}

async function sweepOnce(tx: Tx, topic: number): Promise<number> {
  // The first of each lane are its oldest. A group that nobody has read for a month holds nothing up any more.
  const { numAffectedRows } = await sql`
    DELETE FROM bus.messages m USING (
      SELECT o.lane, o.place FROM bus.topics t, generate_series(0, 15) n, LATERAL (
        SELECT f.lane, f.place, f.at FROM bus.messages f WHERE f.topic_id = t.id AND f.lane = n
        ORDER BY f.place LIMIT ${SWEEP}) o
      WHERE t.id = ${topic} AND o.at < clock_timestamp() - t.keep
        AND NOT EXISTS (
          SELECT FROM bus.groups g WHERE g.topic_id = t.id AND g.seen_at > clock_timestamp() - interval '30 days'
            AND (EXISTS (SELECT FROM bus.lanes l WHERE l.group_id = g.id AND l.lane = o.lane AND l.position < o.place)
              OR EXISTS (SELECT FROM bus.retries r
                         WHERE r.group_id = g.id AND r.lane = o.lane AND r.place = o.place)))) old
    WHERE m.topic_id = ${topic} AND m.lane = old.lane AND m.place = old.place`.execute(tx);
  return Number(numAffectedRows ?? 0);
}

/** Text as PostgreSQL takes it. */
export function storable(value: string): string {
  return value.toWellFormed().replaceAll('\0', '\ufffd');
}
