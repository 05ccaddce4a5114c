import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

export interface TextRow {
  text: string;
  label: string;
}

export interface TextDataset {
  name: string;
  train: TextRow[];
  test: TextRow[];
}

/** RFC 4180, as much as these files need: quoted fields, doubled quotes, line breaks within quotes. */
function parseCsv(text: string): Record<string, string>[] {
  const records: string[][] = [[]];
  let field = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quoted) {
      if (c !== '"') field += c;
      else if (text[i + 1] === '"') field += text[++i];
      else quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === ',' || c === '\n') {
      records.at(-1)!.push(field.replace(/\r$/, ''));
      field = '';
      if (c === '\n') records.push([]);
    } else field += c;
  }
  if (field !== '') records.at(-1)!.push(field);
  const [names, ...rows] = records.filter((record) => record.length > 0);
  return rows.map((row) => Object.fromEntries(names!.map((name, i) => [name, row[i] ?? ''])));
}

const banking77 = (folder: string): TextDataset => {
  const read = (part: string) =>
    parseCsv(readFileSync(join(folder, 'banking77', `${part}.csv`), 'utf8')).map(({ text, category }) => ({
      text: text!,
      label: category!,
    }));
  return { name: 'banking77', train: read('train'), test: read('test') };
};

const newsgroups = (folder: string): TextDataset => {
  const read = (part: string) =>
    gunzipSync(readFileSync(join(folder, 'newsgroups20', `${part}.jsonl.gz`)))
      .toString('utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as TextRow);
  return { name: 'newsgroups20', train: read('train'), test: read('test') };
};

const sst2 = (folder: string): TextDataset => {
  const read = (part: string) =>
    readFileSync(join(folder, 'sst2', `${part}.tsv`), 'utf8')
      .trim()
      .split('\n')
      .map((line) => ({ text: line.slice(0, line.lastIndexOf('\t')), label: line.slice(line.lastIndexOf('\t') + 1) }));
  return { name: 'sst2', train: read('train'), test: read('test') };
};

/** No official split: a seeded, stratified tenth is the test set. */
const davidson = (folder: string): TextDataset => {
  const rows = parseCsv(readFileSync(join(folder, 'davidson_hate_offensive', 'labeled_data.csv'), 'utf8')).map(
    (row) => ({
      text: row.tweet!,
      label: row.class!,
    }),
  );
  const dataset: TextDataset = { name: 'davidson', train: [], test: [] };
  for (const label of new Set(rows.map((row) => row.label))) {
    const some = shuffled(
      rows.filter((row) => row.label === label),
      1,
    );
    const held = Math.round(some.length / 10);
    dataset.test.push(...some.slice(0, held));
    dataset.train.push(...some.slice(held));
  }
  return dataset;
};

/** The data sets under a folder; those that are not there are named, not silently left out. */
export function loadTextDatasets(folder: string, only?: readonly string[]): TextDataset[] {
  const known = { banking77, newsgroups20: newsgroups, davidson_hate_offensive: davidson, sst2 };
  return Object.entries(known).flatMap(([name, load]) => {
    if (only && only.length > 0 && !only.includes(name)) return [];
    if (existsSync(join(folder, name))) return [load(folder)];
    console.log(`SKIPPED ${name}: there is no folder of that name under UNDERSTUDY_DATASETS`);
    return [];
  });
}

/** Fisher–Yates with a small seeded generator. */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const out = [...items];
  let state = seed >>> 0;
  for (let i = out.length - 1; i > 0; i--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const j = Math.floor((state / 2 ** 32) * (i + 1));
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}
