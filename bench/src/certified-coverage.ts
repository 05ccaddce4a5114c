import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CertificateDraft, scoreOf } from '@understudy/decisions';
import type { LoadedModel, ModelRuntime } from '@understudy/inference';
import { LinearRuntime } from '@understudy/runtime-linear';
import { NeuralRuntime } from '@understudy/runtime-neural';
import { clopperPearson } from '@understudy/statistics';
import { textFingerprint } from '@understudy/text';
import { LinearTrainer } from '@understudy/trainer-linear';
import { NeuralTrainer } from '@understudy/trainer-neural';
import {
  type CertifiableTask,
  Certification,
  type Contender,
  choose,
  type DatasetRow,
  prepareData,
  type RegisteredVersion,
  type StoredScores,
  type Trainer,
} from '@understudy/training';
import { loadTextDatasets, shuffled, type TextDataset, type TextRow } from './text-datasets.ts';

/**
 * Certified coverage on the data sets under UNDERSTUDY_DATASETS: split, trained, tuned and certified by the platform's own
 * code from the training rows alone, then measured on the official test split. Beside it the oracle: the most that
 * the same scores could automate if the test's labels were known.
 *
 * Arguments: names of data set folders (all without), `--trainer=linear|neural|auto`, `--seeds=1`.
 */
const BUDGETS = [0.01, 0.02, 0.05, 0.1];
const CONFIDENCE = 0.95;
const RUNTIMES: Record<string, ModelRuntime> = { linear: new LinearRuntime(), neural: new NeuralRuntime() };

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

function datasetRows(rows: readonly TextRow[]): DatasetRow[] {
  const imported = { source: 'import', probability: null, occurredAt: null, decision: null } as const;
  return rows.map(({ text, label }) => ({
    text,
    label,
    group: Buffer.from(textFingerprint(text).exact).toString('hex'),
    ...imported,
  }));
}

async function run(dataset: TextDataset, trainers: readonly Trainer[], seed: number): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'understudy-coverage-'));
  try {
    const rows = datasetRows(shuffled(dataset.train, seed));
    const signal = new AbortController().signal;
    const source = async function* () {
      yield* rows;
    };
    const prepared = await prepareData(source, seed, directory, signal, `${dataset.name} ${seed}`);
    const { labels } = prepared.data;
    const contenders: Contender[] = [];
    let seconds = 0;
    for (const trainer of trainers) {
      const job = {
        kind: 'text_classification',
        data: prepared.data,
        parameters: {},
        seed,
        threads: 2,
        memoryLimitBytes: 4 * 2 ** 30,
        outputPath: join(directory, `${trainer.name}.model`),
      } as const;
      const model = await trainer.train(job, { signal, progress: () => {}, log: () => {} });
      seconds += model.durationSeconds;
      contenders.push({ trainer: trainer.name, model });
    }
    const { chosen } = choose(contenders);
    const loaded = await RUNTIMES[chosen.trainer]!.load(readFileSync(chosen.model.path), { maxMemoryBytes: 2 ** 31 });
    await measure(dataset, seed, { prepared, chosen, loaded, labels, seconds });
    await loaded.close();
  } finally {
    rmSync(directory, { recursive: true });
  }
}

interface Trained {
  prepared: Awaited<ReturnType<typeof prepareData>>;
  chosen: Contender;
  loaded: LoadedModel;
  labels: readonly string[];
  seconds: number;
}

async function measure(dataset: TextDataset, seed: number, trained: Trained): Promise<void> {
  const { prepared, chosen, loaded, labels, seconds } = trained;
  const version: RegisteredVersion = {
    model: dataset.name,
    version: '1',
    format: chosen.model.format,
    artifact: { key: '', sha256: chosen.model.sha256, bytes: chosen.model.bytes },
  };
  let stored: StoredScores | null = null;
  let budget = { maxError: BUDGETS[0]!, confidence: CONFIDENCE };
  let draft: CertificateDraft | undefined;
  const task = (): CertifiableTask => ({
    id: 'task',
    slug: dataset.name,
    revision: 1,
    kind: 'text_classification',
    labels,
    budget,
    imports: 'random_sample',
    windowDays: null,
    economics: { currency: 'EUR', minutesPerItem: 1, costPerHour: 24, costOfError: 0 },
    auditRate: 0,
  });
  const certification = new Certification({
    tasks: { task: async () => task() },
    datasets: { snapshot: unused, find: unused, rows: unused },
    registry: { champion: async () => version },
    scorer: {
      open: async () => ({
        score: async (text) => ({ labels, probabilities: (await loaded.predict([{ text }])).slice() }),
        close: async () => {},
      }),
    },
    store: {
      save: async (scores) => {
        stored = scores;
      },
      find: async () => stored,
      seen: async () => null,
    },
    certificates: {
      issue: async (made) => {
        draft = made;
        return { ...made, id: 'crt_1', issuedAt: 0, suspension: null };
      },
      current: async () => null,
      history: async () => [],
    },
    traffic: { lastMonth: async () => null },
    clock: { now: () => 0 },
  });
  const by = { id: 'bench', requestId: '' };
  await certification.afterRun(
    { workspace: 'w', task: dataset.name, version, dataset: 'd', model: chosen.model, prepared },
    by,
  );
  const known = new Set(labels);
  const probabilities = await loaded.predict(dataset.test.map(({ text }) => ({ text })));
  const test = dataset.test.map(({ label }, row) => {
    const own = probabilities.subarray(row * labels.length, (row + 1) * labels.length);
    const answer = scoreOf(draft!.score, labels, own, known)!;
    return { score: answer.score, wrong: answer.label !== label };
  });
  const accuracy = test.filter(({ wrong }) => !wrong).length / test.length;
  console.log(
    `${dataset.name} (seed ${seed}): ${chosen.trainer}, ${prepared.data.rows} fit, ${prepared.holdoutRows} holdout, ` +
      `${prepared.certifyRows} certify; trained in ${seconds.toFixed(1)} s; test accuracy ${percent(accuracy)}`,
  );
  test.sort((a, b) => b.score - a.score);
  for (const maxError of BUDGETS) {
    budget = { maxError, confidence: CONFIDENCE };
    await certification.refit('w', dataset.name, by);
    const { threshold, evidence, expectedCoverage, needed } = draft!;
    const accepted = test.filter(({ score }) => threshold !== null && score >= threshold);
    const wrong = accepted.filter((row) => row.wrong).length;
    const { low, high } = clopperPearson(wrong, accepted.length, 0.95);
    const outcome =
      threshold === null
        ? `not certifiable yet (${needed?.labels ?? 'no number of'} labels)`
        : `certified ${percent(expectedCoverage!)} (${evidence.errors} of ${evidence.accepted} wrong); on the test ` +
          `${percent(accepted.length / test.length)} automated, error ${percent(wrong / Math.max(1, accepted.length))} ` +
          `(${percent(low)}–${percent(high)})`;
    console.log(`  at most ${percent(maxError).padStart(6)}: ${outcome}; oracle ${percent(oracle(test, maxError))}`);
  }
}

const unused = () => {
  throw new Error('certifying after a run reads no dataset');
};

/** The largest share of the rows with the highest scores of which at most `maxError` are wrong. */
function oracle(sorted: readonly { wrong: boolean }[], maxError: number): number {
  let wrong = 0;
  let best = 0;
  for (const [index, row] of sorted.entries()) {
    if (row.wrong) wrong++;
    if (wrong <= maxError * (index + 1)) best = index + 1;
  }
  return best / sorted.length;
}

async function main(): Promise<void> {
  const folder = process.env.UNDERSTUDY_DATASETS;
  if (!folder) {
    console.log('SKIPPED certified-coverage: UNDERSTUDY_DATASETS names no folder');
    return;
  }
  const option = (name: string) => process.argv.find((value) => value.startsWith(`--${name}=`))?.split('=')[1];
  const names = process.argv.slice(2).filter((value) => !value.startsWith('--'));
  const only = option('trainer') ?? 'auto';
  const trainers = [new LinearTrainer(), new NeuralTrainer()].filter(({ name }) => only === 'auto' || only === name);
  for (const dataset of loadTextDatasets(folder, names)) {
    for (let seed = 1; seed <= Number(option('seeds') ?? 1); seed++) await run(dataset, trainers, seed);
  }
}

await main();
