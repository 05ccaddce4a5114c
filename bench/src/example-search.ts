/**
 * Searching the examples of a task with a million rows over a durable PostgreSQL: words that many, few and no rows hold,
 * in several scripts, beside reading every row one by one; what the index costs an import and the disk.
 *
 *   node bench/src/example-search.ts [--rows 1000000]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { migrate, openDatabase, startEmbedded } from '@understudy/database-postgres';
import { newId, silentLogger } from '@understudy/kernel';
import { lakeMigrations, PostgresExampleStore } from '@understudy/lake/storage';
import { Client } from 'pg';
import { keepResults } from './results.ts';
import { median } from './statistics.ts';

const { values } = parseArgs({ options: { rows: { type: 'string', default: '1000000' } } });
const ROWS = Number(values.rows);
const RUNS = 5;
const TARGET_MS = 300;
const WORDS =
  'please card my the transfer why not account money refund where pending charge app how declined top exchange rate \
virtual order lost stolen phone cash withdrawal balance updated cheque deposit country support identity verify \
beneficiary passcode forgotten activate delivery estimate 時計 安い 返金 Überweisung заказ возврат'.split(' ');

function textOf(row: number): string {
  let state = row + 1;
  const words: string[] = [];
  for (let i = 0; i < 12; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    words.push(WORDS[(state >>> 8) % WORDS.length]!);
  }
  if (row % 100_000 === 4242) words.push('Platypus🦆');
  return `${words.join(' ')} ${row}`;
}

const dataDir = await mkdtemp(join(tmpdir(), 'understudy-bench-search-'));
const server = await startEmbedded({ dataDir });
await migrate({ url: server.url, migrations: [lakeMigrations] });
const open = openDatabase({ url: server.url, logger: silentLogger, poolSize: 4, applicationName: 'bench' });
const owner = new Client({ connectionString: server.url });
await owner.connect();
const store = new PostgresExampleStore(open.database);

async function* batches(): AsyncGenerator<string> {
  for (let row = 0; row < ROWS; ) {
    let lines = '';
    for (const end = Math.min(ROWS, row + 2000); row < end; row++) {
      const hash = row.toString(16).padStart(64, '0');
      lines += `${JSON.stringify({
        id: newId('ex', Date.now()),
        input: { text: textOf(row) },
        label: row % 1000 === 0 ? 'seldom' : `label-${row % 77}`,
        ...{ subject: null, external_id: null, occurred_at: null, attributes: {} },
        input_hash: hash.slice(32),
        content_hash: hash,
      })}\n`;
    }
    yield lines;
  }
}

const cases: readonly [string, object, number][] = [
  ['a word of most rows', { terms: ['card'] }, 50],
  ['two words of many', { terms: ['passcode', '時計'] }, 50],
  ['a word of ten rows in a million', { terms: ['platypus'] }, ROWS / 100_000],
  ['an emoji of ten rows', { terms: ['🦆'] }, ROWS / 100_000],
  ['a number within numbers', { terms: ['42424'] }, ROWS > 42_424 ? 1 : 0],
  ['a word of no row', { terms: ['quokkas'] }, 0],
  ['a phrase of common words that no row holds, the first pages', { terms: ['card my the transfer why not a'] }, 0],
  ['a word of most rows with a seldom label', { terms: ['card'], label: 'seldom' }, 50],
];

try {
  let started = process.cpuUsage();
  await store.insert('ws_1', 'task_1', batches());
  const filled = process.cpuUsage(started);
  await owner.query('VACUUM ANALYZE lake.examples');
  await owner.query('VACUUM ANALYZE lake.example_signatures');
  const { rows: sizes } = await owner.query(
    `SELECT pg_total_relation_size('lake.example_signatures') AS index, pg_total_relation_size('lake.examples') AS rows,
            (SELECT count(*) FROM lake.example_signatures) AS n`,
  );
  const [{ index, rows: heap, n }] = sizes as [{ index: string; rows: string; n: string }];
  console.log(
    `${ROWS} rows stored, ${((filled.user + filled.system) / ROWS).toFixed(1)} µs of CPU a row in this process; ` +
      `${n} signatures of ${(Number(index) / 1048576).toFixed(1)} MiB beside ${(Number(heap) / 1048576).toFixed(0)} MiB of rows`,
  );
  const figures = [];
  for (const [name, filter, expected] of cases) {
    const times: number[] = [];
    let pages = 0;
    let hits = 0;
    let slowestPage = 0;
    for (let run = 0; run < RUNS; run++) {
      pages = 0;
      hits = 0;
      const start = performance.now();
      for (let from: string | undefined; ; ) {
        const pageStart = performance.now();
        const { rows, next } = await store.list('ws_1', 'task_1', {
          limit: 50,
          ...filter,
          ...(from === undefined ? {} : { from }),
        });
        slowestPage = Math.max(slowestPage, performance.now() - pageStart);
        pages++;
        hits += rows.length;
        if (next === null || hits >= 50 || pages === 3) break;
        from = next;
      }
      times.push(performance.now() - start);
    }
    if (hits < Math.min(expected, 50)) throw new Error(`${name}: ${hits} of ${expected} were found`);
    const ms = median(times);
    console.log(`  ${name}: ${ms.toFixed(1)} ms, ${pages} pages, ${hits} hits`);
    figures.push({
      name,
      value: `${ms.toFixed(1)} ms for ${hits} rows on ${pages} ${pages === 1 ? 'page' : 'pages'}, slowest page ${slowestPage.toFixed(0)} ms`,
      target: `≤ ${TARGET_MS} ms a page`,
      reached: slowestPage <= TARGET_MS,
    });
  }
  started = process.cpuUsage();
  const from = performance.now();
  let all = 0;
  await open.database.inWorkspace('ws_1', async () => {
    const { rows } = await owner.query(
      `SELECT count(*) AS n FROM lake.examples WHERE input->>'text' ILIKE '%quokkas%'`,
    );
    all = Number(rows[0].n);
  });
  figures.push({
    name: 'beside: ILIKE over every row',
    value: `${(performance.now() - from).toFixed(0)} ms for ${all} rows`,
  });
  keepResults('example-search', figures);
} finally {
  await open.close();
  await owner.end();
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
}
