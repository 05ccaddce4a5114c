import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { topicRows } from '@understudy/e2e';

/** Texts of customers: Banking77's where UNDERSTUDY_DATASETS names a folder that has it, else made-up ones. */
export function itemTexts(count: number, seed: number): string[] {
  const folder = process.env.UNDERSTUDY_DATASETS;
  if (folder === undefined) return topicRows(count, seed).map(({ input }) => input.text);
  const csv = readFileSync(join(folder, 'banking77', 'train.csv'), 'utf8');
  // Two columns, the first quoted where it has to be (RFC 4180).
  const rows = [...csv.matchAll(/^(?:"((?:[^"]|"")*)"|([^",\n]*)),[^,\n]+$/gm)].slice(1);
  return Array.from({ length: count }, (_, index) => {
    const [, quoted, plain] = rows[(index + seed) % rows.length]!;
    return (quoted?.replaceAll('""', '"') ?? plain ?? '').trim();
  });
}
