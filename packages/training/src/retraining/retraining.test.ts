import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { silentLogger } from '@understudy/kernel';
import { FakeClock } from '@understudy/kernel/testing';
import * as wire from '@understudy/wire';
import fastify from 'fastify';
import { retrainingRoutes } from '../http/index.ts';
import type { RunEnd } from '../ports.ts';
import { TrainingRuns } from '../runs.ts';
import { exampleRows, FakeRooms, MajorityTrainer, MemoryRunStore } from '../testing/index.ts';
import type { LabelSupply, RetrainableTask, ServedModels } from './ports.ts';
import { Retraining } from './retraining.ts';

const task: RetrainableTask = {
  workspace: 'ws_1',
  id: 'task_1',
  slug: 't',
  policy: { mode: 'auto', min_new_labels: 10, min_new_share: 0, min_hours_between: 0 },
};

let clock: FakeClock;
let store: MemoryRunStore;
let runs: TrainingRuns;
let retraining: Retraining;
let given: number;
let champion: { model: string; version: string; dataset: string } | null;
let datasets: Map<string, number>;
let looks: number;

beforeEach(() => {
  clock = new FakeClock();
  store = new MemoryRunStore(() => clock.now());
  const rooms = new FakeRooms(exampleRows(20));
  runs = new TrainingRuns({ store, tasks: rooms, datasets: rooms, trainers: [new MajorityTrainer()], clock });
  given = 0;
  champion = null;
  datasets = new Map();
  looks = 0;
  const labels: LabelSupply = {
    counters: async () => [{ workspace: 'ws_1', taskId: 'task_1', labels: given }],
    given: async () => {
      looks++;
      return { labels: given, production: given, changedAt: clock.now() };
    },
    examples: async () => ['a', 'b'].map((name) => ({ name, examples: 100 })),
    dataset: async (_task, id) => {
      const labelsGiven = datasets.get(id);
      return labelsGiven === undefined ? null : { rows: labelsGiven, labelsGiven };
    },
  };
  const models: ServedModels = { champion: async () => champion, suspension: async () => null };
  const tasks = { find: async () => task, ofWorkspace: async () => [task] };
  retraining = new Retraining({ tasks, labels, models, store, runs, clock, logger: silentLogger });
});

async function finish(dataset: string | null, promoted: boolean): Promise<void> {
  const run = await store.claim('worker', 1000);
  const end: RunEnd = {
    status: 'succeeded',
    dataset,
    trainer: 'majority',
    modelVersion: '1',
    metrics: {},
    promotion: { promoted, reason: 'because' },
    error: null,
    log: [],
    at: clock.now(),
  };
  assert.equal(await store.finish(run!, 'worker', end), true);
}

test('labels begin a run, its labels do not begin another, more do', async () => {
  given = 9;
  assert.deepEqual(await retraining.check(), []);
  given = 10;
  const [first] = await retraining.check();
  assert.deepEqual([first!.requestedBy, first!.labelsGiven, first!.promote], ['policy', 10, 'if_better']);
  assert.match(first!.reason!, /no model yet, and 10 new labels/);
  given = 500;
  assert.deepEqual(await retraining.check(), []);

  datasets.set('sha256:one', 12);
  champion = { model: 't', version: '1', dataset: 'sha256:one' };
  await finish('sha256:one', true);
  given = 21;
  assert.deepEqual(await retraining.check(), []);
  given = 22;
  assert.equal((await retraining.check()).length, 1);
});

test('a run that failed before it read anything has used up the labels that began it', async () => {
  given = 10;
  await retraining.check();
  await finish(null, false);
  given = 25;
  assert.deepEqual(await retraining.check(), []);
  const { newLabels, needed } = await retraining.status('ws_1', 't');
  assert.deepEqual([newLabels, needed], [15, 20]);
  given = 30;
  assert.equal((await retraining.check()).length, 1);
});

test('a run by hand that was not to be promoted does not use up labels; one that was does', async () => {
  const principal = { kind: 'api_key', workspace: 'ws_1', id: 'key_1', scopes: new Set<string>() } as const;
  datasets.set('sha256:one', 10);
  given = 10;
  await runs.start(principal, 't', { promote: 'never' }, 'r');
  await finish('sha256:one', false);
  assert.equal((await retraining.status('ws_1', 't')).newLabels, 10);
  await runs.start(principal, 't', {}, 'r');
  await finish('sha256:one', false);
  assert.equal((await retraining.status('ws_1', 't')).newLabels, 0);
});

test('where nothing has changed, nothing is looked at until a minute has passed', async () => {
  given = 5;
  await retraining.check();
  await retraining.check();
  assert.equal(looks, 1);
  clock.advance(60_000);
  await retraining.check();
  assert.equal(looks, 2);
});

test('two schedulers at once begin one run', async () => {
  given = 10;
  const create = store.create.bind(store);
  let open = 0;
  store.create = async (run) => {
    // As the unique index of the database does.
    if (open++ > 0) throw new Error('duplicate key value violates unique constraint "runs_of_policy"');
    await create(run);
  };
  const [one, two] = await Promise.all([retraining.check(), retraining.check()]);
  assert.equal(one.length + two.length, 1);
  assert.equal((await store.list('ws_1', 'task_1', { limit: 10 })).length, 1);
});

test('the route tells what is waited for and what came of the last run', async () => {
  const app = fastify();
  app.addSchema(wire.Retraining);
  app.decorateRequest('principal', null as never);
  app.addHook('onRequest', async (request) => {
    request.principal = { kind: 'api_key', workspace: 'ws_1', id: 'key_1', scopes: new Set() };
  });
  app.register(async (scope) => retrainingRoutes(retraining, clock)(scope as never));
  const read = async () => (await app.inject('/v1/tasks/t/retraining')).json();
  given = 4;
  const waiting = await read();
  assert.deepEqual(
    [waiting.mode, waiting.new_labels, waiting.needed, waiting.last_run, waiting.last_decision, waiting.reason],
    ['auto', 4, 10, null, null, '6 more labels until the next run (4 of 10)'],
  );
  given = 10;
  const [run] = await retraining.check();
  const busy = await read();
  assert.deepEqual([busy.last_decision.run, busy.last_run.status], [run!.id, 'queued']);
  assert.match(busy.last_decision.reason, /no model yet/);
  await app.close();
});
