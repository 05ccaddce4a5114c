import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ModelRuntime } from '@understudy/inference';
import { LinearRuntime } from '@understudy/runtime-linear';
import { LinearTrainer } from '@understudy/trainer-linear';
import { reliabilityCurve, type Trainer } from '@understudy/training';
import { bracketed } from './spin-control.ts';
import { loadTextDatasets, shuffled, type TextDataset } from './text-datasets.ts';
import { writeRows } from './training-rows.ts';

/**
 * Trains and tests on the data sets under UNDERSTUDY_DATASETS, beside scikit-learn in the same run. Wall times are
 * those of whole processes: start, reading, training (ours with tuning, calibration and validation, then writing).
 *
 * UNDERSTUDY_BENCH_PYTHON: a Python with scikit-learn; without it there is no peer.
 * Arguments: names of data set folders (all without), `--trainer=linear|neural`, `--threads=2`.
 */
interface Measured {
  accuracy: number;
  calibrationError: number | undefined;
  seconds: number;
  peakBytes: number;
  note: string;
}

const FOLDS = 10;
const SEED = 7;

async function ours(trainer: Trainer, runtime: ModelRuntime, folder: string, dataset: TextDataset, threads: number) {
  const path = join(folder, 'train.ndjson');
  const outputPath = join(folder, `${trainer.name}.model`);
  const labels = writeRows(path, dataset.train, { folds: FOLDS, seed: SEED });
  const data = { path, rows: dataset.train.length, labels, folds: FOLDS, validationFold: 0 };
  const limits = { seed: SEED, threads, memoryLimitBytes: 4 * 2 ** 30, outputPath };
  const trained = await trainer.train(
    { kind: 'text_classification', data, parameters: {}, ...limits },
    {
      signal: new AbortController().signal,
      progress: () => {},
      log: (line) => console.log(`    ${line}`),
    },
  );
  const model = await runtime.load(readFileSync(outputPath), { maxMemoryBytes: 2 ** 31 });
  const probabilities = await model.predict(dataset.test);
  const scored = dataset.test.map((row, i) => {
    const own = probabilities.subarray(i * labels.length, (i + 1) * labels.length);
    const predicted = own.indexOf(Math.max(...own));
    return { truth: labels.indexOf(row.label), predicted, confidence: own[predicted]! };
  });
  const bins = reliabilityCurve(scored);
  const { validation } = trained;
  const measured: Measured = {
    accuracy: scored.filter((row) => row.truth === row.predicted).length / scored.length,
    calibrationError:
      bins.reduce((sum, bin) => sum + bin.count * Math.abs(bin.accuracy - bin.confidence), 0) / scored.length,
    seconds: trained.durationSeconds,
    peakBytes: trained.peakMemoryBytes,
    note:
      `${(trained.bytes / 2 ** 20).toFixed(1)} MiB, ${trained.microsecondsPerPrediction.toFixed(0)} µs/row, ` +
      `validation ${percent(validation.accuracy)} ECE ${validation.expectedCalibrationError.toFixed(3)}`,
  };
  await model.close();
  return measured;
}

async function peer(python: string, folder: string, dataset: TextDataset): Promise<Measured> {
  const [train, test] = [join(folder, 'peer-train.ndjson'), join(folder, 'peer-test.ndjson')];
  for (const [path, rows] of [
    [train, shuffled(dataset.train, SEED)],
    [test, dataset.test],
  ] as const) {
    writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  }
  const script = fileURLToPath(new URL('../peers/sklearn_linear.py', import.meta.url));
  const start = performance.now();
  const child = spawn(python, [script, train, test], { stdio: ['ignore', 'pipe', 'inherit'] });
  let seconds = 0;
  let output = '';
  for await (const chunk of child.stdout) {
    output += chunk;
    // The clock stops when the model is trained, before the test rows are scored.
    if (seconds === 0 && output.includes('trained')) seconds = (performance.now() - start) / 1000;
  }
  const result = JSON.parse(output.split('\n').find((line) => line.startsWith('{')) ?? 'null');
  if (!result) throw new Error('the scikit-learn peer failed');
  const note = `${result.features} features, no probabilities`;
  return { accuracy: result.accuracy, calibrationError: undefined, seconds, peakBytes: result.peak_memory_bytes, note };
}

const percent = (share: number) => `${(100 * share).toFixed(2)} %`;

function print(
  name: string,
  { accuracy, calibrationError, seconds, peakBytes, note }: Measured,
  beside?: Measured,
): void {
  const ratio = beside ? ` (${(seconds / beside.seconds).toFixed(2)}× the peer)` : '';
  const memory = beside ? ` (${(peakBytes / beside.peakBytes).toFixed(2)}×)` : '';
  const ece = calibrationError === undefined ? 'ECE –' : `ECE ${calibrationError.toFixed(3)}`;
  const mib = (peakBytes / 2 ** 20).toFixed(0);
  console.log(
    `  ${name.padEnd(8)} ${percent(accuracy)}  ${ece}  ${seconds.toFixed(2)} s${ratio}  ${mib} MiB${memory}  ${note}`,
  );
}

/** The neural trainer and its runtime are drivers of their own: measured when they are installed. */
async function contenders(only: string | undefined): Promise<[Trainer, ModelRuntime][]> {
  const found: [Trainer, ModelRuntime][] = [];
  if (only !== 'neural') found.push([new LinearTrainer(), new LinearRuntime()]);
  if (only !== 'linear') {
    const [trainer, runtime] = ['@understudy/trainer-neural', '@understudy/runtime-neural'];
    try {
      const { NeuralTrainer } = await import(trainer!);
      const { NeuralRuntime } = await import(runtime!);
      found.push([new NeuralTrainer(), new NeuralRuntime()]);
    } catch (error) {
      console.log(`SKIPPED neural: ${(error as Error).message}`);
    }
  }
  return found;
}

async function main(): Promise<void> {
  const folder = process.env.UNDERSTUDY_DATASETS;
  const python = process.env.UNDERSTUDY_BENCH_PYTHON;
  if (!folder) {
    console.log('SKIPPED training-text: UNDERSTUDY_DATASETS names no folder');
    return;
  }
  const option = (name: string) => process.argv.find((value) => value.startsWith(`--${name}=`))?.split('=')[1];
  const names = process.argv.slice(2).filter((value) => !value.startsWith('--'));
  const trainers = await contenders(option('trainer'));
  if (!python) console.log('SKIPPED the scikit-learn peer: UNDERSTUDY_BENCH_PYTHON names no interpreter');
  for (const dataset of loadTextDatasets(folder, names)) {
    console.log(`${dataset.name}: ${dataset.train.length} rows to train on, ${dataset.test.length} to test`);
    const scratch = mkdtempSync(join(tmpdir(), 'understudy-bench-'));
    try {
      await bracketed(dataset.name, async () => {
        const beside = python ? await peer(python, scratch, dataset) : undefined;
        if (beside) print('sklearn', beside);
        for (const [trainer, runtime] of trainers) {
          print(trainer.name, await ours(trainer, runtime, scratch, dataset, Number(option('threads') ?? 2)), beside);
        }
      });
    } finally {
      rmSync(scratch, { recursive: true });
    }
  }
}

await main();
