/**
 * From a clone to a decision, as a new user meets it: `git clone` of this repository, `npm ci`, `npm start`, the first
 * decision by an own model. Times include what the network and npm's cache make of them; both are stated.
 *
 *   node bench/src/install.ts [--empty-cache]
 */
import { execFileSync, spawn } from 'node:child_process';
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { UnderstudyClient } from '@understudy/client';
import { megabytes } from './process-memory.ts';
import { type Figure, keepResults } from './results.ts';
import { removeFolder, temporaryFolder } from './server-process.ts';

const { values } = parseArgs({ options: { 'empty-cache': { type: 'boolean', default: false } } });
const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

const folder = temporaryFolder('install');
const clone = join(folder, 'understudy');
// What this process was started with must not leak into what a new user would have.
const environment: NodeJS.ProcessEnv = { PATH: process.env.PATH, HOME: process.env.HOME, LANG: 'C.UTF-8' };
for (const [name, value] of Object.entries(process.env)) {
  if (/^(npm_config_|https?_proxy$|no_proxy$|SSL_CERT|NODE_EXTRA_CA)/i.test(name)) environment[name] = value;
}
if (values['empty-cache']) environment.npm_config_cache = join(folder, 'npm-cache');
const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)} s`;

/** Bytes on disk; hard links and sparse files do not occur here. */
function sizeOf(path: string): number {
  const status = lstatSync(path);
  if (!status.isDirectory()) return status.blocks * 512;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), status.blocks * 512);
}

function timed(command: string, args: string[], cwd: string): number {
  const startedAt = performance.now();
  execFileSync(command, args, { cwd, env: environment, stdio: ['ignore', 'ignore', 'inherit'] });
  return performance.now() - startedAt;
}

/** Runs `npm start` until its first example task decides by its own model. */
async function firstDecision(): Promise<number> {
  const startedAt = performance.now();
  const child = spawn('npm', ['start'], {
    cwd: clone,
    env: { ...environment, UNDERSTUDY_PORT: '0' },
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  try {
    for (;;) {
      if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}:\n${output}`);
      const url = /listening on (http:\S+)/.exec(output)?.[1];
      const key = /key \(shown this once\):\s+(us_(?!op_)\S+)/.exec(output)?.[1];
      if (url !== undefined && key !== undefined) {
        const client = new UnderstudyClient({ baseUrl: url, apiKey: key });
        for (const { task } of (await client.tasks.list()).data) {
          const decision = await client.predict(task, { input: { text: 'Please cancel my order.' } }).catch(() => null);
          if (decision?.decided_by != null) return performance.now() - startedAt;
        }
      }
      await pause(100);
    }
  } finally {
    process.kill(-child.pid!, 'SIGINT');
    await ended;
  }
}

try {
  console.log('cloning …');
  const cloning = timed('git', ['clone', '--quiet', REPOSITORY, clone], folder);
  console.log('npm ci …');
  const installing = timed('npm', ['ci', '--no-audit', '--no-fund'], clone);
  const size = sizeOf(join(clone, 'node_modules'));
  console.log('npm start …');
  const starting = await firstDecision();
  const total = cloning + installing + starting;
  const cache = values['empty-cache'] ? 'npm cache empty' : 'npm cache as it was';
  const figures: Figure[] = [
    { name: `npm ci (${cache})`, value: seconds(installing), target: '≤ 60 s', reached: installing <= 60_000 },
    { name: 'node_modules on disk', value: megabytes(size) },
    { name: 'npm start → first decision by an own model', value: seconds(starting) },
    { name: 'clone → first decision', value: seconds(total), target: '≤ 120 s', reached: total <= 120_000 },
  ];
  keepResults('install', figures);
} finally {
  removeFolder(folder);
}
