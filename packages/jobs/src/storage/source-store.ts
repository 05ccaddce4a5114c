import type { Database, Tx } from '@understudy/kernel';
import { sql } from 'kysely';
import type { InboxEntry, ProcessReport, ReplayedMessage, SourceEdit, SourceStore } from '../sources/ports.ts';
import type { RunReport, RunState, Source, SourceDefinition, SourceProblem, SourceView } from '../sources/source.ts';
import { storableJson } from './storable.ts';

interface SourceRow {
  workspace_id: string;
  name: string;
  id: string;
  definition: SourceDefinition;
  paused: boolean;
  version: number;
  changed_by: string;
  created_at: Date;
  updated_at: Date;
  messages: string;
  decided: string;
  unprocessable: string;
  duplicates: string;
  last_message_at: Date | null;
  failing_since: Date | null;
  problem: SourceProblem | null;
}

interface ViewRow extends SourceRow {
  reports: { state: RunState; problem: SourceProblem | null; lag: number | null }[];
}

export interface InboxRow {
  key: string;
  message: string;
  decision: string | null;
  problem: SourceProblem | null;
  reply: string | null;
  trace_id: string;
}

interface ReplayRow {
  workspace_id: string;
  id: string;
  source: string;
  headers: Record<string, string>;
  body: Buffer;
  content_type: string;
  message: string | null;
  trace_id: string | null;
  at: Date;
}

/** A process that was not heard of for so long does not count. */
const FRESH = sql`interval '15 seconds'`;
/** Told when a source was edited. */
export const SOURCES_CHANNEL = 'understudy_sources';

const toSource = (row: SourceRow): Source => ({
  workspace: row.workspace_id,
  id: row.id,
  name: row.name,
  definition: row.definition,
  paused: row.paused,
  version: row.version,
  changedBy: row.changed_by,
  createdAt: row.created_at.getTime(),
  updatedAt: row.updated_at.getTime(),
});

const toView = (row: ViewRow): SourceView => ({
  source: toSource(row),
  figures: {
    messages: Number(row.messages),
    decided: Number(row.decided),
    unprocessable: Number(row.unprocessable),
    duplicates: Number(row.duplicates),
    lastMessageAt: row.last_message_at?.getTime() ?? null,
    failingSince: row.failing_since?.getTime() ?? null,
    problem: row.problem,
  },
  reports: row.reports satisfies RunReport[],
});

export const toInboxEntry = (row: InboxRow): InboxEntry => ({
  key: row.key,
  message: row.message,
  decision: row.decision,
  problem: row.problem,
  reply: row.reply,
  traceId: row.trace_id,
});

const VIEW = sql`s.*, coalesce((
  SELECT jsonb_agg(jsonb_build_object('state', r.state, 'problem', r.problem, 'lag', r.lag))
  FROM jobs.source_reports r
  WHERE r.workspace_id = s.workspace_id AND r.source = s.name AND r.at > clock_timestamp() - ${FRESH}
), '[]') AS reports`;

const json = (value: unknown) => (value === null ? null : storableJson(value));

/** Sources and their inboxes in PostgreSQL. */
export class PostgresSourceStore implements SourceStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  find(workspace: string, name: string): Promise<SourceView | null> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      const { rows } = await sql<ViewRow>`
        SELECT ${VIEW} FROM jobs.sources s WHERE workspace_id = ${workspace} AND name = ${name}`.execute(tx);
      return rows[0] === undefined ? null : toView(rows[0]);
    });
  }

  list(workspace: string, page: { limit: number; after: string }): Promise<SourceView[]> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      const { rows } = await sql<ViewRow>`
        SELECT ${VIEW} FROM jobs.sources s WHERE workspace_id = ${workspace} AND name > ${page.after}
        ORDER BY name LIMIT ${page.limit}`.execute(tx);
      return rows.map(toView);
    });
  }

  edit(workspace: string, name: string, change: (before: Source | null, tx: Tx) => Promise<SourceEdit>) {
    return this.#database.inWorkspace(workspace, async (tx) => {
      // Serialises edits of one name, also the one that creates it, where there is no row to lock yet.
      await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`source:${workspace}:${name}`}, 0))`.execute(tx);
      const { rows } = await sql<SourceRow>`
        SELECT * FROM jobs.sources WHERE workspace_id = ${workspace} AND name = ${name}`.execute(tx);
      const before = rows[0] === undefined ? null : toSource(rows[0]);
      const { source, write, remove } = await change(before, tx);
      if (!write) return { source, before };
      if (remove === true) {
        await sql`DELETE FROM jobs.sources WHERE workspace_id = ${workspace} AND name = ${name}`.execute(tx);
        await sql`DELETE FROM jobs.source_groups WHERE workspace_id = ${workspace} AND source = ${name}`.execute(tx);
        await sql`DELETE FROM jobs.source_reports WHERE workspace_id = ${workspace} AND source = ${name}`.execute(tx);
      } else {
        const { bus, topic } = source.definition;
        await sql`
          INSERT INTO jobs.sources AS s (workspace_id, name, id, definition, bus, topic, paused, version, changed_by,
                                    created_at, updated_at)
          VALUES (${workspace}, ${name}, ${source.id}, ${JSON.stringify(source.definition)}::jsonb, ${bus}, ${topic},
                  ${source.paused}, ${source.version}, ${source.changedBy}, ${new Date(source.createdAt)},
                  ${new Date(source.updatedAt)})
          ON CONFLICT (workspace_id, name) DO UPDATE SET definition = excluded.definition, bus = excluded.bus,
            topic = excluded.topic, paused = excluded.paused, version = excluded.version,
            changed_by = excluded.changed_by, updated_at = excluded.updated_at,
            failing_since = CASE WHEN excluded.paused THEN NULL ELSE s.failing_since END,
            problem = CASE WHEN excluded.paused THEN NULL ELSE s.problem END`.execute(tx);
      }
      await this.releaseTopics(tx, workspace);
      await sql`SELECT pg_notify(${SOURCES_CHANNEL}, '')`.execute(tx);
      return { source, before };
    });
  }

  async claimGroup(tx: Tx, source: Source, { bus, topic, group }: SourceDefinition): Promise<boolean> {
    const { workspace, name } = source;
    await sql`DELETE FROM jobs.source_groups WHERE workspace_id = ${workspace} AND source = ${name}
      AND (bus, topic, consumer_group) <> (${bus}, ${topic}, ${group})`.execute(tx);
    await sql`INSERT INTO jobs.source_groups (workspace_id, source, bus, topic, consumer_group)
      VALUES (${workspace}, ${name}, ${bus}, ${topic}, ${group}) ON CONFLICT DO NOTHING`.execute(tx);
    const { rows } = await sql`SELECT 1 FROM jobs.source_groups WHERE workspace_id = ${workspace}
      AND source = ${name} AND bus = ${bus} AND topic = ${topic} AND consumer_group = ${group}`.execute(tx);
    return rows.length === 1;
  }

  async claimTopic(tx: Tx, workspace: string, bus: string, topic: string): Promise<boolean> {
    await sql`INSERT INTO jobs.topics (workspace_id, bus, topic) VALUES (${workspace}, ${bus}, ${topic})
      ON CONFLICT DO NOTHING`.execute(tx);
    const { rows } = await sql`SELECT 1 FROM jobs.topics
      WHERE workspace_id = ${workspace} AND bus = ${bus} AND topic = ${topic}`.execute(tx);
    return rows.length === 1;
  }

  async releaseTopics(tx: Tx, workspace: string): Promise<void> {
    await sql`
      DELETE FROM jobs.topics t WHERE t.workspace_id = ${workspace} AND NOT EXISTS (
        SELECT 1 FROM jobs.sources s WHERE s.workspace_id = ${workspace}
          AND ((s.bus = t.bus AND s.topic = t.topic)
            OR (s.definition->'replyTo'->>'bus' = t.bus AND s.definition->'replyTo'->>'topic' = t.topic)))`.execute(tx);
  }

  foreignTopics(workspace: string, bus: string, topics: readonly string[]): Promise<Set<string>> {
    // Across tenants on purpose: whether a topic is another's, and nothing else of it, decides what may be written to.
    return this.#database.asSystem(async (tx) => {
      const { rows } = await sql<{ topic: string }>`
        SELECT topic FROM jobs.topics
        WHERE bus = ${bus} AND topic = ANY (${topics}::text[]) AND workspace_id <> ${workspace}`.execute(tx);
      return new Set(rows.map(({ topic }) => topic));
    });
  }

  active(): Promise<Source[]> {
    return this.#database.asSystem(async (tx) => {
      const { rows } = await sql<SourceRow>`SELECT * FROM jobs.sources WHERE bus <> 'http'`.execute(tx);
      return rows.map(toSource);
    });
  }

  http(workspace: string, which: { name: string } | { types: readonly string[] }): Promise<Source[]> {
    const wanted = 'name' in which ? sql`name = ${which.name}` : sql`topic = ANY (${which.types}::text[])`;
    return this.#database.inWorkspace(workspace, async (tx) => {
      const { rows } = await sql<SourceRow>`
        SELECT * FROM jobs.sources WHERE workspace_id = ${workspace} AND bus = 'http' AND ${wanted}`.execute(tx);
      return rows.map(toSource);
    });
  }

  async accept(tx: Tx, source: Source, entries: readonly InboxEntry[]): Promise<Set<string>> {
    if (entries.length === 0) return new Set();
    const sorted = [...entries].sort((a, b) => (a.key < b.key ? -1 : 1));
    const { rows } = await sql<{ key: string }>`/* prepared */
      INSERT INTO jobs.inbox (workspace_id, source, key, message, decision, problem, reply, trace_id)
      SELECT ${source.workspace}, ${source.name}, e.key, e.message, e.decision, e.problem::jsonb, e.reply, e.trace_id
      FROM unnest(${sorted.map(({ key }) => key)}::text[], ${sorted.map(({ message }) => message)}::text[],
                  ${sorted.map(({ decision }) => decision)}::text[],
                  ${sorted.map(({ problem }) => json(problem))}::text[],
                  ${sorted.map(({ reply }) => reply)}::text[], ${sorted.map(({ traceId }) => traceId)}::text[])
        WITH ORDINALITY AS e (key, message, decision, problem, reply, trace_id, nth)
      ORDER BY e.nth
      ON CONFLICT DO NOTHING RETURNING key`.execute(tx);
    return new Set(rows.map(({ key }) => key));
  }

  known(workspace: string, source: string, keys: readonly string[]): Promise<Map<string, InboxEntry>> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      const { rows } = await sql<InboxRow>`
        SELECT * FROM jobs.inbox
        WHERE workspace_id = ${workspace} AND source = ${source} AND key = ANY (${keys}::text[])`.execute(tx);
      return new Map(rows.map((row) => [row.key, toInboxEntry(row)]));
    });
  }

  async count(tx: Tx, source: Source, seen: Parameters<SourceStore['count']>[2]): Promise<boolean> {
    const { numAffectedRows = 0n } = await sql`/* prepared */
      UPDATE jobs.sources SET messages = messages + ${seen.messages}, decided = decided + ${seen.decided},
        unprocessable = unprocessable + ${seen.unprocessable}, duplicates = duplicates + ${seen.duplicates},
        last_message_at = clock_timestamp()
      WHERE workspace_id = ${source.workspace} AND name = ${source.name} AND id = ${source.id}
        AND version = ${source.version} AND NOT paused`.execute(tx);
    return numAffectedRows === 1n;
  }

  async report(process: string, reports: readonly ProcessReport[]): Promise<void> {
    const rows = storableJson(
      reports.map(({ workspace, source, state, problem, lag }) => ({ workspace, source, state, problem, lag })),
    );
    await this.#database.asSystem(async (tx) => {
      await sql`
        INSERT INTO jobs.source_reports (workspace_id, source, process, state, problem, lag, at)
        SELECT r.workspace, r.source, ${process}, r.state, r.problem, r.lag, clock_timestamp()
        FROM jsonb_to_recordset(${rows}::jsonb)
          AS r (workspace text, source text, state text, problem jsonb, lag bigint)
        ON CONFLICT (workspace_id, source, process) DO UPDATE
        SET state = excluded.state, problem = excluded.problem, lag = excluded.lag, at = excluded.at`.execute(tx);
      await sql`
        DELETE FROM jobs.source_reports p WHERE p.process = ${process} AND NOT EXISTS (
          SELECT 1 FROM jsonb_to_recordset(${rows}::jsonb) AS r (workspace text, source text)
          WHERE r.workspace = p.workspace_id AND r.source = p.source)`.execute(tx);
    });
  }

  async beginOutage(tx: Tx, source: Source, problem: SourceProblem): Promise<boolean> {
    const { numAffectedRows = 0n } = await sql`
      UPDATE jobs.sources SET failing_since = clock_timestamp(), problem = ${json(problem)}::jsonb
      WHERE workspace_id = ${source.workspace} AND name = ${source.name} AND id = ${source.id}
        AND failing_since IS NULL`.execute(tx);
    return numAffectedRows === 1n;
  }

  async endOutages(): Promise<void> {
    await this.#database.asSystem((tx) =>
      sql`
        UPDATE jobs.sources s SET failing_since = NULL, problem = NULL
        WHERE s.failing_since IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM jobs.source_reports r
          WHERE r.workspace_id = s.workspace_id AND r.source = s.name AND r.state = 'failing'
            AND r.at > clock_timestamp() - ${FRESH})
        AND (s.paused OR EXISTS (
          SELECT 1 FROM jobs.source_reports r
          WHERE r.workspace_id = s.workspace_id AND r.source = s.name AND r.state = 'running'
            AND r.at > clock_timestamp() - ${FRESH}))`.execute(tx),
    );
  }

  async enqueueReplay(tx: Tx, message: ReplayedMessage): Promise<void> {
    await sql`
      INSERT INTO jobs.source_replays (workspace_id, id, source, headers, body, content_type, message, trace_id, at)
      VALUES (${message.workspace}, ${message.id}, ${message.source}, ${storableJson(message.headers)}::jsonb,
              ${Buffer.from(message.body)}, ${message.contentType}, ${message.message}, ${message.traceId},
              ${new Date(message.at)})`.execute(tx);
  }

  replays(limit: number): Promise<{ message: ReplayedMessage; source: Source | null }[]> {
    return this.#database.asSystem(async (tx) => {
      const { rows } = await sql<ReplayRow>`
        WITH lines AS (SELECT DISTINCT workspace_id, source FROM jobs.source_replays)
        SELECT r.* FROM lines l
        LEFT JOIN jobs.sources s ON s.workspace_id = l.workspace_id AND s.name = l.source
        CROSS JOIN LATERAL (
          SELECT * FROM jobs.source_replays r WHERE r.workspace_id = l.workspace_id AND r.source = l.source
          ORDER BY r.id LIMIT ${limit}) r
        WHERE s.paused IS NOT TRUE`.execute(tx);
      if (rows.length === 0) return [];
      const { rows: sources } = await sql<SourceRow>`
        SELECT * FROM jobs.sources s WHERE (s.workspace_id, s.name) IN (
          SELECT * FROM unnest(${rows.map(({ workspace_id }) => workspace_id)}::text[],
                               ${rows.map(({ source }) => source)}::text[]))`.execute(tx);
      // One object a source, so that what is kept for it is made once.
      const byName = new Map(sources.map((row) => [`${row.workspace_id} ${row.name}`, toSource(row)]));
      return rows.map((row) => ({
        message: {
          id: row.id,
          workspace: row.workspace_id,
          source: row.source,
          headers: row.headers,
          body: row.body,
          contentType: row.content_type,
          message: row.message,
          traceId: row.trace_id,
          at: row.at.getTime(),
        },
        source: byName.get(`${row.workspace_id} ${row.source}`) ?? null,
      }));
    });
  }

  async takeReplays(tx: Tx, workspace: string, ids: readonly string[]): Promise<Set<string>> {
    const { rows } = await sql<{ id: string }>`
      DELETE FROM jobs.source_replays WHERE workspace_id = ${workspace} AND id = ANY (${ids}::text[])
      RETURNING id`.execute(tx);
    return new Set(rows.map(({ id }) => id));
  }

  async expire(days: number, limit: number): Promise<number> {
    return this.#database.asSystem(async (tx) => {
      await sql`DELETE FROM jobs.source_reports WHERE at < clock_timestamp() - interval '1 hour'`.execute(tx);
      const { rows } = await sql<{ now: Date }>`SELECT clock_timestamp() AS now`.execute(tx);
      const before = messageFloor(rows[0]!.now.getTime() - days * 86_400_000);
      const { numAffectedRows = 0n } = await sql`
        WITH RECURSIVE w AS (
          (SELECT workspace_id FROM jobs.inbox ORDER BY workspace_id LIMIT 1)
          UNION ALL
          SELECT (SELECT i.workspace_id FROM jobs.inbox i WHERE i.workspace_id > w.workspace_id
                  ORDER BY i.workspace_id LIMIT 1)
          FROM w WHERE w.workspace_id IS NOT NULL)
        DELETE FROM jobs.inbox WHERE ctid = ANY (ARRAY(
          SELECT old.ctid FROM w CROSS JOIN LATERAL (
            SELECT i.ctid FROM jobs.inbox i
            WHERE i.workspace_id = w.workspace_id AND i.message < ${before} LIMIT ${limit}) old
          LIMIT ${limit}))`.execute(tx);
      return Number(numAffectedRows);
    });
  }

  figures(): Promise<{ failing: number; lag: number; messages: number }> {
    return this.#database.asSystem(async (tx) => {
      const { rows } = await sql<{ failing: string; lag: string; messages: string }>`
        SELECT count(*) FILTER (WHERE failing_since IS NOT NULL) AS failing, coalesce(sum(messages), 0) AS messages,
          (SELECT coalesce(sum(lag), 0) FROM (
             SELECT max(lag) AS lag FROM jobs.source_reports
             WHERE at > clock_timestamp() - ${FRESH} GROUP BY workspace_id, source) l) AS lag
        FROM jobs.sources`.execute(tx);
      const { failing, lag, messages } = rows[0]!;
      return { failing: Number(failing), lag: Number(lag), messages: Number(messages) };
    });
  }
}

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** The least id of a message of this moment. */
function messageFloor(time: number): string {
  let head = '';
  let rest = Math.max(0, time);
  for (let i = 0; i < 10; i++) {
    head = ALPHABET[rest % 32]! + head;
    rest = Math.floor(rest / 32);
  }
  return `msg_${head}`;
}
