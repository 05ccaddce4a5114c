import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { Tx } from '@understudy/kernel';
import fc from 'fast-check';
import { CHUNK, type ClaimedJob, type ItemEnd, type JobOutcome } from '../job.ts';
import type { ClaimRequest, JobStore } from '../ports.ts';
import { choose, type Waiting } from '../queue-rules.ts';
import { exampleJob } from './example-job.ts';

export interface JobStoreUnderTest {
  store: JobStore;
  /** One transaction in a workspace. */
  inWorkspace<T>(workspace: string, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Lets time pass for everything that is in the store. */
  pass(milliseconds: number): Promise<void>;
  /** Empties it. */
  clear(): Promise<void>;
}

const LEASE_MS = 60_000;
const DAY_MS = 86_400_000;
const error = { code: 'model_overloaded', detail: 'too much to do' };
const digest = (text: string) => createHash('sha256').update(text).digest();

/** What every JobStore promises. */
export function jobStoreContract(name: string, open: () => Promise<JobStoreUnderTest>): void {
  const scene = async () => {
    const rig = await open();
    await rig.clear();
    const { store } = rig;
    const claim = (more: Partial<ClaimRequest> = {}) =>
      store.claim({ worker: 'w', limit: 100, leaseMs: LEASE_MS, concurrency: 1000, after: '', ...more });
    const settle = (...outcomes: JobOutcome[]) =>
      rig.inWorkspace(outcomes[0]!.claim.workspace, (tx) => store.settle(tx, outcomes[0]!.claim.workspace, outcomes));
    const ends = (claimed: ClaimedJob, end: ItemEnd) => settle({ claim: claimed, items: [{ position: 0, ...end }] });
    const cancel = (workspace: string, id: string) =>
      rig.inWorkspace(workspace, (tx) => store.cancel(tx, workspace, id));
    return { ...rig, claim, settle, ends, cancel };
  };
  const check = (what: string, work: (s: Awaited<ReturnType<typeof scene>>) => Promise<void>) =>
    test(`${name}: ${what}`, async () => work(await scene()));

  check('a job is found by its workspace only, and listed newest first in pages', async ({ store }) => {
    const jobs = [exampleJob(), exampleJob({ task: 'other' }), exampleJob()];
    for (const job of jobs) await store.accept(job);
    await store.accept(exampleJob({ workspace: 'ws_2' }));
    const found = await store.find('ws_1', jobs[0]!.id);
    assert.deepEqual(
      [found?.status, found?.attempts, found?.total, found?.done, found?.priority, found?.decision],
      ['queued', 0, 1, 0, 5, null],
    );
    assert.equal(await store.find('ws_2', jobs[0]!.id), null);
    const ids = async (filter: object, page: object) =>
      (await store.list('ws_1', filter, { limit: 10, before: null, ...page })).map(({ id }) => id);
    const [a, b, c] = jobs.map(({ id }) => id) as [string, string, string];
    assert.deepEqual(await ids({}, {}), [c, b, a]);
    assert.deepEqual(await ids({}, { limit: 1, before: c }), [b]);
    assert.deepEqual(await ids({ task: 'inquiries' }, {}), [c, a]);
    assert.deepEqual(await ids({ status: 'running' }, {}), []);
  });

  check('a key stands for one job of its workspace for a day', async ({ store, pass }) => {
    const key = { hash: digest('k'), requestHash: digest('body') };
    const first = await store.accept(exampleJob({ key }));
    const again = await store.accept(exampleJob({ key: { ...key, requestHash: digest('other') } }));
    assert.deepEqual([first.replayed, again.replayed, again.job.id], [false, true, first.job.id]);
    assert.ok(again.requestHash?.equals(key.requestHash));
    assert.equal((await store.accept(exampleJob({ key, workspace: 'ws_2' }))).replayed, false);
    assert.equal((await store.list('ws_1', {}, { limit: 10, before: null })).length, 1);
    await pass(DAY_MS + 1000);
    const later = await store.accept(exampleJob({ key }));
    assert.equal(later.replayed, false);
    assert.equal((await store.accept(exampleJob({ key }))).job.id, later.job.id);
  });

  check('a job is handed out once, and its end is written once', async ({ store, claim, ends }) => {
    const job = exampleJob();
    await store.accept(job);
    const [held, ...more] = await claim();
    assert.deepEqual(more, []);
    assert.deepEqual([held!.id, held!.attempts, held!.lost, held!.request], [job.id, 1, 0, job.items[0]]);
    assert.deepEqual(await claim(), []);
    assert.equal((await store.find('ws_1', job.id))?.status, 'running');
    assert.deepEqual(await ends(held!, { end: 'decided', decision: 'dec_1' }), [
      { id: job.id, status: 'succeeded', total: 1, done: 1, failed: 0 },
    ]);
    assert.deepEqual(await ends(held!, { end: 'decided', decision: 'dec_2' }), []);
    const after = await store.find('ws_1', job.id);
    assert.deepEqual([after?.status, after?.decision, after?.done], ['succeeded', 'dec_1', 1]);
    assert.notEqual(after?.finishedAt, null);
  });

  check(
    'a lease that ended gives the job to another, and the late end is fenced off',
    async ({ store, claim, ends, pass }) => {
      const job = exampleJob();
      await store.accept(job);
      const [stalled] = await claim();
      await pass(LEASE_MS - 1000);
      assert.deepEqual(await claim(), []);
      await pass(2000);
      const [next] = await claim({ worker: 'other' });
      assert.deepEqual([next!.id, next!.attempts, next!.lost], [job.id, 2, 1]);
      assert.ok(BigInt(next!.fence) > BigInt(stalled!.fence));
      assert.deepEqual(await ends(stalled!, { end: 'decided', decision: 'dec_late' }), []);
      assert.equal((await ends(next!, { end: 'decided', decision: 'dec_1' })).length, 1);
      assert.equal((await store.find('ws_1', job.id))?.decision, 'dec_1');
    },
  );

  check(
    'of jobs that were lost together, only as many come back at once as are tried together',
    async ({ store, claim, pass }) => {
      for (let i = 0; i < 40; i++) await store.accept(exampleJob());
      assert.equal((await claim({ limit: 100 })).length, 40);
      const taken = new Map<string, number>();
      for (const most of [12, 12, 12, 4, 3, 3]) {
        // A worker that dies with what it has in hand, again and again.
        await pass(LEASE_MS + 1000);
        const back = await claim({ limit: 100 });
        assert.equal(back.length, most, JSON.stringify([...taken.values()]));
        for (const { id, lost } of back) {
          assert.equal(lost, (taken.get(id) ?? 0) + 1);
          taken.set(id, lost);
        }
      }
      assert.equal(taken.size, 40, 'each was taken back before any was for the second time');
    },
  );

  check('a lease that is renewed is not taken; one that was taken is not renewed', async ({ store, claim, pass }) => {
    await store.accept(exampleJob());
    const [slow] = await claim();
    await pass(LEASE_MS - 1000);
    await store.renew([slow!.fence], LEASE_MS);
    await pass(2000);
    assert.deepEqual(await claim(), []);
    await pass(LEASE_MS);
    assert.equal((await claim({ leaseMs: 1000 })).length, 1);
    await store.renew([slow!.fence], LEASE_MS);
    await pass(2000);
    assert.equal((await claim()).length, 1);
  });

  check('who is late but was not replaced may still write the end', async ({ store, claim, ends, pass }) => {
    await store.accept(exampleJob());
    const [held] = await claim();
    await pass(LEASE_MS * 2);
    assert.equal((await ends(held!, { end: 'decided', decision: 'dec_1' })).length, 1);
    assert.deepEqual(await claim(), []);
  });

  check('a failed attempt comes again after its pause, and remembers', async ({ store, claim, ends, pass }) => {
    const job = exampleJob();
    await store.accept(job);
    const [first] = await claim();
    await ends(first!, { end: 'again', error, delayMs: 5000 });
    const waiting = await store.find('ws_1', job.id);
    assert.deepEqual([waiting?.status, waiting?.error?.code], ['queued', error.code]);
    assert.deepEqual(await claim(), []);
    await pass(6000);
    const [second] = await claim();
    assert.deepEqual([second!.attempts, second!.history.length, second!.history[0]!.code], [2, 1, error.code]);
    assert.deepEqual(second!.request, job.items[0]);
    await ends(second!, { end: 'deferred', delayMs: 0 });
    const [third] = await claim();
    assert.equal(third!.attempts, 2, 'an attempt that was put off does not count');
    const [settled] = await ends(third!, { end: 'given_up', error });
    assert.deepEqual([settled!.status, settled!.failed], ['failed', 1]);
    assert.deepEqual(await claim(), []);
  });

  check('cancelling ends a job, whoever holds it', async ({ store, claim, ends, cancel }) => {
    const [waiting, held, done] = [exampleJob(), exampleJob(), exampleJob()];
    await store.accept(waiting);
    assert.equal((await cancel('ws_1', waiting.id))?.cancelled, true);
    assert.deepEqual(await claim(), []);
    await store.accept(held);
    const [claimed] = await claim();
    assert.equal((await cancel('ws_1', held.id))?.job.status, 'cancelled');
    assert.deepEqual(await ends(claimed!, { end: 'decided', decision: 'dec_1' }), []);
    assert.equal((await store.find('ws_1', held.id))?.decision, null);
    await store.accept(done);
    const [third] = await claim();
    await ends(third!, { end: 'decided', decision: 'dec_3' });
    assert.deepEqual((await cancel('ws_1', done.id))?.cancelled, false);
    assert.equal(await cancel('ws_2', done.id), null);
    assert.equal((await cancel('ws_1', waiting.id))?.job.status, 'cancelled');
  });

  check('a job with many items goes chunk by chunk, its progress kept', async ({ store, claim, settle }) => {
    const job = exampleJob({ many: CHUNK + 3 });
    await store.accept(job);
    const [first] = await claim();
    assert.deepEqual([first!.many, first!.total, first!.request], [true, CHUNK + 3, null]);
    const open = await store.open('ws_1', job.id, CHUNK);
    assert.deepEqual(
      open.map(({ position }) => position),
      Array.from({ length: CHUNK }, (_, i) => i),
    );
    const items = open.map(({ position }) => ({ position, end: 'decided' as const, decision: `dec_${position}` }));
    const [part] = await settle({ claim: first!, items });
    assert.deepEqual([part!.status, part!.done], ['queued', CHUNK]);
    assert.equal((await store.find('ws_1', job.id))?.status, 'running', 'between its chunks');
    assert.deepEqual((await store.list('ws_1', { status: 'running' }, { limit: 9, before: null })).length, 1);
    assert.deepEqual(await settle({ claim: first!, items }), [], 'an old fence');
    const [second] = await claim();
    assert.equal(second!.attempts, 1, 'attempts are counted by chunk');
    const rest = await store.open('ws_1', job.id, CHUNK);
    assert.equal(rest.length, 3);
    const [a, b, c] = rest as [(typeof rest)[0], (typeof rest)[0], (typeof rest)[0]];
    const [after] = await settle({
      claim: second!,
      items: [
        { position: a.position, end: 'given_up', error },
        { position: b.position, end: 'again', error, delayMs: 0 },
        { position: c.position, end: 'decided', decision: 'dec_c' },
      ],
    });
    assert.deepEqual([after!.done, after!.failed, after!.status], [CHUNK + 2, 1, 'queued']);
    const [third] = await claim();
    const [last] = await store.open('ws_1', job.id, CHUNK);
    assert.deepEqual([last!.position, last!.attempts, last!.history[0]!.code], [b.position, 1, error.code]);
    const [end] = await settle({ claim: third!, items: [{ position: b.position, end: 'decided', decision: 'dec_b' }] });
    assert.deepEqual([end!.status, end!.done, end!.failed], ['failed', CHUNK + 3, 1]);
    const found = await store.find('ws_1', job.id);
    assert.deepEqual([found?.error?.code, found?.failed], ['job_items_failed', 1]);
    const page = await store.items('ws_1', job.id, { limit: 2, after: CHUNK - 1 });
    assert.deepEqual(
      page.map(({ position, decision, error: wrong }) => [position, decision, wrong?.code ?? null]),
      [
        [CHUNK, null, error.code],
        [CHUNK + 1, 'dec_b', null],
      ],
    );
  });

  check('items that come again wait for their time, and the job with them', async ({ store, claim, settle, pass }) => {
    const job = exampleJob({ many: 2 });
    await store.accept(job);
    const [first] = await claim();
    await settle({
      claim: first!,
      items: [
        { position: 0, end: 'again', error, delayMs: 5000 },
        { position: 1, end: 'again', error, delayMs: 9000 },
      ],
    });
    assert.deepEqual(await claim(), []);
    await pass(6000);
    const [second] = await claim();
    assert.equal(second!.id, job.id);
    assert.deepEqual(
      (await store.open('ws_1', job.id, CHUNK)).map(({ position }) => position),
      [0],
    );
    await settle({ claim: second!, items: [] });
    assert.equal((await claim()).length, 1, 'nothing was tried, so it is due again at once');
  });

  check(
    'what failed can be opened again, edited; what did not, not',
    async ({ store, claim, ends, settle, inWorkspace }) => {
      const job = exampleJob();
      await store.accept(job);
      const reopen = (again: typeof job, position: number | null = null) =>
        inWorkspace('ws_1', (tx) => store.reopen(tx, 'ws_1', again, position));
      const edited = { ...job, items: [{ input: { text: 'edited' } }] };
      assert.equal(await reopen(edited), false);
      const [held] = await claim();
      await ends(held!, { end: 'given_up', error });
      assert.equal(await reopen(edited), true);
      assert.equal(await reopen(edited), false);
      const [again] = await claim();
      assert.deepEqual([again!.id, again!.attempts, again!.request], [job.id, 1, { input: { text: 'edited' } }]);
      await ends(again!, { end: 'decided', decision: 'dec_1' });
      assert.equal(await reopen(edited), false);
      const gone = exampleJob();
      assert.equal(await reopen(gone), true, 'a job that was removed is made again');
      assert.equal((await claim())[0]!.id, gone.id);

      const many = exampleJob({ many: 2 });
      await store.accept(many);
      const [chunk] = await claim();
      await settle({
        claim: chunk!,
        items: [
          { position: 0, end: 'given_up', error },
          { position: 1, end: 'decided', decision: 'dec_2' },
        ],
      });
      assert.equal(await reopen(many, 1), false);
      assert.equal(await reopen(many, 0), true);
      const [more] = await claim();
      assert.deepEqual(
        (await store.open('ws_1', many.id, CHUNK)).map(({ position, attempts }) => [position, attempts]),
        [[0, 0]],
      );
      const [end] = await settle({ claim: more!, items: [{ position: 0, end: 'decided', decision: 'dec_3' }] });
      assert.deepEqual([end!.status, end!.failed], ['succeeded', 0]);
    },
  );

  check('queues count what waits, what waits for its time and what is held', async ({ store, claim, pass }) => {
    await store.accept(exampleJob());
    await store.accept(exampleJob({ task: 'later', notBefore: Date.now() + 2 * DAY_MS }));
    await claim({ limit: 1 });
    await store.accept(exampleJob());
    await store.accept(exampleJob({ workspace: 'ws_2' }));
    await pass(10_000);
    const [due, later] = await store.queues('ws_1');
    assert.deepEqual(
      { ...due, oldestAt: null },
      { task: 'inquiries', queued: 1, scheduled: 0, running: 1, oldestAt: null },
    );
    assert.notEqual(due!.oldestAt, null);
    assert.deepEqual(later, { task: 'later', queued: 0, scheduled: 1, running: 0, oldestAt: null });
    const totals = await store.totals();
    assert.deepEqual([totals.queued, totals.running], [3, 1]);
    assert.ok(totals.oldestSeconds >= 10 && totals.oldestSeconds < 60, String(totals.oldestSeconds));
  });

  check(
    'what ended is removed after its time, a part at a time; what waits stays',
    async ({ store, claim, ends, settle, pass }) => {
      const [waits, many, ...others] = [
        exampleJob({ notBefore: Date.now() + 90 * DAY_MS }),
        exampleJob({ many: 2 }),
        exampleJob(),
        exampleJob(),
      ];
      await store.accept(waits);
      for (const job of [many, ...others]) await store.accept(job);
      for (const held of await claim()) {
        if (!held.many) await ends(held, { end: 'decided', decision: 'dec' });
        else await settle({ claim: held, items: [0, 1].map((position) => ({ position, end: 'given_up', error })) });
      }
      assert.equal(await store.expire(30, 10), 0);
      await pass(31 * DAY_MS);
      assert.deepEqual([await store.expire(30, 2), await store.expire(30, 2), await store.expire(30, 2)], [2, 1, 0]);
      assert.deepEqual(
        (await store.list('ws_1', {}, { limit: 9, before: null })).map(({ id }) => id),
        [waits.id],
      );
      assert.deepEqual(await store.items('ws_1', many.id, { limit: 9, after: -1 }), []);
    },
  );

  const queue = fc.array(
    fc.record({
      workspace: fc.constantFrom('ws_a', 'ws_b', 'ws_c'),
      task: fc.constantFrom('one', 'two'),
      priority: fc.constantFrom(0, 5, 9),
      many: fc.option(fc.constantFrom(1, 7, CHUNK + 9), { nil: undefined, freq: 4 }),
      later: fc.boolean(),
    }),
    { maxLength: 25 },
  );
  const limits = fc.record({
    limit: fc.integer({ min: 1, max: 30 }),
    concurrency: fc.constantFrom(1, 3, 8, 1000),
    after: fc.constantFrom('', 'ws_a', 'ws_b', 'ws_c', 'ws_zz'),
  });

  check('who is handed out is who the rules choose', async ({ store, claim, clear }) => {
    await fc.assert(
      fc.asyncProperty(queue, limits, limits, async (jobs, first, second) => {
        await clear();
        let waiting: Waiting[] = [];
        for (const { many, later, ...facts } of jobs) {
          const job = exampleJob({
            ...facts,
            ...(many === undefined ? {} : { many }),
            notBefore: later ? Date.now() + DAY_MS : null,
          });
          const accepted = await store.accept(job);
          waiting.push({ ...facts, id: job.id, readyAt: accepted.job.readyAt, weight: Math.min(many ?? 1, CHUNK) });
        }
        const running = new Map<string, number>();
        const due = Date.now() + DAY_MS / 2;
        for (const request of [first, second]) {
          const expected = choose(waiting, running, due, request);
          const got = await claim(request);
          assert.deepEqual(got.map(({ id }) => id).sort(), expected.map(({ id }) => id).sort());
          const taken = new Set(expected.map(({ id }) => id));
          waiting = waiting.filter(({ id }) => !taken.has(id));
          for (const { workspace, task, weight } of expected) {
            running.set(`${workspace}/${task}`, (running.get(`${workspace}/${task}`) ?? 0) + weight);
          }
        }
      }),
      { numRuns: 40 },
    );
  });
}
