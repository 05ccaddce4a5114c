import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { examplesFolder } from './example-tasks.ts';

/** An item of an example task that arrives later, without its answer. */
export interface StreamItem {
  external_id: string;
  subject?: string;
  input: { text: string };
}

const lines = async <T>(path: string): Promise<T[]> =>
  (await readFile(path, 'utf8'))
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as T);

/** The items of an example task in the order in which they arrive. */
export function readStream(slug: string, folder = examplesFolder()): Promise<StreamItem[]> {
  return lines<StreamItem>(join(folder, slug, 'stream.ndjson'));
}

/** What the simulated reviewer knows, by the text that it is shown: a reviewer sees no id of the application. */
export async function readTruth(slug: string, folder = examplesFolder()): Promise<ReadonlyMap<string, string>> {
  const truth = new Map(
    (await lines<{ external_id: string; label: string }>(join(folder, slug, 'truth.ndjson'))).map((row) => [
      row.external_id,
      row.label,
    ]),
  );
  const byText = new Map<string, string>();
  for (const { external_id: id, input } of await readStream(slug, folder)) {
    const label = truth.get(id);
    if (label !== undefined) byText.set(input.text, label);
  }
  return byText;
}
