import { writeFileSync } from 'node:fs';
import { textFingerprint } from '@understudy/text';
import { assignParts } from '@understudy/training';
import { shuffled, type TextRow } from './text-datasets.ts';

/** Writes the NDJSON file of a training job, folds as the platform assigns them; returns the labels in order. */
export function writeRows(path: string, train: readonly TextRow[], { folds, seed }: { folds: number; seed: number }) {
  const labels = [...new Set(train.map((row) => row.label))].sort();
  const rows = shuffled(
    train.map(({ text, label }) => ({ text, label: labels.indexOf(label) })),
    seed,
  );
  const grouped = rows.map((row) => ({ ...row, group: Buffer.from(textFingerprint(row.text).exact).toString('hex') }));
  const parts = assignParts(grouped, { folds, holdoutShare: 0 }, seed);
  writeFileSync(path, rows.map((row, i) => `${JSON.stringify({ ...row, fold: parts[i] })}\n`).join(''));
  return labels;
}
