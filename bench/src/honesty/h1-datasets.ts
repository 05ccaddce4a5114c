import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scoreOf } from '@understudy/decisions';
import { LinearRuntime } from '@understudy/runtime-linear';
import { LinearTrainer } from '@understudy/trainer-linear';
import { fitScore, readHeldOut, tuneRowsOf } from '@understudy/training';
import { loadTextDatasets, shuffled, type TextDataset } from '../text-datasets.ts';
import { writeRows } from '../training-rows.ts';
import type { ScoredPool } from './scored-pool.ts';

const FIT_ROWS = 8000;
const SEED = 7;

/**
 * Real populations: a linear model fitted on some rows of each data set under `folder`, its score tuned on rows that it
 * left out, and all other rows (of training and test split together) scored.
 */
export async function datasetPools(folder: string): Promise<ScoredPool[]> {
  const pools: ScoredPool[] = [];
  for (const dataset of loadTextDatasets(folder)) pools.push(await poolOf(dataset));
  return pools;
}

async function poolOf(dataset: TextDataset): Promise<ScoredPool> {
  const directory = mkdtempSync(join(tmpdir(), 'understudy-honesty-'));
  try {
    const rows = shuffled([...dataset.train, ...dataset.test], SEED);
    const fitted = rows.slice(0, Math.min(FIT_ROWS, Math.floor(rows.length / 2)));
    const path = join(directory, 'rows.ndjson');
    const labels = writeRows(path, fitted, { folds: 10, seed: SEED });
    const job = {
      kind: 'text_classification',
      data: { path, rows: fitted.length, labels, folds: 10, validationFold: 0 },
      ...{ parameters: {}, seed: SEED, threads: 2, memoryLimitBytes: 2 ** 31 },
      outputPath: join(directory, 'model'),
    } as const;
    const silent = { signal: new AbortController().signal, progress: () => {}, log: () => {} };
    const trained = await new LinearTrainer().train(job, silent);
    const model = await new LinearRuntime().load(readFileSync(trained.path), { maxMemoryBytes: 2 ** 31 });
    const score = fitScore(tuneRowsOf(await readHeldOut(trained.heldOut!.path, labels.length)), labels);
    const known = new Set(labels);
    const others = rows.slice(fitted.length);
    const probabilities = await model.predict(others.map(({ text }) => ({ text })));
    await model.close();
    const pool = {
      name: dataset.name,
      scores: new Float64Array(others.length),
      wrong: new Uint8Array(others.length),
    };
    for (const [i, row] of others.entries()) {
      const own = probabilities.subarray(i * labels.length, (i + 1) * labels.length);
      const answer = scoreOf(score, labels, own, known)!;
      pool.scores[i] = answer.score;
      pool.wrong[i] = answer.label === row.label ? 0 : 1;
    }
    return pool;
  } finally {
    rmSync(directory, { recursive: true });
  }
}
