import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { UnderstudyError } from '@understudy/kernel';
import type { Run } from './run.ts';
import { RunPipeline } from './run-pipeline.ts';
import { exampleRows, exampleRun, FakeRooms, imported, MajorityTrainer } from './testing/index.ts';
import type { Trainer, TrainJob } from './trainer.ts';

let directory: string;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'run-pipeline-'));
});
after(() => rm(directory, { recursive: true }));

let rooms: FakeRooms;
let log: string[];
let fractions: number[];
beforeEach(() => {
  rooms = new FakeRooms(exampleRows(200));
  rooms.probability = (_key, text) => (text.startsWith('a') ? 0.9 : 0.1);
  log = [];
  fractions = [];
});

/** The majority trainer under another name, with another result or a failure. */
function trainer(name: string, accuracy: number, failure?: Error): Trainer {
  const majority = new MajorityTrainer();
  return {
    name,
    capabilities: majority.capabilities,
    train: async (job: TrainJob, context) => {
      if (failure !== undefined) throw failure;
      const model = await majority.train(job, context);
      return { ...model, validation: { ...model.validation, accuracy, expectedCalibrationError: 0 } };
    },
  };
}

const coded = (code: string) =>
  new UnderstudyError(code, { title: code, description: code, retryable: false }, `${code} happened`);

function run(change: Partial<Run> = {}, trainers = [trainer('linear', 0.8)], signal = new AbortController().signal) {
  const pipeline = new RunPipeline({
    tasks: rooms,
    datasets: rooms,
    trainers,
    artifacts: rooms,
    registry: rooms,
    scorer: rooms,
    threads: 1,
    memoryLimitBytes: 2 ** 30,
  });
  return pipeline.run(exampleRun({ trainer: 'linear', ...change }), {
    directory,
    signal,
    log: (line) => log.push(line),
    progress: ({ fraction }) => fractions.push(fraction),
  });
}

test('the first model is evaluated on held-out rows, registered and promoted', async () => {
  const made = await run();
  assert.deepEqual([made.dataset, made.trainer, made.modelVersion], ['sha256:snapshot', 'linear', '1']);
  assert.deepEqual([made.metrics?.accuracy, made.metrics?.rows, made.metrics?.evaluated_on], [1, 20, 'holdout']);
  assert.match(made.promotion!.reason, /first model of this task that passed evaluation/);
  assert.equal(rooms.champions.at(-1)?.version, '1');
  assert.ok(rooms.files.has(rooms.registered[0]!.artifact.key));
  assert.deepEqual(rooms.opened, [], 'the scorer was closed');
  assert.deepEqual(
    fractions,
    [...fractions].sort((a, b) => a - b),
    'progress never falls',
  );
  assert.equal(fractions.at(-1), 1);
});

test('a later model is promoted only when it beats the champion on the same rows', async () => {
  await run();
  rooms.probability = (key, text) => (text.startsWith('a') === !key.endsWith('champion') ? 0.9 : 0.1);
  const better = await run();
  assert.deepEqual([better.promotion!.promoted, rooms.champions.at(-1)?.version], [true, '2']);
  assert.deepEqual([rooms.promotions[1]!.evidence.gained, rooms.promotions[1]!.evidence.champion], [20, '1']);
  rooms.probability = (key, text) => (text.startsWith('a') === key.endsWith('champion') ? 0.9 : 0.6);
  const worse = await run();
  assert.deepEqual([worse.promotion!.promoted, worse.modelVersion, rooms.champions.length], [false, '3', 2]);
  assert.match(worse.promotion!.reason, /^not promoted: on 20 held-out rows/);
});

test('a model that is worse than always giving one answer is not promoted, even as the first', async () => {
  rooms.probability = (_key, text) => (text.startsWith('a') ? 0.1 : 0.9);
  const made = await run();
  assert.deepEqual([made.promotion!.promoted, rooms.champions.length], [false, 0]);
  assert.match(made.promotion!.reason, /most frequent label would give \(50.00 %\)/);
});

test('`promote: never` is kept to', async () => {
  const made = await run({ promote: 'never' });
  assert.deepEqual([made.modelVersion, made.promotion!.promoted, rooms.champions.length], ['1', false, 0]);
});

test('too few rows to hold any out: the report says that nothing was evaluated', async () => {
  rooms.data = [...'aaaabbbbccdd'].map((label, i) => ({ label, text: `${label} ${i}`, group: label, ...imported }));
  const made = await run();
  assert.deepEqual([made.metrics?.rows, made.promotion!.promoted], [0, true]);
  assert.match(made.promotion!.reason, /not evaluated/);
});

test('a champion that cannot be loaded does not keep its place; one that is busy does', async () => {
  await run();
  const fail = (code: string) => (key: string) => {
    if (key.endsWith('champion')) throw coded(code);
  };
  rooms.onOpen = fail('model_unavailable');
  const busy = await run();
  assert.deepEqual([busy.promotion!.promoted, busy.modelVersion], [false, '2']);
  rooms.onOpen = fail('model_artifact_invalid');
  const broken = await run();
  assert.deepEqual([broken.promotion!.promoted, rooms.champions.at(-1)?.version], [true, '3']);
  assert.match(broken.promotion!.reason, /could not be compared.*model_artifact_invalid/);
});

test('auto keeps the better of two and says why; a trainer that fails leaves the other', async () => {
  const both = await run({ trainer: 'auto' }, [trainer('linear', 0.8), trainer('neural', 0.9)]);
  assert.equal(both.trainer, 'neural');
  assert.match(String(both.metrics?.chosen_because), /neural was chosen on/);
  const one = await run({ trainer: 'auto' }, [trainer('linear', 0.8), trainer('neural', 1, new Error('no memory'))]);
  assert.equal(one.trainer, 'linear');
  assert.ok(log.includes('neural could not learn this task: no memory'));
  const failures = [trainer('linear', 1, coded('training_out_of_memory')), trainer('neural', 1, new Error('x'))];
  await assert.rejects(run({ trainer: 'auto' }, failures), { code: 'training_out_of_memory' });
});

test('a trainer that cannot learn so many rows is named', async () => {
  const small = { ...trainer('linear', 1), capabilities: { ...new MajorityTrainer().capabilities, maxRows: 10 } };
  await assert.rejects(run({}, [small]), { code: 'unknown_trainer' });
});

test('a cancelled run registers nothing', async () => {
  const abort = new AbortController();
  rooms.onOpen = () => abort.abort();
  await assert.rejects(run({}, [trainer('linear', 0.8)], abort.signal), { name: 'AbortError' });
  assert.deepEqual([rooms.registered.length, rooms.opened], [0, []]);
});
