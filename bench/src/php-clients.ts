/**
 * What the PHP client and the Symfony bundle cost, and what batching saves:
 *
 * - `call`: one prediction on a kept-alive connection against a server that answers at once, beside a bare curl handle
 *   and symfony/http-client, by turns;
 * - `batching`: 1,000 predictions of a real Understudy, one by one, by `predictMany()` and by a Messenger worker with the
 *   bundle's handler;
 * - `request`: a page of a Symfony application that uses nothing of the bundle, with and without it, a kernel a request,
 *   opcache as in production, request by request in turn;
 * - `export`: `understudy:export` of 1,000,000 rows of SQLite through PDO and through Doctrine DBAL against a server that
 *   only counts them, and its memory at 10,000 rows.
 *
 *   node bench/src/php-clients.ts [--only call,batching,request,export] [--symfony 6.4] [--rows 1000000]
 *
 * Needs tests/components/php/install.sh.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { available, componentsFolder } from '@understudy/components';
import { type Figure, keepResults } from './results.ts';
import {
  newOperatorKey,
  newWorkspace,
  removeFolder,
  startServerProcess,
  temporaryFolder,
  trainTask,
} from './server-process.ts';
import { bracketed } from './spin-control.ts';
import { median, quantile, spread } from './statistics.ts';
import { syntheticTexts } from './synthetic-texts.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'call,batching,request,export' },
    symfony: { type: 'string', default: '6.4' },
    rows: { type: 'string', default: '1000000' },
  },
});
const only = new Set(values.only.split(','));
const ROWS = Number(values.rows);
const CALLS = 2000;
const PREDICTIONS = 1000;
const TURNS = 3;
const REQUESTS = 300;
const MEBIBYTE = 2 ** 20;

const scripts = fileURLToPath(new URL('../php', import.meta.url));
const scratch = temporaryFolder('php');
const figures: Figure[] = [];
const undo: (() => unknown)[] = [() => removeFolder(scratch)];
/** Rows of the last import that the sink took. */
let imported = 0;

/** As php-fpm is set up in production: compiled once, files not looked at again, no assertions. */
const production = {
  'opcache.enable_cli': '1',
  'opcache.validate_timestamps': '0',
  'opcache.max_accelerated_files': '20000',
  'zend.assertions': '-1',
  memory_limit: '256M',
};
const flags = Object.entries(production).flatMap(([name, value]) => ['-d', `${name}=${value}`]);

function environment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    SF_ROOT: join(componentsFolder(), `php-${values.symfony}`),
    UNDERSTUDY_BENCH_CACHE: join(scratch, 'cache'),
    UNDERSTUDY_URL: 'http://127.0.0.1:9',
    UNDERSTUDY_API_KEY: 'us_bench',
    ...more,
  };
}

/** Runs a script of bench/php and reads the JSON that it prints. */
async function php<T>(args: readonly string[], more: Readonly<Record<string, string>> = {}, input = ''): Promise<T> {
  const child = spawn('php', [...flags, join(scripts, args[0]!), ...args.slice(1)], {
    env: environment(more),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(input);
  let printed = '';
  for await (const chunk of child.stdout) printed += String(chunk);
  const status = child.exitCode ?? (await new Promise<number | null>((resolve) => child.once('exit', resolve)));
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${printed}`);
  return (printed === '' ? undefined : JSON.parse(printed)) as T;
}

/** Answers every prediction with the same decision, and counts the rows of every import. */
async function startSink(): Promise<string> {
  const decision = JSON.stringify({
    id: 'dec_01K9ZZZZZZZZZZZZZZZZZZZZZZ',
    task: 'comment-moderation',
    outcome: 'automated',
    label: 'ok',
    confidence: 0.987,
    threshold: 0.912,
    automation: 'certified',
    candidates: [
      { label: 'ok', score: 0.987 },
      { label: 'spam', score: 0.013 },
    ],
    decided_by: { rung: 'own_model', model: 'comment-moderation', version: '7' },
    created_at: '2026-11-01T10:00:00Z',
    cost: { amount: '0.000004', currency: 'EUR' },
  });
  const server = createServer((request, response) => {
    let rows = 0;
    const isImport = request.url?.includes('/examples') === true;
    request.on('data', (chunk: Buffer) => {
      if (!isImport) return;
      for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) rows += 1;
    });
    request.on('end', () => {
      const body = isImport
        ? JSON.stringify({ accepted: rows, duplicates: 0, conflicts: 0, rejected: 0, problems: [], new_labels: [] })
        : decision;
      if (isImport) imported = rows;
      response.writeHead(200, { 'content-type': 'application/json', 'x-request-id': 'req_bench' }).end(body);
    });
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  undo.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
async function call(sink: string): Promise<void> {
  type Way = Record<'median' | 'p99' | 'cpu', number>;
  const turns = await bracketed('one call', async () => {
    const rounds: Record<'curl' | 'http_client' | 'client', Way>[] = [];
    for (let round = 0; round < 3; round++) rounds.push(await php(['call.php', sink, String(CALLS)]));
    return rounds;
  });
  const of = (way: 'curl' | 'http_client' | 'client', what: keyof Way) => turns.map((turn) => turn[way][what] / 1000);
  const adds = turns.map((turn) => (turn.client.median - turn.curl.median) / 1000);
  const cpu = turns.map((turn) => (turn.client.cpu - turn.curl.cpu) / 1000);
  figures.push(
    { name: 'a call by a bare curl handle, ms', value: spread(of('curl', 'median'), 3) },
    { name: 'a call by symfony/http-client, ms', value: spread(of('http_client', 'median'), 3) },
    {
      name: 'a call by the client, ms',
      value: `${spread(of('client', 'median'), 3)}, p99 ${spread(of('client', 'p99'), 3)}`,
    },
    {
      name: 'the client adds to a call, ms',
      value: `${spread(adds, 3)}; CPU ${spread(cpu, 3)}`,
      target: '≤ 1 ms',
      reached: median(adds) <= 1,
    },
  );
}

async function batching(): Promise<void> {
  const operatorKey = newOperatorKey();
  const server = await startServerProcess({ dataDir: join(scratch, 'data'), operatorKey });
  let isRunning = true;
  const stop = async () => {
    if (isRunning) await server.stop();
    isRunning = false;
  };
  undo.unshift(stop);
  const { client, key } = await newWorkspace(server.url, operatorKey);
  const { train, test } = syntheticTexts();
  await trainTask(client, 'inquiries', train);
  const texts = Array.from({ length: PREDICTIONS }, (_, i) => `${test[i % test.length]!.text} ${i}`);
  const settings = { UNDERSTUDY_URL: server.url, UNDERSTUDY_API_KEY: key };
  type Turns = Record<'one_by_one' | 'many' | 'worker', number[]>;
  const { seconds, cpu } = await bracketed('batching', () =>
    php<Record<'seconds' | 'cpu', Turns>>(
      ['batching.php', 'inquiries', String(TURNS)],
      settings,
      JSON.stringify(texts),
    ),
  );
  await stop();
  figures.push({
    name: `${PREDICTIONS} predictions one by one, s`,
    value: `${spread(seconds.one_by_one, 2)}; PHP's CPU ${median(cpu.one_by_one).toFixed(2)}`,
  });
  for (const [way, name] of [
    ['many', 'predictMany()'],
    ['worker', 'a Messenger worker'],
  ] as const) {
    const gain = median(seconds.one_by_one) / median(seconds[way]);
    figures.push({
      name: `${PREDICTIONS} predictions by ${name}, s`,
      value: `${spread(seconds[way], 3)}: ${gain.toFixed(1)}×; PHP's CPU ${median(cpu[way]).toFixed(3)}`,
      target: '≥ 20×',
      reached: gain >= 20,
    });
  }
}

interface Site {
  kernel: string;
  url: string;
  pid: number;
  /** Milliseconds within PHP, of each request. */
  times: number[];
}

async function request(): Promise<void> {
  const sites: Site[] = [];
  for (const kernel of ['without', 'with']) {
    const port = await freePort();
    const child = spawn('php', [...flags, '-S', `127.0.0.1:${port}`, join(scripts, 'index.php')], {
      env: environment({ UNDERSTUDY_BENCH_KERNEL: kernel }),
      stdio: 'ignore',
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    undo.unshift(async () => {
      child.kill();
      await ended;
    });
    sites.push({ kernel, url: `http://127.0.0.1:${port}/`, pid: child.pid!, times: [] });
  }
  for (const { url } of sites) await answering(url);
  const visit = async (site: Site) => {
    const response = await fetch(site.url);
    const page = await response.text();
    if (!page.includes('<title>valid')) throw new Error(`${site.kernel} the bundle: ${response.status} ${page}`);
    return Number(response.headers.get('x-microseconds')) / 1000;
  };
  const cpu = await bracketed('requests', async () => {
    // The first makes the container, the next ones fill opcache.
    for (let i = 0; i < 20; i++) for (const site of sites) await visit(site);
    const before = sites.map(({ pid }) => cpuMilliseconds(pid));
    for (let i = 0; i < REQUESTS; i++) for (const site of sites) site.times.push(await visit(site));
    return sites.map(({ pid }, i) => (cpuMilliseconds(pid) - before[i]!) / REQUESTS);
  });
  const [without, with_] = sites as [Site, Site];
  const adds = median(with_.times) - median(without.times);
  const show = ({ times }: { times: number[] }) =>
    `${median(times).toFixed(2)} (${quantile(times, 0.05).toFixed(2)}–${quantile(times, 0.95).toFixed(2)})`;
  figures.push(
    { name: 'a page of an application without the bundle, ms', value: show(without) },
    { name: 'the same page with the bundle, ms', value: show(with_) },
    {
      name: 'the bundle adds to a request, ms',
      value: `${adds.toFixed(2)}; CPU ${(cpu[1]! - cpu[0]!).toFixed(2)}`,
      target: '≤ 2 ms',
      reached: adds <= 2,
    },
  );
}

async function exporting(sink: string): Promise<void> {
  type Run = Record<'seconds' | 'cpu' | 'peak' | 'resident', number>;
  const small = join(scratch, 'small.sqlite');
  const large = join(scratch, 'large.sqlite');
  await php(['export.php', 'fill', small, '10000']);
  await php(['export.php', 'fill', large, String(ROWS)]);
  const run = async (file: string, rows: number, how: 'pdo' | 'dbal') => {
    const result = await php<Run>(['export.php', 'run', file, how], { UNDERSTUDY_URL: sink });
    if (imported !== rows) throw new Error(`${imported} of ${rows} rows arrived`);
    return result;
  };
  await run(small, 10_000, 'pdo'); // makes the container
  const [pdo, dbal] = await bracketed('export', async () => {
    const results = [];
    for (const how of ['pdo', 'dbal'] as const) {
      results.push({ at10k: await run(small, 10_000, how), at1m: await run(large, ROWS, how) });
    }
    return results;
  });
  for (const [name, result] of [
    ['PDO', pdo!],
    ['Doctrine DBAL', dbal!],
  ] as const) {
    const rate = ROWS / result.at1m.seconds;
    const mib = (bytes: number) => (bytes / MEBIBYTE).toFixed(1);
    figures.push(
      {
        name: `export of ${ROWS} rows through ${name}, rows/s`,
        value: `${rate.toFixed(0)}; CPU ${((result.at1m.cpu / ROWS) * 1e6).toFixed(1)} µs a row`,
        target: '≥ 20,000',
        reached: rate >= 20_000,
      },
      {
        name: `peak memory of PHP at 10,000 and ${ROWS} rows, ${name}, MiB`,
        value: `${mib(result.at10k.peak)} → ${mib(result.at1m.peak)}; resident ${mib(result.at10k.resident)} → ${mib(result.at1m.resident)}`,
        target: 'constant',
        reached: result.at1m.peak <= result.at10k.peak * 1.1,
      },
    );
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function answering(url: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await (await fetch(url)).text();
      return;
    } catch (error) {
      if (tries === 100) throw error;
      await wait(50);
    }
  }
}

/** User and system time that a process has used (Linux). */
function cpuMilliseconds(pid: number): number {
  const { stdout } = spawnSync('cat', [`/proc/${pid}/stat`], { encoding: 'utf8' });
  const fields = stdout.slice(stdout.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

const hasPhp = available('php');
if (hasPhp !== true) {
  console.log(`SKIPPED php-clients: ${hasPhp}`);
} else {
  try {
    const sink = await startSink();
    if (only.has('call')) await call(sink);
    if (only.has('request')) await request();
    if (only.has('export')) await exporting(sink);
    if (only.has('batching')) await batching();
    keepResults('php-clients', figures);
  } finally {
    for (const step of undo) await step();
  }
}
