import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TrainingRun, UnderstudyClient } from '@understudy/client';
import type { ExampleTask } from './example-tasks.ts';
import { prepareExampleTasks } from './prepare.ts';

export interface SeedProgress {
  /** The workspace's key, as soon as it exists: shown even when the rest is interrupted. */
  keyMade(key: string): void | Promise<void>;
  imported(task: ExampleTask, rows: number): void;
  training(task: ExampleTask, run: TrainingRun): void;
  trained(task: ExampleTask, run: TrainingRun): void;
}

export interface Seeded {
  key: string;
  tasks: ExampleTask[];
  /** Nothing is left to do at the next start. */
  finish(): Promise<void>;
}

interface Options {
  url: string;
  operatorKey: string | null;
  dataDir: string;
  progress: SeedProgress;
  signal: AbortSignal;
}

/**
 * Makes the example workspace on an empty database, through the public API like anybody else. What was begun and
 * interrupted is resumed by the next start: until `finish` is called, the workspace's key waits in a file that only the
 * owner can read. Resolves to null when there is nothing left to do.
 */
export async function seedExamples(options: Options): Promise<Seeded | null> {
  const notePath = join(options.dataDir, 'example-workspace.json');
  const key = (await readNote(notePath)) ?? (await makeWorkspace(options, notePath));
  if (key === null) return null;
  await options.progress.keyMade(key);
  const client = new UnderstudyClient({ baseUrl: options.url, apiKey: key });
  const { signal, progress } = options;
  const tasks = await prepareExampleTasks(client, { signal, progress });
  for (const task of tasks) {
    const before = await client.trainingRuns.list(task.slug, { signal });
    const open = before.data.find((run) => run.status === 'queued' || run.status === 'running');
    if (before.data.some((run) => run.status === 'succeeded')) continue;
    const run = open ?? (await client.trainingRuns.start(task.slug, {}, { signal }));
    const done = await client.trainingRuns.wait(run.id, {
      signal,
      onProgress: (update) => progress.training(task, update),
    });
    progress.trained(task, done);
  }
  return { key, tasks, finish: () => rm(notePath, { force: true }) };
}

async function readNote(path: string): Promise<string | null> {
  try {
    return (JSON.parse(await readFile(path, 'utf8')) as { key: string }).key;
  } catch {
    return null;
  }
}

/** Null when the database is not empty, or nobody told us the operator key. */
async function makeWorkspace(options: Options, notePath: string): Promise<string | null> {
  if (options.operatorKey === null) return null;
  const operator = new UnderstudyClient({ baseUrl: options.url, apiKey: options.operatorKey });
  const { signal } = options;
  const existing = await operator.workspaces.list({ limit: 1, signal });
  if (existing.data.length > 0) return null;
  const { key } = await operator.workspaces.create(
    { name: 'Example', demo: true, owner: { name: 'Owner' } },
    { signal },
  );
  const temporary = `${notePath}.${process.pid}`;
  await writeFile(temporary, JSON.stringify({ key: key.secret }), { mode: 0o600 });
  await rename(temporary, notePath);
  return key.secret;
}
