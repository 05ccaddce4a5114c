/**
 * The ledger's writing beside two others on the same durable PostgreSQL, in turns, medians of the rounds:
 *
 * - one request a row: group commit by 64 concurrent appenders, against one INSERT a request over 20 connections
 *   (without any hashing or chaining, on a table with the same columns and indexes);
 * - batches of 1,000: appendAll, against COPY of the same rows, its text made beforehand, into such a table.
 *
 *   node bench/src/ledger-throughput.ts [--rounds 5] [--rows 10000]
 */
import { parseArgs } from 'node:util';
import { type DecisionEntry, Ledger, type SealedEntry, seal } from '@understudy/ledger';
import { exampleDecision } from '@understudy/ledger/testing';
import { Client } from 'pg';
import { median, startLedgerServer } from './ledger-server.ts';
import { bracketed } from './spin-control.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, rows: { type: 'string', default: '10000' } },
});
const ROUNDS = Number(values.rounds);
const ROWS = Number(values.rows);
const APPENDERS = 64;
const WORKSPACE = 'ws_bench';

const COLUMNS =
  'commit_seq, created_at, position, automated, workspace_id, id, task, label, model_version, external_id, subject, salt, leaf, record, payload';

const server = await startLedgerServer();
const owner = new Client({ connectionString: server.url });
await owner.connect();
await owner.query(`
  CREATE TABLE public.peer (LIKE ledger.decisions INCLUDING INDEXES);
  GRANT ALL ON public.peer TO understudy_app`);

let made = 0;
function entry(): DecisionEntry {
  const number = ++made;
  return exampleDecision(WORKSPACE, Date.now(), {
    payload: {
      input: { text: `Item ${number}: I was charged twice for the same order, please have a look at it.` },
      external_id: `comment-${number}`,
    },
  });
}

async function concurrently(write: (one: DecisionEntry) => Promise<unknown>): Promise<void> {
  let left = ROWS;
  await Promise.all(
    Array.from({ length: APPENDERS }, async () => {
      while (left-- > 0) await write(entry());
    }),
  );
}

const ledger = new Ledger({ storage: server.storage });

async function grouped(): Promise<void> {
  await concurrently((one) => ledger.append(one));
}

function naiveValues(one: SealedEntry): unknown[] {
  const at = new Date(one.at);
  const { automated, workspace, id, task, label, modelVersion, externalId, subject, salt, leaf, record, payload } = one;
  const hash = Buffer.from(leaf, 'latin1');
  return [
    0,
    at,
    0,
    automated,
    workspace,
    id,
    task,
    label,
    modelVersion,
    externalId,
    subject,
    salt,
    hash,
    record,
    payload,
  ];
}

const INSERT = `INSERT INTO public.peer (${COLUMNS}) VALUES (${Array.from({ length: 15 }, (_, i) => `$${i + 1}`).join(', ')})`;

async function naive(): Promise<void> {
  await concurrently((one) => server.open.database.prepared('naive', INSERT, naiveValues(seal(one))));
}

async function batches(all: DecisionEntry[][]): Promise<void> {
  for (const batch of all) await ledger.appendAll(batch);
}

const escapes: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function copyText(batch: DecisionEntry[]): Buffer {
  const lines = batch.map((one) =>
    naiveValues(seal(one))
      .map((value) => {
        if (value === null) return '\\N';
        if (value instanceof Date) return value.toISOString();
        if (Buffer.isBuffer(value)) return `\\\\x${value.toString('hex')}`;
        return String(value).replace(/[\\\n\r\t]/g, (character) => escapes[character]!);
      })
      .join('\t'),
  );
  return Buffer.from(`${lines.join('\n')}\n`);
}

/** COPY through pg's own protocol hooks. */
function copyIn(text: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    owner.query({
      submit: (connection: { query(text: string): void }) =>
        connection.query(`COPY public.peer (${COLUMNS}) FROM STDIN`),
      handleCopyInResponse: (connection: { sendCopyFromChunk(chunk: Buffer): void; endCopyFrom(): void }) => {
        connection.sendCopyFromChunk(text);
        connection.endCopyFrom();
      },
      handleCommandComplete: () => {},
      handleError: reject,
      handleReadyForQuery: () => resolve(),
    } as never);
  });
}

async function copied(all: Buffer[]): Promise<void> {
  for (const text of all) await copyIn(text);
}

interface Measured {
  rowsPerSecond: number[];
  clientMicroseconds: number[];
  serverMicroseconds: number[];
}

const results = new Map<string, Measured>();

async function measure(name: string, work: () => Promise<void>): Promise<void> {
  const cpu = process.cpuUsage();
  const serverCpu = server.cpuSeconds();
  const start = performance.now();
  await work();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const measured = results.get(name) ?? { rowsPerSecond: [], clientMicroseconds: [], serverMicroseconds: [] };
  measured.rowsPerSecond.push(ROWS / seconds);
  measured.clientMicroseconds.push((user + system) / ROWS);
  measured.serverMicroseconds.push(((server.cpuSeconds() - serverCpu) * 1e6) / ROWS);
  results.set(name, measured);
}

const makeBatches = () => Array.from({ length: ROWS / 1000 }, () => Array.from({ length: 1000 }, entry));

async function round(): Promise<void> {
  await measure('group commit, 64 appenders', grouped);
  await measure('naive INSERT, 64 over 20 connections', naive);
  const mine = makeBatches();
  await measure('appendAll, batches of 1,000', () => batches(mine));
  const texts = makeBatches().map(copyText);
  await measure('COPY, batches of 1,000', () => copied(texts));
}

try {
  console.log(`Ledger throughput: ${ROWS} rows a measurement, ${ROUNDS} rounds in turns, fsync on`);
  await round(); // to warm up
  results.clear();
  await bracketed('all rounds', async () => {
    for (let i = 0; i < ROUNDS; i++) await round();
  });
  const rate = (name: string) => median(results.get(name)!.rowsPerSecond);
  for (const [name, { rowsPerSecond, clientMicroseconds, serverMicroseconds }] of results) {
    const range = `${Math.round(Math.min(...rowsPerSecond))}–${Math.round(Math.max(...rowsPerSecond))}`;
    const cpu = `CPU a row: ${median(clientMicroseconds).toFixed(1)} µs client, ${median(serverMicroseconds).toFixed(1)} µs server`;
    console.log(`  ${name.padEnd(38)} ${Math.round(median(rowsPerSecond))} rows/s (${range}), ${cpu}`);
  }
  const [grouped, naive, batch, copy] = [...results.keys()].map(rate) as [number, number, number, number];
  console.log(`  group commit ÷ naive: ${(grouped / naive).toFixed(2)} (target ≥ 3)`);
  console.log(`  batches ÷ COPY:       ${(batch / copy).toFixed(2)} (target ≥ 0.5)`);
} finally {
  await owner.end();
  await server.stop();
}
