import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '@understudy/kernel';
import type { ReplayStore } from '../replay/ports.ts';
import type { Replay } from '../replay/replay.ts';

let made = 0;

export function exampleReplay(fields: Partial<Replay> = {}): Replay {
  const createdAt = Date.UTC(2031, 0, 1) + made++;
  return {
    id: newId('rpl', createdAt),
    workspace: 'ws_replays',
    taskId: 'tsk_1',
    task: 'moderation',
    from: null,
    to: createdAt,
    what: { maxError: 0.02, confidence: null, modelVersion: null, threshold: null },
    status: 'queued',
    progress: { done: 0, total: null },
    result: null,
    error: null,
    requestedBy: 'key_1',
    attempts: 0,
    cancelRequested: false,
    createdAt,
    startedAt: null,
    finishedAt: null,
    ...fields,
  };
}

const END = {
  status: 'failed' as const,
  progress: { done: 7, total: 9 },
  result: null,
  error: { code: 'x', detail: 'y' },
};

/** The laws of {@link ReplayStore}. `store` is empty each time. */
export function replayStoreContract(name: string, store: () => Promise<ReplayStore>): void {
  test(`${name}: a replay is read back as it was written, by its own workspace only`, async () => {
    const one = await store();
    const replay = exampleReplay({ from: 5 });
    assert.equal(await one.create(replay, 10), true);
    assert.deepEqual(await one.find(replay.workspace, replay.id), replay);
    assert.equal(await one.find('ws_other', replay.id), null);
    assert.equal(await one.cancel('ws_other', replay.id), null);
    assert.deepEqual(await one.list('ws_other', 'tsk_1', { limit: 10 }), []);
  });

  test(`${name}: lists a task's replays newest first, page by page`, async () => {
    const one = await store();
    const all = [exampleReplay(), exampleReplay(), exampleReplay()];
    for (const replay of all) await one.create(replay, 10);
    await one.create(exampleReplay({ taskId: 'tsk_2' }), 10);
    const ids = (rows: Replay[]) => rows.map(({ id }) => id);
    const first = await one.list('ws_replays', 'tsk_1', { limit: 2 });
    assert.deepEqual(ids(first), [all[2]!.id, all[1]!.id]);
    const second = await one.list('ws_replays', 'tsk_1', { limit: 2, after: first[1]!.id });
    assert.deepEqual(ids(second), [all[0]!.id]);
  });

  test(`${name}: no more replays may be open than allowed, one that is over makes room`, async () => {
    const one = await store();
    const [a, b, c] = [exampleReplay(), exampleReplay(), exampleReplay()];
    assert.deepEqual([await one.create(a, 2), await one.create(b, 2), await one.create(c, 2)], [true, true, false]);
    assert.equal(await one.create(exampleReplay({ workspace: 'ws_other' }), 2), true);
    await one.cancel(a.workspace, a.id);
    assert.equal(await one.create(c, 2), true);
  });

  test(`${name}: each waiting replay goes to one worker, the oldest first`, async () => {
    const one = await store();
    const [a, b] = [exampleReplay(), exampleReplay()];
    await one.create(b, 10);
    await one.create(a, 10);
    const claimed = await Promise.all([one.claim('w1', 60_000), one.claim('w2', 60_000), one.claim('w3', 60_000)]);
    const got = claimed.flatMap((replay) => (replay === null ? [] : [replay]));
    assert.deepEqual(got.map(({ id }) => id).sort(), [a.id, b.id].sort());
    assert.deepEqual(
      got.map(({ status, attempts }) => [status, attempts]),
      [
        ['running', 1],
        ['running', 1],
      ],
    );
  });

  test(`${name}: a lease that ran out is taken over, and its first holder writes nothing more`, async () => {
    const one = await store();
    const replay = exampleReplay();
    await one.create(replay, 10);
    await one.claim('w1', -1000);
    const taken = await one.claim('w2', 60_000);
    assert.deepEqual([taken?.id, taken?.attempts], [replay.id, 2]);
    assert.equal((await one.progress(replay, 'w1', { done: 1, total: 2 }, 1000)).held, false);
    assert.equal(await one.finish(replay, 'w1', END), false);
    assert.deepEqual(await one.progress(replay, 'w2', { done: 1, total: 2 }, 60_000), {
      held: true,
      cancelRequested: false,
    });
    assert.equal(await one.finish(replay, 'w2', END), true);
    const { status, progress, error, finishedAt } = (await one.find(replay.workspace, replay.id))!;
    assert.deepEqual([status, progress, error], ['failed', END.progress, END.error]);
    assert.ok(finishedAt !== null);
    assert.equal(await one.claim('w3', 60_000), null);
  });

  test(`${name}: given back, it waits again and the attempt does not count`, async () => {
    const one = await store();
    const replay = exampleReplay();
    await one.create(replay, 10);
    await one.claim('w1', 60_000);
    await one.release(replay, 'w1');
    assert.equal((await one.find(replay.workspace, replay.id))!.status, 'queued');
    assert.equal((await one.claim('w2', 60_000))!.attempts, 1);
  });

  test(`${name}: cancelling ends a waiting one at once, asks a running one, and leaves one that is over`, async () => {
    const one = await store();
    const [waiting, running] = [exampleReplay(), exampleReplay()];
    await one.create(running, 10);
    await one.claim('w1', 60_000);
    await one.create(waiting, 10);
    assert.equal((await one.cancel(waiting.workspace, waiting.id))!.status, 'cancelled');
    assert.equal((await one.cancel(running.workspace, running.id))!.status, 'running');
    assert.equal((await one.progress(running, 'w1', { done: 0, total: 1 }, 60_000)).cancelRequested, true);
    await one.finish(running, 'w1', { ...END, status: 'cancelled' });
    assert.equal((await one.cancel(running.workspace, running.id))!.status, 'cancelled');
    assert.equal(await one.cancel('ws_replays', 'rpl_none'), null);
  });
}
