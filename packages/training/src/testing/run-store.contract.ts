import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { newId } from '@understudy/kernel';
import type { RunEnd, RunStore } from '../ports.ts';
import { exampleRun } from './example-run.ts';

const AT = Date.UTC(2026, 4, 1);
/** Long enough that it does not run out in a test; a lease of 0 has run out when it is given. */
const LONG = 600_000;

const end: RunEnd = {
  status: 'succeeded',
  dataset: 'sha256:1',
  trainer: 'linear',
  modelVersion: '3',
  metrics: { accuracy: 0.9 },
  promotion: { promoted: true, reason: 'better' },
  error: null,
  log: ['one', 'two – 日本 👍'],
  at: AT,
};

/** What every RunStore keeps to. `open` gives an empty one for each test: the queue is common to all workspaces. */
export function runStoreContract(name: string, open: () => Promise<RunStore>): void {
  describe(`${name} keeps the RunStore contract`, () => {
    let store: RunStore;
    beforeEach(async () => {
      store = await open();
    });

    async function claimed(change = {}) {
      const run = exampleRun(change);
      await store.create(run);
      return (await store.claim('worker_1', LONG))!;
    }

    test('a run is read as it was written, by its own workspace only', async () => {
      const run = exampleRun({ parameters: { c: 0.5, names: ['ü'] }, dataset: 'sha256:0', seed: 7 });
      await store.create(run);
      assert.deepEqual(await store.find('ws_1', run.id), run);
      assert.equal(await store.find('ws_2', run.id), null);
      assert.equal(await store.find('ws_1', newId('run', AT)), null);
    });

    test('lists newest first, by task, a page at a time', async () => {
      const runs = [1, 2, 3].map((day) => exampleRun({ createdAt: AT + day, taskId: day === 2 ? 'task_2' : 'task_1' }));
      for (const run of runs) await store.create(run);
      const [first, second, third] = runs.map(({ id }) => id);
      const ids = async (task: string | null, page: { limit: number; after?: string }) =>
        (await store.list('ws_1', task, page)).map(({ id }) => id);
      assert.deepEqual(await ids(null, { limit: 2 }), [third, second]);
      assert.deepEqual(await ids(null, { limit: 2, after: second! }), [first]);
      assert.deepEqual(await ids('task_1', { limit: 5 }), [third, first]);
      assert.deepEqual(await store.list('ws_2', null, { limit: 5 }), []);
    });

    test('the oldest queued run is claimed first, and by one worker only', async () => {
      const [late, early] = [exampleRun({ createdAt: AT + 1 }), exampleRun({ createdAt: AT, workspace: 'ws_2' })];
      await store.create(late);
      await store.create(early);
      const first = await store.claim('worker_1', LONG);
      assert.deepEqual([first?.id, first?.status, first?.attempts], [early.id, 'running', 1]);
      assert.ok(first!.version > early.version && first!.startedAt !== null);
      const others = await Promise.all(['worker_2', 'worker_3', 'worker_4'].map((worker) => store.claim(worker, LONG)));
      assert.deepEqual(
        others.flatMap((run) => (run === null ? [] : [run.id])),
        [late.id],
      );
    });

    test('a run whose lease ran out is claimed again, and its former worker changes nothing any more', async () => {
      const run = exampleRun();
      await store.create(run);
      const lost = (await store.claim('worker_1', -1))!;
      const again = await store.claim('worker_2', LONG);
      assert.deepEqual([again?.id, again?.attempts], [run.id, 2]);
      assert.deepEqual(await store.renew(lost, 'worker_1', LONG), { held: false, cancelRequested: false });
      await store.progress(lost, 'worker_1', { phase: 'fit', fraction: 0.9, detail: null }, ['nonsense']);
      await store.release(lost, 'worker_1');
      assert.equal(await store.finish(lost, 'worker_1', end), false);
      assert.deepEqual(await store.find('ws_1', run.id), again);
    });

    test('progress grows the version and keeps the log', async () => {
      const run = await claimed();
      assert.deepEqual(await store.renew(run, 'worker_1', LONG), { held: true, cancelRequested: false });
      await store.progress(run, 'worker_1', { phase: 'fit', fraction: 0.5, detail: 'x' }, ['a', 'b']);
      const now = (await store.find('ws_1', run.id))!;
      assert.deepEqual([now.progress, now.log], [{ phase: 'fit', fraction: 0.5, detail: 'x' }, ['a', 'b']]);
      assert.ok(now.version > run.version);
    });

    test('an ended run says how it ended, and is not claimed again', async () => {
      const run = await claimed({ dataset: null });
      assert.equal(await store.finish(run, 'worker_1', end), true);
      const now = (await store.find('ws_1', run.id))!;
      assert.deepEqual(
        [now.status, now.dataset, now.chosenTrainer, now.modelVersion, now.metrics, now.promotion, now.log],
        ['succeeded', 'sha256:1', 'linear', '3', { accuracy: 0.9 }, { promoted: true, reason: 'better' }, end.log],
      );
      assert.deepEqual([now.finishedAt, now.progress.fraction], [AT, 1]);
      assert.equal(await store.finish(run, 'worker_1', end), false);
      assert.equal(await store.claim('worker_2', LONG), null);
    });

    test('a failed run keeps the dataset that it was asked for and the phase that it failed in', async () => {
      const run = await claimed({ dataset: 'sha256:0' });
      await store.progress(run, 'worker_1', { phase: 'fit', fraction: 0.5, detail: null }, []);
      const error = { code: 'training_failed', detail: 'why' };
      await store.finish(run, 'worker_1', { ...end, status: 'failed', dataset: null, error });
      const now = (await store.find('ws_1', run.id))!;
      assert.deepEqual([now.status, now.dataset, now.progress.phase, now.error], ['failed', 'sha256:0', 'fit', error]);
    });

    test('a run that is given back is queued as if it had never been claimed', async () => {
      const run = await claimed();
      await store.release(run, 'worker_1');
      const now = (await store.find('ws_1', run.id))!;
      assert.deepEqual([now.status, now.attempts, now.startedAt], ['queued', 0, null]);
      assert.equal((await store.claim('worker_2', LONG))?.attempts, 1);
    });

    test('cancelling ends a queued run at once, and marks one that runs', async () => {
      const queued = exampleRun();
      await store.create(queued);
      const cancelled = (await store.requestCancel('ws_1', queued.id, AT))!;
      assert.deepEqual(
        [cancelled.status, cancelled.error?.code, cancelled.finishedAt],
        ['cancelled', 'training_cancelled', AT],
      );
      assert.equal(await store.claim('worker_1', LONG), null);
      const running = await claimed();
      const marked = (await store.requestCancel('ws_1', running.id, AT))!;
      assert.deepEqual([marked.status, marked.cancelRequested], ['running', true]);
      assert.deepEqual(await store.renew(running, 'worker_1', LONG), { held: true, cancelRequested: true });
      const twice = (await store.requestCancel('ws_1', running.id, AT))!;
      assert.equal(twice.version, marked.version);
    });

    test('cancelling changes no ended run, and finds none of another workspace', async () => {
      const run = await claimed();
      await store.finish(run, 'worker_1', end);
      const before = await store.find('ws_1', run.id);
      assert.deepEqual(await store.requestCancel('ws_1', run.id, AT), before);
      assert.equal(await store.requestCancel('ws_2', run.id, AT), null);
    });
  });
}
