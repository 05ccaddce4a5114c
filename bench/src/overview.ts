/**
 * Do the overview and the quality figures of a million decisions cost what those of ten thousand cost? Two workspaces
 * in one durable PostgreSQL, three tasks of 5, 20 and 77 labels, ninety days, one decision in ten reviewed and one in
 * fifty audited. The counters are derived by the ledger's own feed; then the figures are read in turns.
 *
 *   node bench/src/overview.ts [--rows 1000000] [--runs 30]
 */
import { parseArgs } from 'node:util';
import { systemClock } from '@understudy/kernel';
import { LedgerFeed, LedgerFigures, Rollup } from '@understudy/ledger';
import { PostgresFeedCursors, PostgresRollupStorage } from '@understudy/ledger/storage';
import { Quality, type WatchedTask } from '@understudy/monitoring';
import { MemoryAlertStore, NO_CHECKS } from '@understudy/monitoring/testing';
import { Client } from 'pg';
import { startLedgerServer } from './ledger-server.ts';
import { median } from './statistics.ts';

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, runs: { type: 'string', default: '30' } },
});
const SIZES = [
  { workspace: 'ws_small', rows: 10_000 },
  { workspace: 'ws_large', rows: Number(values.rows) },
] as const;
const RUNS = Number(values.runs);
const TARGET_MS = 300;
const DAY_MS = 86_400_000;
const DAYS = 90;
const COMMIT = 1_000;
const LABELS = [5, 20, 77];
const END = Math.floor(Date.now() / 3_600_000) * 3_600_000;
const START = END - DAYS * DAY_MS;

const server = await startLedgerServer();
await server.storage.ensurePartitions(START, END);
const owner = new Client({ connectionString: server.url });
await owner.connect();

const timeKey = (at: number): string => {
  let key = '';
  for (let rest = at, i = 0; i < 10; i++, rest = Math.floor(rest / 32)) {
    key = '0123456789abcdefghjkmnpqrstvwxyz'[rest % 32]! + key;
  }
  return key;
};

/**
 * Commits of 1,000 decisions with the verdicts that they got, as the ledger stores them but for the hashes: nothing
 * here reads those, and chaining a million rows is not what is measured.
 */
async function fill(workspace: string, rows: number): Promise<number> {
  let entries = 0;
  for (let from = 0; from < rows; from += COMMIT) {
    const at = Math.floor(START + ((END - START) * from) / rows);
    const until = Math.min(from + COMMIT, rows);
    const span = Math.floor(((END - START) * (until - from)) / rows);
    const seq = from / COMMIT;
    const key = timeKey(at);
    const { rowCount: decisions } = await owner.query(
      `INSERT INTO ledger.decisions (commit_seq, created_at, position, automated, workspace_id, id, task, label,
         model_version, salt, leaf, record, payload)
       SELECT $2, made, n - $3, automated, $1, id, task, CASE WHEN automated THEN answer END, version, 'salt', '\\x00',
         json_build_object('id', id, 'task', json_build_object('id', 'tsk_' || task, 'slug', task, 'revision', 1),
           'label', CASE WHEN automated THEN answer END, 'outcome', CASE WHEN automated THEN 'automated' ELSE 'review' END,
           'suggestion', CASE WHEN NOT automated THEN json_build_object('label', answer, 'confidence', confidence) END,
           'review_reason', CASE WHEN NOT automated THEN 'below_threshold' END,
           'confidence', confidence, 'threshold', 0.9, 'candidates', json_build_array(), 'automation', 'certified',
           'audit', CASE WHEN automated THEN json_build_object('probability', 0.02) END,
           'decided_by', json_build_object('rung', 'own_model', 'model', task, 'version', version),
           'cost', json_build_object('amount', '0.000004', 'currency', 'EUR'),
           'timings', json_build_object('model', 200 + n::bigint * 7919 % 4000),
           'created_at', to_char(made AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'request_id', 'req_1')::text,
         '{}'
         FROM (SELECT n, 'dec_' || $4 || lpad(to_hex(n), 16, '0') AS id, 'task-' || n % 3 AS task,
                      n % 10 <> 0 AS automated, (n / 250000 + 1)::text AS version,
                      'label-' || (n * 31 % ($5::int[])[n % 3 + 1]) AS answer,
                      CASE WHEN n % 10 <> 0 THEN 0.9 + (n * 13 % 100) / 1000.0 ELSE (n * 17 % 90) / 100.0 END AS confidence,
                      to_timestamp($6 / 1000.0) + (n - $3) * ($7 / 1000000.0) * interval '1 second' AS made
                 FROM generate_series($3::int, $8::int) AS n) AS d`,
      [workspace, seq, from, key, LABELS, at, span, until - 1],
    );
    const { rowCount: labels } = await owner.query(
      `INSERT INTO ledger.annotations (commit_seq, created_at, position, kind, workspace_id, id, decision_id, label, source,
         leaf, record)
       SELECT $2, now(), 10000 + n, 'label', $1, id, decision, label, source, '\\x00',
         json_build_object('id', id, 'label', label, 'source', source, 'principal', 'key_1', 'probability', 1,
           'seconds', 3 + n % 9, 'created_at', '2026-01-01T00:00:00.000Z')::text
         FROM (SELECT n, 'lab_' || $4 || lpad(to_hex(n), 16, '0') AS id,
                      'dec_' || $4 || lpad(to_hex(n), 16, '0') AS decision,
                      CASE WHEN n % 10 = 0 THEN 'reviewer' ELSE 'audit' END AS source,
                      'label-' || ((n * 31 + CASE WHEN n % 37 = 0 THEN 1 ELSE 0 END) % ($5::int[])[n % 3 + 1]) AS label
                 FROM generate_series($3::int, $6::int) AS n WHERE n % 10 = 0 OR n % 50 = 7) AS l`,
      [workspace, seq, from, key, LABELS, until - 1],
    );
    const count = decisions! + labels!;
    entries += count;
    await owner.query(
      `INSERT INTO ledger.commits VALUES ($1, $2, $3, $4, $5, to_timestamp($6 / 1000.0), '\\x00', '\\x00', '\\x00', '\\x00')`,
      [workspace, seq, count, `${key}${'0'.repeat(16)}`, `${key}${'z'.repeat(16)}`, at],
    );
  }
  await owner.query(`INSERT INTO ledger.heads VALUES ($1, $2, $3, $4, '\\x00', '\\x00')`, [
    workspace,
    Math.ceil(rows / COMMIT),
    entries,
    rows,
  ]);
  return entries;
}

const storage = new PostgresRollupStorage(server.open.database);
const isDrawn = (decision: string) => Number.parseInt(decision.slice(14), 16) % 50 === 7;
const feed = new LedgerFeed({
  database: server.open.database,
  cursors: new PostgresFeedCursors(server.open.database),
  consumers: [new Rollup({ storage, draw: async () => isDrawn, clock: systemClock })],
  clock: systemClock,
  batch: 5_000,
});
const taskAt = (index: number): WatchedTask => ({
  id: `tsk_task-${index}`,
  slug: `task-${index}`,
  title: `Task ${index}`,
  maxError: 0.05,
  confidence: 0.95,
  certificate: null,
  uncertified: null,
});
const quality = new Quality({
  figures: new LedgerFigures(storage),
  tasks: {
    get: async (_workspace, slug) => taskAt(Number(slug.slice(5))),
    list: async () => LABELS.map((_, index) => taskAt(index)),
  },
  checks: { of: async () => NO_CHECKS },
  alerts: new MemoryAlertStore(),
  clock: { now: () => END },
});
const iso = (at: number) => new Date(at).toISOString();
const quarter = { from: iso(START), to: iso(END) };
/** Neither on the hour nor on the day: hours at both edges, days and months between. */
const odd = { from: iso(START + 5.5 * 3_600_000), to: iso(END - 7.5 * 3_600_000) };

const operations: Record<string, (workspace: string) => Promise<unknown>> = {
  'overview, 30 days by day': (workspace) => quality.overview(workspace, {}),
  'overview, 90 days by day': (workspace) => quality.overview(workspace, quarter),
  'overview, 90 days by week': (workspace) => quality.overview(workspace, { ...quarter, bucket: 'week' }),
  'overview, 2 days by hour': (workspace) =>
    quality.overview(workspace, { from: iso(END - 2 * DAY_MS), bucket: 'hour' }),
  'overview, 6 hours by minute': (workspace) =>
    quality.overview(workspace, { from: iso(END - 6 * 3_600_000), bucket: 'minute' }),
  'overview, 1 hour by ten seconds': (workspace) =>
    quality.overview(workspace, { from: iso(END - 3_600_000), bucket: 'ten_seconds' }),
  'quality, 5 labels, 90 days': (workspace) => quality.task(workspace, 'task-0', quarter),
  'quality, 20 labels, 90 days': (workspace) => quality.task(workspace, 'task-1', quarter),
  'quality, 77 labels, 90 days': (workspace) => quality.task(workspace, 'task-2', quarter),
  'quality, 77 labels, odd hours': (workspace) => quality.task(workspace, 'task-2', odd),
  'quality, 77 labels, by label': (workspace) => quality.task(workspace, 'task-2', { ...quarter, by: 'label' }),
  'quality, 77 labels, by day': (workspace) => quality.task(workspace, 'task-2', { ...quarter, by: 'day' }),
};

try {
  for (const { workspace, rows } of SIZES) {
    let started = performance.now();
    const entries = await fill(workspace, rows);
    const filled = performance.now() - started;
    started = performance.now();
    await feed.catchUp(workspace);
    const derived = (performance.now() - started) / 1000;
    console.log(
      `${workspace}: ${rows} decisions, ${entries} entries, filled in ${(filled / 1000).toFixed(0)} s; ` +
        `counted in ${derived.toFixed(1)} s (${Math.round(entries / derived)} entries/s)`,
    );
  }
  await owner.query('VACUUM ANALYZE ledger.rollup');
  const counters = await owner.query(
    `SELECT workspace_id, tier, count(*) FROM ledger.rollup GROUP BY 1, 2 ORDER BY 1, 2`,
  );
  console.log(counters.rows.map((row) => `${row.workspace_id} tier ${row.tier}: ${row.count} counters`).join('; '));
  for (const [name, operation] of Object.entries(operations)) {
    const times = SIZES.map(() => [] as number[]);
    for (let run = -3; run < RUNS; run++) {
      for (const [at, { workspace }] of SIZES.entries()) {
        const start = performance.now();
        await operation(workspace);
        if (run >= 0) times[at]!.push(performance.now() - start);
      }
    }
    const [small, large] = times.map(median) as [number, number];
    const slowest = Math.max(...times[1]!);
    const verdict = large <= TARGET_MS ? 'within' : 'ABOVE';
    console.log(
      `  ${name.padEnd(32)} ${small.toFixed(1)} ms → ${large.toFixed(1)} ms (slowest ${slowest.toFixed(0)}), ` +
        `× ${(large / small).toFixed(2)}; ${verdict} ${TARGET_MS} ms`,
    );
  }
} finally {
  await owner.end();
  await server.stop();
}
