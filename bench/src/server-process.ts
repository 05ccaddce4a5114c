import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UnderstudyClient } from '@understudy/client';
import type { TextRow } from './text-datasets.ts';

const BIN = fileURLToPath(new URL('../../apps/cli/bin/understudy.js', import.meta.url));

export interface ServerOptions {
  dataDir: string;
  operatorKey: string;
  demo?: boolean;
  /** Folder for a V8 CPU profile of the server process, written when it stops. */
  profileTo?: string | undefined;
  /** Further settings, e.g. `DATABASE_URL`. */
  settings?: Readonly<Record<string, string>>;
}

/** Understudy as a user starts it: `understudy start` in a process of its own, on a free port. */
export interface ServerProcess {
  url: string;
  /** Milliseconds from spawning to `listening on`. */
  startedIn: number;
  child: ChildProcess;
  /** Everything that it has printed. */
  output(): string;
  /** Resolves with the match as soon as the output has it. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** SIGINT, as Ctrl-C, and waits for the end. */
  stop(): Promise<void>;
}

export const newOperatorKey = (): string => `us_op_${randomBytes(32).toString('base64url')}`;

export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `understudy-bench-${name}-`));
  // Started as root, PostgreSQL runs as a user of its own; where that one may not enter, the database is kept elsewhere.
  chmodSync(folder, 0o755);
  return folder;
}

export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true });

/** Starts the server with everything on; the rate limit counts every request but is too high to be reached. */
export async function startServerProcess(options: ServerOptions): Promise<ServerProcess> {
  const flags =
    options.profileTo === undefined
      ? []
      : ['--cpu-prof', '--cpu-prof-interval=250', `--cpu-prof-dir=${options.profileTo}`];
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...flags, BIN, 'start'], {
    env: {
      PATH: process.env.PATH,
      UNDERSTUDY_PORT: '0',
      UNDERSTUDY_DATA_DIR: options.dataDir,
      UNDERSTUDY_OPERATOR_KEY: options.operatorKey,
      UNDERSTUDY_DEMO: options.demo === true ? 'on' : 'off',
      UNDERSTUDY_RATE_LIMIT: '100000000',
      UNDERSTUDY_LOG_LEVEL: 'warn',
      ...options.settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const waiting = new Set<() => void>();
  const onOutput = (chunk: Buffer) => {
    output += chunk.toString();
    for (const look of waiting) look();
  };
  child.stdout.on('data', onOutput);
  child.stderr.on('data', onOutput);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));

  const printed = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(output);
        if (match === null) return;
        waiting.delete(look);
        resolve(match);
      };
      waiting.add(look);
      void ended.then(() => reject(new Error(`the server ended before it printed ${pattern}:\n${output}`)));
      look();
    });

  const [, url] = await printed(/listening on (http:\S+)/);
  return {
    url: url!,
    startedIn: performance.now() - startedAt,
    child,
    output: () => output,
    printed,
    async stop() {
      child.kill('SIGINT');
      await ended;
    },
  };
}

/** A workspace of its own; the client and the key hold every scope. */
export async function newWorkspace(url: string, operatorKey: string) {
  const operator = new UnderstudyClient({ baseUrl: url, apiKey: operatorKey });
  const { workspace, key } = await operator.workspaces.create({ name: 'bench' });
  return { id: workspace.id, key: key.secret, client: new UnderstudyClient({ baseUrl: url, apiKey: key.secret }) };
}

/** Makes a task, imports its rows and trains the linear model; returns the accuracy on held-out rows. */
export async function trainTask(client: UnderstudyClient, task: string, rows: readonly TextRow[]): Promise<number> {
  const labels = [...new Set(rows.map(({ label }) => label))].sort();
  await client.tasks.put(task, {
    kind: 'text_classification',
    labels: labels.map((name) => ({ name })),
    automation: { mode: 'uncertified', min_confidence: 0.5 },
  });
  await client.examples.import(
    task,
    rows.map(({ text, label }) => ({ input: { text }, label })),
  );
  const { id } = await client.trainingRuns.start(task, { trainer: 'linear' });
  const run = await client.trainingRuns.wait(id);
  if (run.status !== 'succeeded') throw new Error(`the training run ${run.status}: ${run.error?.detail}`);
  return Number(run.metrics?.accuracy);
}
