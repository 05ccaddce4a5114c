import { createReadStream } from 'node:fs';
import { NotFound, type UnderstudyClient } from '@understudy/client';
import { type ExampleTask, readExampleTasks } from './example-tasks.ts';

export interface PrepareProgress {
  imported?(task: ExampleTask, rows: number): void;
}

/**
 * The example tasks with their labelled examples, made or completed: what is there already stays as it is. With
 * `reset`, tasks that are there are deleted first and begin again; their decisions stay in the ledger.
 */
export async function prepareExampleTasks(
  client: UnderstudyClient,
  options: { reset?: boolean; signal: AbortSignal; progress?: PrepareProgress },
): Promise<ExampleTask[]> {
  const { signal, progress, reset = false } = options;
  const tasks = await readExampleTasks();
  for (const task of tasks) {
    if (reset) {
      await client.tasks.delete(task.slug, { signal }).catch((error: unknown) => {
        if (!(error instanceof NotFound)) throw error;
      });
    }
    await client.tasks.put(task.slug, task.definition, { signal });
    const source = createReadStream(task.examplesPath);
    const { accepted, duplicates } = await client.examples.import(task.slug, source, { format: 'csv', signal });
    progress?.imported?.(task, accepted + duplicates);
  }
  return tasks;
}
