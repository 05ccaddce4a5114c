/**
 * Does a ledger of a million rows cost what one of ten thousand costs? Two workspaces in one durable PostgreSQL,
 * spread over ninety days, measured in turns: appending, the first page of the list under each filter, one decision.
 *
 *   node bench/src/ledger-million.ts [--rows 1000000] [--runs 200]
 */
import { parseArgs } from 'node:util';
import { Ledger, seal } from '@understudy/ledger';
import { exampleDecision } from '@understudy/ledger/testing';
import { Client } from 'pg';
import { median, startLedgerServer } from './ledger-server.ts';
import { bracketed } from './spin-control.ts';

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, runs: { type: 'string', default: '200' } },
});
const SMALL = 10_000;
const LARGE = Number(values.rows);
const RUNS = Number(values.runs);
const DAYS = 90;
const CHUNK = 1_000;

const server = await startLedgerServer();
await server.storage.ensurePartitions(Date.now() - DAYS * 86_400_000, Date.now());
const owner = new Client({ connectionString: server.url });
await owner.connect();

/** Rows as the ledger writes them, put in by SQL because chaining a million is not what is measured here. */
async function fill(workspace: string, rows: number): Promise<void> {
  const { record, payload, salt } = seal(exampleDecision(workspace, Date.now()));
  const start = Date.now() - DAYS * 86_400_000;
  for (let from = 0; from < rows; from += CHUNK) {
    const at = Math.floor(start + ((Date.now() - start) * from) / rows);
    const floor = exampleDecision(workspace, at).id.slice(0, 14);
    await owner.query(
      `INSERT INTO ledger.decisions (commit_seq, created_at, position, automated, workspace_id, id, task, label,
         model_version, external_id, subject, salt, leaf, record, payload)
       SELECT 0, $2::timestamptz, 0, n % 10 <> 0, $1, $3 || lpad(to_hex(n), 16, '0'), 'task-' || n % 3,
         CASE WHEN n % 10 <> 0 THEN 'label-' || n % 7 END, (n / 250000 + 1)::text, 'external-' || n,
         'subject-' || n % 5000, $4, sha256(n::text::bytea), $5, $6
         FROM generate_series($7::int, $8::int) AS n`,
      [workspace, new Date(at), floor, salt, record, payload, from, Math.min(from + CHUNK, rows) - 1],
    );
  }
}

const ledger = new Ledger({ storage: server.storage });
const sizes = [
  { workspace: 'ws_small', rows: SMALL },
  { workspace: 'ws_large', rows: LARGE },
];

const list = (filter: object) => (workspace: string) =>
  server.storage.list(workspace, filter, { limit: 50, before: null });

const operations: Record<string, (workspace: string) => Promise<unknown>> = {
  'append one': (workspace) => ledger.append(exampleDecision(workspace, Date.now())),
  'append 64 at once': (workspace) =>
    Promise.all(Array.from({ length: 64 }, () => ledger.append(exampleDecision(workspace, Date.now())))),
  'first page': list({}),
  'first page, task': list({ task: 'task-1' }),
  'first page, task and outcome': list({ task: 'task-1', outcome: 'review' }),
  'first page, task and label': list({ task: 'task-1', label: 'label-3' }),
  'first page, subject': list({ subject: 'subject-77' }),
  'first page, external_id': list({ externalId: 'external-77' }),
  'first page, a past month': list({ from: Date.now() - 60 * 86_400_000, to: Date.now() - 30 * 86_400_000 }),
};

try {
  const started = performance.now();
  for (const { workspace, rows } of sizes) await fill(workspace, rows);
  await owner.query('ANALYZE ledger.decisions');
  await owner.query('CHECKPOINT');
  console.log(
    `Ledger of ${SMALL} and of ${LARGE} rows, filled in ${((performance.now() - started) / 1000).toFixed(0)} s`,
  );
  await bracketed('all operations', async () => {
    for (const [name, operation] of Object.entries(operations)) {
      const times = sizes.map(() => [] as number[]);
      for (let run = -10; run < RUNS; run++) {
        for (const [at, { workspace }] of sizes.entries()) {
          const start = performance.now();
          await operation(workspace);
          if (run >= 0) times[at]!.push(performance.now() - start);
        }
      }
      const [small, large] = times.map(median) as [number, number];
      const ratio = (large / small).toFixed(2);
      console.log(`  ${name.padEnd(30)} ${small.toFixed(2)} ms → ${large.toFixed(2)} ms, × ${ratio} (target ≤ 1.2)`);
    }
  });
} finally {
  await owner.end();
  await server.stop();
}
