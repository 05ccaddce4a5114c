import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { TaskDefinition } from '@understudy/client';

/** One task of the example data that this repository ships. */
export interface ExampleTask {
  slug: string;
  definition: TaskDefinition;
  /** CSV of labelled examples. */
  examplesPath: string;
  /** A sentence to try in the printed curl lines. */
  sample: string;
}

const SAMPLES: Readonly<Record<string, string>> = {
  'comment-moderation': 'Earn 900 a day from home, no skills needed, sign up at quick-cash.example!!!',
  'inquiry-routing': 'I sent the shoes back two weeks ago and still have not seen my money.',
  'comment-sentiment': 'Arrived a day early and works like a charm.',
};

/** The folder of the example data: beside this package, however deep it was installed. */
export function examplesFolder(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const candidate = join(folder, 'examples', 'tasks');
    if (existsSync(candidate)) return candidate;
    if (dirname(folder) === folder)
      throw new Error('the example data (examples/tasks) is missing from this installation');
  }
}

export async function readExampleTasks(folder = examplesFolder()): Promise<ExampleTask[]> {
  return Promise.all(
    Object.entries(SAMPLES).map(async ([slug, sample]) => ({
      slug,
      definition: JSON.parse(await readFile(join(folder, slug, 'task.json'), 'utf8')) as TaskDefinition,
      examplesPath: join(folder, slug, 'examples.csv'),
      sample,
    })),
  );
}
