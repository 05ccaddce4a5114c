/**
 * Counterfactual replay over a durable PostgreSQL: how many decisions a second are made again under another budget and
 * under another threshold, beside the floor of reading the same rows and parsing them. Memory is watched meanwhile.
 *
 *   node bench/src/replay.ts [--rows 300000]
 */
import { parseArgs } from 'node:util';
import { openDatabase } from '@understudy/database-postgres';
import { type Task, withDefaults } from '@understudy/decisions';
import { newId, silentLogger, systemClock } from '@understudy/kernel';
import { seal } from '@understudy/ledger';
import { PostgresLedgerStorage, PostgresRecordReader } from '@understudy/ledger/storage';
import { exampleDecision, exampleLabel, exampleReview } from '@understudy/ledger/testing';
import { type Replay, type ReplayPorts, replayLedger, type What } from '@understudy/value';
import { Client } from 'pg';
import { startLedgerServer } from './ledger-server.ts';
import { keepResults } from './results.ts';
import { bracketed } from './spin-control.ts';

const { values } = parseArgs({ options: { rows: { type: 'string', default: '300000' } } });
const ROWS = Number(values.rows);
const CHUNK = 5_000;
const WORKSPACE = 'ws_bench';
const DAYS = 30;
const KINDS = 200;

const task: Task = {
  id: 'tsk_bench',
  workspace: WORKSPACE,
  slug: 'bench',
  definition: withDefaults('bench', {
    kind: 'text_classification',
    labels: ['ok', 'spam', 'toxic'].map((name) => ({ name })),
    economics: { currency: 'EUR', minutes_per_item: 1, cost_per_hour: '24.00', cost_of_error: '1.00' },
  }),
  revision: 1,
  version: 1,
  createdAt: 0,
  updatedAt: 0,
};

const server = await startLedgerServer();
const start = Date.now() - DAYS * 86_400_000;
await server.storage.ensurePartitions(start, Date.now());
const owner = new Client({ connectionString: server.url });
await owner.connect();
const open = openDatabase({ url: server.url, logger: silentLogger, poolSize: 4, applicationName: 'bench' });

/** Rows of the sizes that serving writes, put in by SQL: chaining them is not what is measured here. */
async function fill(): Promise<void> {
  const records = Array.from({ length: KINDS }, (_, n) => {
    const score = Math.round((0.5 + (n / KINDS) * 0.499) * 1e6) / 1e6;
    const own = { task: { id: task.id, slug: task.slug, revision: 1 }, certificate: 'crt_1', threshold: 0.8 };
    const entry =
      score >= 0.8
        ? exampleDecision(WORKSPACE, start, { ...own, confidence: score, audit: { probability: 0.02 } })
        : exampleReview(WORKSPACE, start, { ...own, confidence: score });
    return seal(entry);
  });
  const label = seal(exampleLabel(WORKSPACE, start, 'dec_x', { source: 'reviewer', seconds: 14, probability: 1 }));
  const payload = records[0]!.payload;
  for (let from = 0; from < ROWS; from += CHUNK) {
    const at = Math.floor(start + ((Date.now() - start) * from) / ROWS);
    const floor = newId('dec', at).slice(4, 14);
    const to = Math.min(from + CHUNK, ROWS) - 1;
    await owner.query(
      `INSERT INTO ledger.decisions (commit_seq, created_at, position, automated, workspace_id, id, task, leaf, record, payload, salt)
       SELECT 0, $2::timestamptz, 0, n % ${KINDS} >= 120, $1, 'dec_' || $3 || lpad(to_hex(n), 16, '0'), 'bench',
              sha256(n::text::bytea), ($4::text[])[n % ${KINDS} + 1], $5, 'salt'
         FROM generate_series($6::int, $7::int) AS n`,
      [WORKSPACE, new Date(at), floor, records.map(({ record }) => record), payload, from, to],
    );
    await owner.query(
      `INSERT INTO ledger.annotations (commit_seq, created_at, position, kind, workspace_id, id, decision_id, label, source, leaf, record)
       SELECT 0, $2::timestamptz, 0, 'label', $1, 'lab_' || $3 || lpad(to_hex(n), 16, '0'),
              'dec_' || $3 || lpad(to_hex(n), 16, '0'), 'ok', 'reviewer', sha256(n::text::bytea), $4
         FROM generate_series($5::int, $6::int) AS n WHERE n % ${KINDS} < 120`,
      [WORKSPACE, new Date(at), floor, label.record, from, to],
    );
  }
  await owner.query('ANALYZE ledger.decisions');
  await owner.query('ANALYZE ledger.annotations');
}

const records = new PostgresRecordReader(open.database);
const ports: ReplayPorts = {
  records,
  // The rows were put in without a log: every commit is looked at.
  ledger: {
    head: async (workspace) => ({ ...(await new PostgresLedgerStorage(open.database).head(workspace)), size: 1 }),
  },
  clock: systemClock,
  rooms: {
    task: async () => task,
    labelsAt: async () => ['ok', 'spam', 'toxic'],
    certificate: async () => null,
    fit: async () => ({ threshold: 0.9, score: { kind: 'top_probability' }, status: 'certified', reason: null }),
    hasVersion: async () => true,
    open: async () => null,
  },
};
const NOTHING: What = { maxError: null, confidence: null, modelVersion: null, threshold: null };

async function replay(what: What) {
  const now = Date.now();
  let peak = 0;
  const asked = {
    id: newId('rpl', now),
    workspace: WORKSPACE,
    taskId: task.id,
    task: task.slug,
    from: null,
    to: now + 1,
  };
  const startedAt = performance.now();
  const result = await replayLedger(ports, { ...asked, what } as Replay, {
    signal: new AbortController().signal,
    progress: async () => {
      peak = Math.max(peak, process.memoryUsage().rss);
    },
  });
  return { result, seconds: (performance.now() - startedAt) / 1000, peak };
}

/** The same pages read one after the other, and the decisions' records parsed whole. */
async function floor(): Promise<number> {
  const startedAt = performance.now();
  const span = { task: task.slug, from: 0, to: Date.now() + 1, size: 1 };
  for (let after = ''; ; ) {
    const rows = await records.decisions(WORKSPACE, span, { after, limit: 4_000, payload: false });
    if (rows.length === 0) break;
    await records.verdicts(WORKSPACE, { first: rows[0]!.id, last: rows.at(-1)!.id, size: 1 });
    for (const { record } of rows) JSON.parse(record);
    if (rows.length < 4_000) break;
    after = rows.at(-1)!.id;
  }
  return (performance.now() - startedAt) / 1000;
}

try {
  await fill();
  await replay({ ...NOTHING, threshold: 0.9 }); // warm
  const before = process.memoryUsage().rss;
  const measured: { budget: number[]; threshold: number[]; floor: number[] } = { budget: [], threshold: [], floor: [] };
  let grown = 0;
  // What the replay costs, whatever else the machine does: on two free cores the slower of the two sets the pace.
  let cpu = { own: 0, database: 0 };
  await bracketed('replay', async () => {
    for (let run = 0; run < 3; run++) {
      measured.floor.push(await floor());
      for (const [name, what] of [
        ['budget', { ...NOTHING, maxError: 0.02 }],
        ['threshold', { ...NOTHING, threshold: 0.9 }],
      ] as const) {
        const [own, database] = [process.cpuUsage(), server.cpuSeconds()];
        const { result, seconds, peak } = await replay(what);
        const { user, system } = process.cpuUsage(own);
        if (name === 'budget') cpu = { own: (user + system) / 1e6, database: server.cpuSeconds() - database };
        if (result.history.decisions !== ROWS) throw new Error(`${result.history.decisions} of ${ROWS} were replayed`);
        measured[name].push(seconds);
        grown = Math.max(grown, peak - before);
      }
    }
  });
  const best = (seconds: number[]) => Math.round(ROWS / Math.min(...seconds));
  const target = '≥ 50,000/s';
  const figure = (name: string, rate: number) => ({
    name,
    value: `${rate.toLocaleString('en-US')}/s`,
    target,
    reached: rate >= 50_000,
  });
  keepResults('replay', [
    figure('decisions replayed under another budget', best(measured.budget)),
    figure('decisions replayed under another threshold', best(measured.threshold)),
    {
      name: 'floor: the same rows read page by page and parsed whole',
      value: `${best(measured.floor).toLocaleString('en-US')}/s`,
    },
    {
      name: 'CPU of a budget replay: replaying, database',
      value: `${((cpu.own / ROWS) * 1e6).toFixed(1)} µs, ${((cpu.database / ROWS) * 1e6).toFixed(1)} µs a decision`,
    },
    { name: `memory over ${ROWS.toLocaleString('en-US')} rows`, value: `+${Math.round(grown / 1048576)} MiB at most` },
  ]);
} finally {
  await open.close();
  await owner.end();
  await server.stop();
}
