import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LinearRuntime } from '@understudy/runtime-linear';
import { LinearTrainer } from '@understudy/trainer-linear';
import { bracketed } from './spin-control.ts';
import { loadTextDatasets } from './text-datasets.ts';
import { writeRows } from './training-rows.ts';

/**
 * Microseconds of one prediction in process, no HTTP and no ledger: a linear model of Banking77 (77 labels), each text
 * of the test split alone. UNDERSTUDY_DATASETS names the folder that holds `banking77`.
 */
async function main(): Promise<void> {
  const folder = process.env.UNDERSTUDY_DATASETS;
  if (!folder) {
    console.log('SKIPPED predict-in-process: UNDERSTUDY_DATASETS names no folder');
    return;
  }
  const [dataset] = loadTextDatasets(folder, ['banking77']);
  if (!dataset) return;
  const scratch = mkdtempSync(join(tmpdir(), 'understudy-bench-'));
  try {
    const path = join(scratch, 'rows.ndjson');
    const outputPath = join(scratch, 'model');
    const labels = writeRows(path, dataset.train, { folds: 10, seed: 7 });
    const data = { path, rows: dataset.train.length, labels, folds: 10, validationFold: 0 };
    await new LinearTrainer().train(
      {
        kind: 'text_classification',
        data,
        parameters: { C: 8 },
        seed: 7,
        threads: 2,
        memoryLimitBytes: 2 ** 31,
        outputPath,
      },
      { signal: new AbortController().signal, progress: () => {}, log: () => {} },
    );
    const model = new LinearRuntime().load(readFileSync(outputPath), { maxMemoryBytes: 2 ** 30 });
    await bracketed('predict-in-process', async () => {
      const times: number[] = [];
      for (let pass = 0; pass < 5; pass++) {
        for (const { text } of dataset.test) {
          const start = process.hrtime.bigint();
          model.predict([{ text }]);
          times.push(Number(process.hrtime.bigint() - start) / 1000);
        }
      }
      // The first pass warms the compiler up and is not what a running service sees.
      const warm = times.slice(dataset.test.length).sort((a, b) => a - b);
      const at = (share: number) => warm[Math.floor(share * (warm.length - 1))]!.toFixed(1);
      const mean = (warm.reduce((sum, time) => sum + time, 0) / warm.length).toFixed(1);
      console.log(
        `banking77, one text a call: mean ${mean} µs, median ${at(0.5)}, p99 ${at(0.99)}; cold ${times[0]!.toFixed(0)}`,
      );
      console.log(`model in memory: ${(model.memoryBytes / 2 ** 20).toFixed(1)} MiB`);
    });
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

await main();
