import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { silentLogger } from '@understudy/kernel';
import { FakeClock } from '@understudy/kernel/testing';
import { trainingErrors } from './errors.ts';
import type { Run } from './run.ts';
import type { PipelineContext, RunPipeline } from './run-pipeline.ts';
import { exampleRun, MemoryRunStore } from './testing/index.ts';
import { TrainingWorker } from './training-worker.ts';

let workDir: string;
before(async () => {
  workDir = await mkdtemp(join(tmpdir(), 'training-worker-'));
});
after(() => rm(workDir, { recursive: true }));

let clock: FakeClock;
let store: MemoryRunStore;
let workers: TrainingWorker[];
beforeEach(() => {
  clock = new FakeClock();
  store = new MemoryRunStore(() => clock.now());
  workers = [];
});

type Work = (run: Run, context: PipelineContext) => Promise<object>;

function worker(work: Work, directory = workDir): TrainingWorker {
  const pipeline = { run: work } as unknown as RunPipeline;
  const made = new TrainingWorker({ store, pipeline, workDir: directory, clock, logger: silentLogger });
  made.start();
  workers.push(made);
  return made;
}

const made = { dataset: 'd', trainer: 'linear', modelVersion: '1', metrics: {}, promotion: null };

/** Works until aborted, as a trainer does. */
const untilAborted: Work = (_run, { signal }) =>
  new Promise((_, reject) => {
    const stop = () => reject(trainingErrors.training_cancelled('stopped'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop);
  });

/** Watches the store until the run is as expected. The test's time limit is the bound. */
async function until(run: Run, expected: (run: Run) => boolean): Promise<Run> {
  for (;;) {
    const now = (await store.find(run.workspace, run.id))!;
    if (expected(now)) return now;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
const finished = (run: Run) => until(run, ({ finishedAt }) => finishedAt !== null);

async function withRun(check: (run: Run) => Promise<void>): Promise<void> {
  const run = exampleRun();
  await store.create(run);
  try {
    await check(run);
  } finally {
    await Promise.all(workers.map((one) => one.stop()));
  }
}

test('a run is worked on in a directory of its own, and its end is written down', async () => {
  await withRun(async (run) => {
    worker(async (_run, context) => {
      assert.deepEqual(await readdir(workDir), [context.directory.slice(workDir.length + 1)]);
      context.log('half a pair \ud83d and a \u0000');
      return made;
    });
    const end = await finished(run);
    assert.deepEqual([end.status, end.modelVersion, end.attempts], ['succeeded', '1', 1]);
    assert.ok(end.log[0]!.endsWith('half a pair \ufffd and a \ufffd'));
    assert.deepEqual(await readdir(workDir), []);
  });
});

test('progress is written while the work goes on', async () => {
  await withRun(async (run) => {
    worker((one, context) => {
      context.progress({ phase: 'fit', fraction: 0.4, detail: 'epoch 2' });
      return untilAborted(one, context);
    });
    const now = await until(run, ({ progress }) => progress.phase === 'fit');
    assert.deepEqual(now.progress, { phase: 'fit', fraction: 0.4, detail: 'epoch 2' });
  });
});

test('a coded failure is told, another one is not', async () => {
  for (const [error, code] of [
    [trainingErrors.training_data_insufficient('two rows'), 'training_data_insufficient'],
    [new Error('at /home/secret.ts:1'), 'training_failed'],
  ] as const) {
    await withRun(async (run) => {
      worker(() => Promise.reject(error));
      const end = await finished(run);
      assert.deepEqual([end.status, end.error?.code], ['failed', code]);
      assert.ok(!end.error!.detail.includes('secret'));
    });
  }
});

test('a cancelled run stops and says so', async () => {
  await withRun(async (run) => {
    worker(untilAborted);
    await until(run, ({ status }) => status === 'running');
    await store.requestCancel('ws_1', run.id, clock.now());
    const end = await finished(run);
    assert.deepEqual([end.status, end.error?.code], ['cancelled', 'training_cancelled']);
  });
});

test('a worker that lost its lease stops, and writes nothing over the other’s work', async () => {
  await withRun(async (run) => {
    let aborted = false;
    worker(async (one, context) => {
      await untilAborted(one, context).catch(() => {});
      aborted = true;
      return made;
    });
    await until(run, ({ status }) => status === 'running');
    clock.advance(60_000); // as if its process had been suspended
    const taken = (await store.claim('another', 60_000))!;
    const end = { ...made, status: 'failed', error: { code: 'x', detail: 'x' }, log: [], at: 1 } as const;
    while (!aborted) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(await store.finish(taken, 'another', end), true);
    assert.equal((await finished(run)).status, 'failed');
  });
});

test('the run of a worker that died is taken by another, but not for ever', async () => {
  await withRun(async (run) => {
    await store.claim('dead', 1000);
    clock.advance(2000);
    worker(async () => made);
    const end = await finished(run);
    assert.deepEqual([end.status, end.attempts], ['succeeded', 2]);
  });
  await withRun(async (run) => {
    for (let death = 0; death < 3; death++) {
      await store.claim('dead', 1000);
      clock.advance(2000);
    }
    let worked = false;
    worker(async () => {
      worked = true;
      return made;
    });
    const end = await finished(run);
    assert.deepEqual([end.status, end.error?.code, worked], ['failed', 'training_failed', false]);
  });
});

test('a worker that stops gives its run back, and no attempt is counted', async () => {
  await withRun(async (run) => {
    const stopping = worker(untilAborted);
    await until(run, ({ status }) => status === 'running');
    await stopping.stop();
    const now = (await store.find('ws_1', run.id))!;
    assert.deepEqual([now.status, now.attempts], ['queued', 0]);
    worker(async () => made);
    assert.deepEqual((await finished(run)).attempts, 1);
  });
});

test('the end of a run survives a database that is away for a moment', async () => {
  await withRun(async (run) => {
    const finish = store.finish.bind(store);
    let failures = 1;
    store.finish = (...args) => (failures-- > 0 ? Promise.reject(new Error('away')) : finish(...args));
    worker(async () => made);
    assert.equal((await finished(run)).status, 'succeeded');
  });
});

test('a database that is away does not end the worker', async () => {
  await withRun(async (run) => {
    const claim = store.claim.bind(store);
    let failures = 1;
    store.claim = (...args) => (failures-- > 0 ? Promise.reject(new Error('away')) : claim(...args));
    worker(async () => made);
    assert.equal((await finished(run)).status, 'succeeded');
  });
});

test('a disk without room for the run’s directory fails the run, not the worker', async () => {
  await withRun(async (run) => {
    worker(async () => made, join(workDir, 'missing'));
    assert.equal((await finished(run)).error?.code, 'training_failed');
  });
});
