/**
 * Imports labelled rows over HTTP into a durable PostgreSQL (fsync on), beside a floor: COPY of the same rows into a
 * table with the same columns and indexes.
 *
 *   node bench/src/import.ts                    100,000 rows of CSV, then a dataset version of them
 *   node bench/src/import.ts --gigabyte         1 GB of NDJSON as well: what is looked at is the peak memory
 *   node bench/src/import.ts --rows 1000000     another number of rows
 */
import { createHash } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { migrate, openDatabase, startEmbedded } from '@understudy/database-postgres';
import { silentLogger, systemClock } from '@understudy/kernel';
import { Datasets, Examples } from '@understudy/lake';
import { lakeRoutes } from '@understudy/lake/http';
import {
  lakeMigrations,
  ParquetDatasetFiles,
  PostgresDatasetStore,
  PostgresExampleStore,
} from '@understudy/lake/storage';
import { FixedTaskRules } from '@understudy/lake/testing';
import { FileSpool, FilesystemObjectStore } from '@understudy/objects-filesystem';
import * as wire from '@understudy/wire';
import fastify from 'fastify';
import { Client } from 'pg';

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '100000' }, gigabyte: { type: 'boolean', default: false } },
});
const ROWS = Number(values.rows);
const LABELS = Array.from({ length: 77 }, (_, i) => `label-${i}`);
const WORDS =
  'please card my the transfer why not account money refund where pending charge app how declined top exchange'.split(
    ' ',
  );

/** A row of about a hundred characters, different from every other. */
function textOf(row: number): string {
  let state = row + 1;
  const words: string[] = [];
  for (let i = 0; i < 14; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    words.push(WORDS[state % WORDS.length]!);
  }
  return `${words.join(' ')} ${row}`;
}

function* csv(): Generator<string> {
  yield 'text,label,subject,external_id\n';
  for (let row = 0; row < ROWS; ) {
    let lines = '';
    for (const end = Math.min(ROWS, row + 500); row < end; row++) {
      lines += `"${textOf(row)}",${LABELS[row % 77]},user-${row % 20_000},c-${row}\n`;
    }
    yield lines;
  }
}

function* gigabyte(): Generator<string> {
  for (let bytes = 0, row = 0; bytes < 1e9; ) {
    let lines = '';
    for (let i = 0; i < 50; i++, row++) {
      const text = `${row} ${textOf(row)} `.repeat(40);
      lines += `{"input":{"text":"${text}"},"label":"${LABELS[row % 77]}","external_id":"g-${row}"}\n`;
    }
    bytes += lines.length;
    yield lines;
  }
}

const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
const seconds = (since: number) => (performance.now() - since) / 1000;

/** COPY through pg's own protocol hooks: the floor under any import. */
function copyIn(client: Client, text: string, chunks: Iterable<Buffer>): Promise<void> {
  return new Promise((resolve, reject) => {
    let failure: Error | undefined;
    client.query({
      submit: (connection: { query(text: string): void }) => connection.query(text),
      handleCopyInResponse: (connection: { sendCopyFromChunk(chunk: Buffer): void; endCopyFrom(): void }) => {
        for (const chunk of chunks) connection.sendCopyFromChunk(chunk);
        connection.endCopyFrom();
      },
      handleCommandComplete: () => {},
      handleError: (error: Error) => {
        failure = error;
        reject(error);
      },
      handleReadyForQuery: () => (failure === undefined ? resolve() : undefined),
    } as never);
  });
}

function* copyRows(): Generator<Buffer> {
  for (let row = 0; row < ROWS; ) {
    let lines = '';
    for (const end = Math.min(ROWS, row + 500); row < end; row++) {
      const text = textOf(row);
      const digest = createHash('sha256').update(text).digest('hex');
      const input = JSON.stringify({ text }).replaceAll('"', '""');
      lines += `ws_bench,task_floor,ex_${String(row).padStart(26, '0')},"${input}",${LABELS[row % 77]},user-${row % 20_000},c-${row},,{},import,\\x${digest.slice(0, 32)},\\x${digest}\n`;
    }
    yield Buffer.from(lines);
  }
}

async function main(directory: string): Promise<void> {
  const embedded = await startEmbedded({ dataDir: join(directory, 'postgres') });
  await migrate({ url: embedded.url, migrations: [lakeMigrations] });
  const open = openDatabase({ url: embedded.url });
  const rules = new FixedTaskRules();
  const input = { text: { type: 'string', max_length: 20_000 } } as const;
  for (const slug of ['csv', 'gigabyte'])
    rules.set('ws_bench', slug, { taskId: `task_${slug}`, labels: LABELS, input });
  const store = new PostgresExampleStore(open.database);
  const examples = new Examples({
    rules,
    store,
    spool: await FileSpool.open({ directory: join(directory, 'spool') }),
    clock: systemClock,
  });
  const datasets = new Datasets({
    rules,
    examples: store,
    store: new PostgresDatasetStore(open.database),
    objects: await FilesystemObjectStore.open({ directory: join(directory, 'objects') }),
    files: await ParquetDatasetFiles.open({ directory: join(directory, 'work'), logger: silentLogger }),
    clock: systemClock,
  });
  const app = fastify();
  for (const schema of Object.values(wire)) if (typeof schema === 'object' && '$id' in schema) app.addSchema(schema);
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.decorateRequest('principal', null as never);
  app.addHook('onRequest', async (incoming) => {
    incoming.principal = { kind: 'api_key', workspace: 'ws_bench', id: 'key_bench', scopes: new Set() };
  });
  app.register(async (scope) => lakeRoutes({ examples, datasets })(scope));
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;

  const post = async (path: string, type: string, body: Iterable<string>): Promise<Record<string, unknown>> => {
    const outgoing = request({ port, method: 'POST', path, headers: { 'content-type': type } });
    const answered = new Promise<string>((resolve, reject) => {
      outgoing.on('error', reject);
      outgoing.on('response', async (response) => {
        let text = '';
        for await (const chunk of response) text += chunk;
        resolve(text);
      });
    });
    await pipeline(Readable.from(body), outgoing);
    return JSON.parse(await answered);
  };

  const owner = new Client({ connectionString: embedded.url });
  await owner.connect();
  await owner.query('CREATE TABLE lake.floor (LIKE lake.examples INCLUDING ALL)');
  const copying = performance.now();
  const columns =
    'workspace_id, task_id, id, input, label, subject, external_id, occurred_at, attributes, source, input_hash, content_hash';
  await copyIn(owner, `COPY lake.floor (${columns}) FROM STDIN (FORMAT csv)`, copyRows());
  const floor = seconds(copying);
  console.log(
    `floor   COPY ${ROWS} rows, same columns and indexes: ${floor.toFixed(2)} s, ${Math.round(ROWS / floor)} rows/s`,
  );

  const importing = performance.now();
  const cpu = process.cpuUsage();
  const answer = await post('/v1/tasks/csv/examples', 'text/csv', csv());
  const took = seconds(importing);
  const { user, system } = process.cpuUsage(cpu);
  if (answer.accepted !== ROWS) throw new Error(JSON.stringify(answer).slice(0, 500));
  console.log(
    `import  ${ROWS} rows of CSV over HTTP: ${took.toFixed(2)} s, ${Math.round(ROWS / took)} rows/s, ${(floor / took).toFixed(2)}× the floor; peak memory ${megabytes(process.resourceUsage().maxRSS * 1024)} with the sender, ${((user + system) / 1e6).toFixed(1)} s of processor time in this process`,
  );

  const before = process.memoryUsage().rss;
  const snapping = performance.now();
  const { dataset } = await datasets.snapshot('ws_bench', 'csv');
  console.log(
    `dataset ${dataset.rows} rows, ${dataset.groups} groups: ${seconds(snapping).toFixed(2)} s, Parquet ${megabytes(dataset.object.bytes)}; the server keeps ${megabytes(process.memoryUsage().rss - before)} more`,
  );
  const again = performance.now();
  await datasets.snapshot('ws_bench', 'csv');
  console.log(`        the same again: ${seconds(again).toFixed(2)} s`);
  const reading = performance.now();
  let read = 0;
  for await (const batch of datasets.readRows(dataset)) read += batch.length;
  console.log(`        reading ${read} rows back: ${seconds(reading).toFixed(2)} s`);

  if (values.gigabyte) {
    const streaming = performance.now();
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss);
    }, 50);
    const big = await post('/v1/tasks/gigabyte/examples', 'application/x-ndjson', gigabyte());
    clearInterval(watch);
    console.log(
      `stream  1 GB of NDJSON, ${String(big.accepted)} rows: ${seconds(streaming).toFixed(1)} s; peak memory ${megabytes(peak)} with the sender`,
    );
  }
  await owner.end();
  await app.close();
  await open.close();
  await embedded.stop();
}

const directory = await mkdtemp(join(tmpdir(), 'understudy-bench-'));
// The database may run as another user, which has to pass through this folder.
await chmod(directory, 0o711);
try {
  await main(directory);
} finally {
  await rm(directory, { recursive: true, force: true });
}
