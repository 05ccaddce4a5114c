import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { UnderstudyClient } from '@understudy/client';
import { readBatch, writeDecisions } from '@understudy/decisions/http';
import type { Decision, PredictionRequest } from '@understudy/wire';
import { cpuSeconds } from './process-memory.ts';
import { type Figure, keepResults } from './results.ts';
import {
  newOperatorKey,
  newWorkspace,
  removeFolder,
  startServerProcess,
  temporaryFolder,
  trainTask,
} from './server-process.ts';
import { spread } from './statistics.ts';
import { syntheticTexts } from './synthetic-texts.ts';
import { loadTextDatasets } from './text-datasets.ts';

/**
 * What a batch costs in JSON, Protocol Buffers and Arrow: CPU time of reading the items and writing the decisions, of
 * the client, and of whole requests on the server and all it started. CPU time, not wall time. Linux only.
 *
 *   node bench/src/wire-formats.ts [--arrow /folder/with/node_modules/apache-arrow] [--rounds 5] [--batches 30]
 */
const { values } = parseArgs({
  options: {
    arrow: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    batches: { type: 'string', default: '30' },
  },
});
const ROUNDS = Number(values.rounds);
const BATCHES = Number(values.batches);
const SIZES = [32, 1000];
const TASK = 'inquiries';

interface Format {
  name: string;
  items: Buffer;
  decisions: Buffer;
  /** On the server. */
  read(): unknown;
  write(): Uint8Array;
}

/** Microseconds of CPU that one call takes, as the median of the rounds. */
function cpuOf(act: () => unknown, items: number): number[] {
  const times = Math.max(20, Math.round(60_000 / items));
  for (let i = 0; i < times; i++) act();
  return Array.from({ length: ROUNDS }, () => {
    const before = process.cpuUsage();
    for (let i = 0; i < times; i++) act();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / times;
  });
}

function json(items: PredictionRequest[], decisions: Decision[]): Format {
  const body = Buffer.from(JSON.stringify({ items }));
  const write = () => Buffer.from(JSON.stringify({ decisions }));
  return { name: 'JSON', items: body, decisions: write(), read: () => JSON.parse(body.toString('utf8')), write };
}

function protobuf(message: Buffer, decisions: Decision[]): Format {
  const write = () => writeDecisions(decisions);
  return {
    name: 'Protocol Buffers',
    items: message,
    decisions: Buffer.from(write()),
    read: () => readBatch(message),
    write,
  };
}

/** As little as Arrow can do with it: flat columns, repeated texts in dictionaries, the candidates in columns of their own. */
function arrow(folder: string, items: PredictionRequest[], decisions: Decision[]): Format {
  const lib = createRequire(join(folder, 'package.json'))('apache-arrow');
  const text = (values: (string | null)[]) => lib.vectorFromArray(values, new lib.Utf8());
  const repeated = (values: (string | null)[]) =>
    lib.vectorFromArray(values, new lib.Dictionary(new lib.Utf8(), new lib.Int32()));
  const number = (values: (number | null)[]) => lib.vectorFromArray(values, new lib.Float64());
  const column = <T>(of: (decision: Decision) => T) => decisions.map(of);
  const most = Math.max(...decisions.map(({ candidates }) => candidates.length));
  const write = (): Uint8Array => {
    const columns: Record<string, unknown> = {
      id: text(column(({ id }) => id)),
      outcome: repeated(column(({ outcome }) => outcome)),
      label: repeated(column(({ label }) => label)),
      confidence: number(column(({ confidence }) => confidence)),
      threshold: number(column(({ threshold }) => threshold)),
      reason: repeated(column(({ review }) => (review === undefined ? null : String(review.reason)))),
      external_id: text(column(({ external_id }) => external_id ?? null)),
      created_at: repeated(column(({ created_at }) => created_at)),
      cost: repeated(column(({ cost }) => cost.amount)),
    };
    for (let i = 0; i < most; i++) {
      columns[`candidate_${i}`] = repeated(column(({ candidates }) => candidates[i]?.label ?? null));
      columns[`score_${i}`] = number(column(({ candidates }) => candidates[i]?.score ?? null));
    }
    return lib.tableToIPC(new lib.Table(columns), 'stream');
  };
  const body = Buffer.from(
    lib.tableToIPC(
      new lib.Table({
        text: text(items.map(({ input }) => input.text)),
        external_id: text(items.map(({ external_id }) => external_id ?? null)),
      }),
      'stream',
    ),
  );
  const read = () => {
    const table = lib.tableFromIPC(body);
    const [texts, ids] = [table.getChild('text'), table.getChild('external_id')];
    return Array.from({ length: table.numRows }, (_, i) => ({
      input: { text: texts.get(i) },
      external_id: ids.get(i),
    }));
  };
  return { name: 'Arrow', items: body, decisions: Buffer.from(write()), read, write };
}

const undo: (() => void | Promise<void>)[] = [];
const figures: Figure[] = [];
/** Said at once: on a busy machine the whole takes long. */
const keep = (figure: Figure) => {
  figures.push(figure);
  console.log(`${figure.name}: ${figure.value}`);
};
try {
  const folder = process.env.UNDERSTUDY_DATASETS;
  const [banking] = folder ? loadTextDatasets(folder, ['banking77']) : [];
  const data = banking ?? syntheticTexts();
  if (banking === undefined) console.log('synthetic texts: UNDERSTUDY_DATASETS names no folder with banking77');
  const scratch = temporaryFolder('wire-formats');
  undo.push(() => removeFolder(scratch));
  const dataDir = join(scratch, 'data');
  const operatorKey = newOperatorKey();
  const server = await startServerProcess({ dataDir, operatorKey });
  undo.push(() => server.stop());
  const { client, key } = await newWorkspace(server.url, operatorKey);
  await trainTask(client, TASK, data.train);
  const spentUntilNow = () => cpuSeconds(server.child.pid!, dataDir);

  for (const size of SIZES) {
    const items = Array.from({ length: size }, (_, i) => ({
      input: { text: data.test[i % data.test.length]!.text },
      external_id: `row-${i}`,
    }));
    // What the client really sends and gets, seen on its way.
    let message: Buffer | undefined;
    const watching = new UnderstudyClient({
      baseUrl: server.url,
      apiKey: key,
      fetch: async (input, init) => {
        message = Buffer.from(await (init!.body as Blob).arrayBuffer());
        return fetch(input, init);
      },
    });
    const decisions = (await watching.predictBatch(TASK, items, { encoding: 'protobuf' })) as Decision[];
    const formats = [json(items, decisions), protobuf(message!, decisions)];
    if (values.arrow !== undefined) formats.push(arrow(values.arrow, items, decisions));
    else console.log('SKIPPED Arrow: --arrow names the folder in which apache-arrow is installed');
    for (const format of formats) {
      const bytes = (of: Buffer) => `${of.length} (gzip -1 ${gzipSync(of, { level: 1 }).length})`;
      const name = `${size} items, ${format.name}`;
      keep({ name: `${name}: bytes of items`, value: bytes(format.items) });
      keep({ name: `${name}: bytes of decisions`, value: bytes(format.decisions) });
      keep({ name: `${name}: read items, µs`, value: spread(cpuOf(format.read, size)) });
      keep({ name: `${name}: write decisions, µs`, value: spread(cpuOf(format.write, size)) });
    }

    // The client's whole call, over a connection that costs nothing.
    for (const [at, encoding] of (['json', 'protobuf'] as const).entries()) {
      const answer = formats[at]!.decisions;
      const type = encoding === 'json' ? 'application/json' : 'application/x-protobuf';
      const alone = new UnderstudyClient({
        baseUrl: 'http://nowhere',
        apiKey: key,
        fetch: async () => new Response(answer as never, { headers: { 'content-type': type } }),
      });
      const times: number[] = [];
      for (let round = 0; round <= ROUNDS; round++) {
        const calls = Math.max(10, Math.round(20_000 / size));
        const before = process.cpuUsage();
        for (let i = 0; i < calls; i++) await alone.predictBatch(TASK, items, { encoding });
        const { user, system } = process.cpuUsage(before);
        if (round > 0) times.push((user + system) / calls);
      }
      keep({ name: `${size} items, ${formats[at]!.name}: client's call, µs`, value: spread(times) });
    }

    // Whole requests, each with its idempotency key, as the client sends them.
    const batches = Math.max(BATCHES, Math.round((BATCHES * 100) / size));
    const whole: Record<'json' | 'protobuf', number[]> = { json: [], protobuf: [] };
    for (let round = 0; round <= ROUNDS; round++) {
      for (const encoding of ['json', 'protobuf'] as const) {
        const rows = (await client.ledger.head()).entries;
        const before = spentUntilNow();
        for (let i = 0; i < batches; i++) await client.predictBatch(TASK, items, { encoding });
        const spent = ((spentUntilNow() - before) * 1000) / batches;
        const written = (await client.ledger.head()).entries - rows;
        if (written !== batches * size) throw new Error(`${batches * size} decisions, ${written} rows`);
        if (round > 0) whole[encoding].push(spent);
      }
    }
    for (const [at, encoding] of (['json', 'protobuf'] as const).entries()) {
      const value = spread(whole[encoding], 1);
      keep({ name: `${size} items, ${formats[at]!.name}: whole request, server's CPU, ms`, value });
    }
  }
  keepResults('wire-formats', figures);
} finally {
  for (const step of undo.reverse()) await step();
}
