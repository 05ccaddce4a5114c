import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { assignCertify } from './certify-split.ts';
import { trainingErrors } from './errors.ts';
import { fingerprintOf, hash48 } from './fingerprint.ts';
import type { DatasetRow } from './ports.ts';
import { assignParts, type Part, planSplit } from './split.ts';
import type { TrainingData } from './trainer.ts';

/** What the trainers get, and what they never see. */
export interface PreparedData {
  data: TrainingData;
  /** NDJSON of `{text, label}`, the rows that evaluate. */
  holdoutPath: string;
  holdoutRows: number;
  /** NDJSON of {@link CertifyFileRow}, the rows that certify: nothing fits, tunes or chooses by them. */
  certifyPath: string;
  certifyRows: number;
  /** Whether the certify rows are the newest. */
  byTime: boolean;
  /** Fingerprints of the rows that are fitted, tuned or compared on, sorted: they certify no model of this run. */
  seen: Float64Array;
  /** Rows a label over the whole dataset, in the order of `data.labels`. */
  labelCounts: number[];
}

/** One row of the certify file. */
export interface CertifyFileRow extends Omit<DatasetRow, 'label' | 'group'> {
  label: number;
  /** 48 bits. */
  group: number;
}

const MIN_ROWS = 10;
const MIN_ROWS_A_LABEL = 2;

/** One NDJSON file, written with back-pressure. */
class LineFile {
  readonly #stream: Writable;
  #failure: Error | null = null;
  rows = 0;

  constructor(path: string) {
    this.#stream = createWriteStream(path, { highWaterMark: 1 << 20 });
    // A full disk can say so at any time, also while nobody is writing.
    this.#stream.on('error', (error) => {
      this.#failure = error;
    });
  }

  async write(value: object): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    this.rows++;
    if (!this.#stream.write(`${lineOf(value)}\n`)) await once(this.#stream, 'drain');
  }

  async close(): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    this.#stream.end();
    await finished(this.#stream);
  }

  /** Lets go of the file, complete or not. */
  destroy(): void {
    this.#stream.destroy();
  }
}

/** JSON on one line for every reader: Node's own readline ends a line at U+2028 and U+2029 too. */
function lineOf(value: object): string {
  return JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

/** Refuses what no trainer can learn from, and says what is missing. */
function refuseDegenerate(counts: ReadonlyMap<string, number>, rows: number): void {
  const enough = [...counts].filter(([, count]) => count >= MIN_ROWS_A_LABEL);
  if (enough.length >= 2 && rows >= MIN_ROWS) return;
  const have = [...counts].map(([label, count]) => `${JSON.stringify(label)} ${count}`).slice(0, 20);
  const missing: string[] = [];
  if (rows < MIN_ROWS)
    missing.push(`${MIN_ROWS - rows} more examples (there are ${rows}, at least ${MIN_ROWS} are needed)`);
  if (enough.length < 2) {
    missing.push(
      `at least two labels with ${MIN_ROWS_A_LABEL} or more examples each (there ${enough.length === 1 ? 'is one' : 'are none'})`,
    );
  }
  throw trainingErrors.training_data_insufficient(
    `missing: ${missing.join('; ')}. Examples a label: ${have.join(', ') || 'none'}`,
    { details: { rows, labels: Object.fromEntries([...counts].slice(0, 100)) } },
  );
}

/**
 * A dataset numbers its groups by their first row, so the same group has another number in the next dataset. Named by
 * its least fingerprint instead, it falls on the same side as before, and a champion is compared on rows that it did
 * not learn from.
 */
function stableGroups(rows: readonly { label: number; group: string; fingerprint: number }[]) {
  const least = new Map<string, number>();
  for (const { group, fingerprint } of rows) {
    const before = least.get(group);
    if (before === undefined || fingerprint < before) least.set(group, fingerprint);
  }
  return rows.map(({ label, group }) => ({ label, group: String(least.get(group)) }));
}

/**
 * Splits a dataset version and writes the files of a run. Reads the rows twice in the same order, so that texts
 * never stand in memory all at once. Labels that no example has are left out of the model. `splitKey`: what the choice
 * of the certify rows is keyed by, the same for all runs of a task.
 */
export async function prepareData(
  rows: () => AsyncIterable<DatasetRow>,
  seed: number,
  directory: string,
  signal: AbortSignal,
  splitKey = '',
): Promise<PreparedData> {
  const counts = new Map<string, number>();
  const skeleton: { label: string; group: string; fingerprint: number; occurredAt: number | null }[] = [];
  for await (const { label, group, text, occurredAt } of rows()) {
    signal.throwIfAborted();
    counts.set(label, (counts.get(label) ?? 0) + 1);
    skeleton.push({ label, group, fingerprint: fingerprintOf(text), occurredAt: timeOf(occurredAt) });
  }
  refuseDegenerate(counts, skeleton.length);
  const labels = [...counts.keys()].sort();
  const indexOf = new Map(labels.map((label, index) => [label, index]));
  const indexed = skeleton.map((row) => ({ ...row, label: indexOf.get(row.label)! }));
  const { certify, byTime } = assignCertify(indexed, splitKey);
  const others = indexed.filter((_, index) => !certify[index]);
  const whole = planSplit(skeleton.length);
  const plan = { ...whole, holdoutShare: (whole.holdoutShare * skeleton.length) / others.length };
  const parts: Part[] = assignParts(stableGroups(others), plan, seed);
  const path = join(directory, 'rows.ndjson');
  const holdoutPath = join(directory, 'holdout.ndjson');
  const certifyPath = join(directory, 'certify.ndjson');
  const certifying = new LineFile(certifyPath);
  const fitted = new LineFile(path);
  const held = new LineFile(holdoutPath);
  let at = 0;
  let other = 0;
  try {
    for await (const row of rows()) {
      signal.throwIfAborted();
      const index = at++;
      const label = indexOf.get(row.label)!;
      if (certify[index]) {
        const { group: _, ...rest } = row;
        await certifying.write({ ...rest, label, group: hash48(row.group) });
        continue;
      }
      const part = parts[other++]!;
      if (part === 'holdout') await held.write({ text: row.text, label });
      else await fitted.write({ text: row.text, label, fold: part });
    }
    await Promise.all([fitted.close(), held.close(), certifying.close()]);
  } finally {
    fitted.destroy();
    held.destroy();
    certifying.destroy();
  }
  return {
    data: { path, rows: fitted.rows, labels, folds: plan.folds, validationFold: 0 },
    holdoutPath,
    holdoutRows: held.rows,
    certifyPath,
    certifyRows: certifying.rows,
    byTime,
    seen: Float64Array.from(others, ({ fingerprint }) => fingerprint).sort(),
    labelCounts: labels.map((label) => counts.get(label)!),
  };
}

/** Milliseconds since the epoch; null for none. */
export function timeOf(occurredAt: string | null): number | null {
  const time = occurredAt === null ? Number.NaN : Date.parse(occurredAt);
  return Number.isNaN(time) ? null : time;
}

/** The rows of the certify file. */
export async function* readCertifyRows(path: string): AsyncGenerator<CertifyFileRow> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines) yield JSON.parse(line) as CertifyFileRow;
}

/** The rows of an NDJSON file that {@link prepareData} wrote; `fold` only in the training file. */
export async function* readRows(path: string): AsyncGenerator<{ text: string; label: number; fold?: number }> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines) yield JSON.parse(line) as { text: string; label: number; fold?: number };
}
