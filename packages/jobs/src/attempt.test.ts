import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PreparedDecision } from '@understudy/decisions';
import { defineErrors, silentLogger } from '@understudy/kernel';
import { Attempt, type AttemptPorts } from './attempt.ts';
import type { NewDeadLetter } from './dead-letter.ts';
import { DEFAULT_RETRY } from './retry.ts';
import { exampleJob, exampleOptions, MemoryJobStore } from './testing/index.ts';

const errors = defineErrors({
  busy: { title: 'b', description: 'b', retryable: true },
  bad: { title: 'b', description: 'b', retryable: false },
  database_unavailable: { title: 'd', description: 'd', retryable: true },
});

/** A worker over the queue in memory. What a text says is what becomes of its item. */
function scene(change: Partial<AttemptPorts> = {}) {
  const store = new MemoryJobStore();
  const world = {
    store,
    decided: [] as string[],
    letters: [] as NewDeadLetter[],
    sent: [] as any[],
    called: [] as any[],
    events: [] as any[],
    tries: 0,
    upstreamDown: false,
    commitsToLose: 0,
  };
  const ports: AttemptPorts = {
    store,
    database: {
      inWorkspace: async (_workspace: string, work: (tx: never) => Promise<unknown>) => {
        const restore = store.snapshot();
        const before = { decided: [...world.decided], letters: [...world.letters], events: [...world.events] };
        try {
          if (world.commitsToLose > 0) {
            world.commitsToLose--;
            throw errors.database_unavailable('away');
          }
          return await work(null as never);
        } catch (error) {
          restore();
          Object.assign(world, before);
          throw error;
        }
      },
    } as never,
    decider: {
      prepare: async (call, _task, { input: { text } }) => {
        world.tries++;
        if (world.upstreamDown) throw errors.busy('not now');
        if (text.startsWith('bad')) throw errors.bad('never');
        if (text.startsWith('bug')) throw new TypeError('x is not a function');
        if (text.startsWith('slow')) return new Promise<never>(() => {});
        return { record: { id: `${call.via!.id}/${text}` }, body: { label: text } } as unknown as PreparedDecision;
      },
      commitIn: async (_tx, prepared, events) => {
        for (const { record } of prepared) {
          if (record.id.includes('unwritable')) throw errors.bad('this row cannot be written');
          world.decided.push(record.id.split('/')[1]!);
        }
        world.events.push(...events);
      },
    },
    deadLetters: { put: async (_tx, _workspace, letters) => void world.letters.push(...letters) },
    replies: { knows: () => true, enqueue: async (_tx, _workspace, messages) => void world.sent.push(...messages) },
    callbacks: { check: () => {}, enqueue: async (_tx, _workspace, callback) => void world.called.push(callback) },
    events: { record: async (_tx, _workspace, events) => void world.events.push(...events) },
    clock: { now: () => store.now },
    logger: silentLogger,
    retry: { ...DEFAULT_RETRY, attempts: 3 },
    attemptMs: 20,
    random: () => 0.5,
    pause: async () => {},
    ...change,
  };
  const attempt = new Attempt(ports);
  const ask = (text: string, more: Parameters<typeof exampleJob>[0] = {}) =>
    store.accept(exampleJob({ items: [{ input: { text }, external_id: `ext ${text}` }], ...more }));
  const round = async (limit = 100) => {
    const claimed = await store.claim({ worker: 'w', limit, leaseMs: 60_000, concurrency: 1000, after: '' });
    await attempt.work(claimed);
    return claimed.length;
  };
  return { world, attempt, ask, round };
}

test('what can never succeed is unprocessable at once; what may is tried again, and fails in the end', async () => {
  const { world, ask, round } = scene();
  await ask('bad');
  await ask('bug');
  await ask('fine');
  for (let i = 0; i < 6; i++) {
    await round();
    world.store.now += 600_000;
  }
  assert.deepEqual(world.decided, ['fine']);
  assert.deepEqual(
    world.letters.map(({ kind, reason, attempts, history }) => [kind, reason.code, attempts, history.length]),
    [
      ['unprocessable', 'bad', 1, 1],
      ['failed', 'internal_error', 3, 3],
    ],
  );
  assert.equal(world.letters[1]!.reason.detail.includes('function'), false, 'no word of the fault leaves');
  assert.deepEqual(world.events.map(({ data }) => data.status).sort(), ['failed', 'failed', 'succeeded']);
});

test('an item that cannot be written down is found, and takes nobody else’s attempt', async () => {
  const { world, ask, round, attempt } = scene();
  for (let i = 0; i < 25; i++) await ask(i === 13 ? 'unwritable' : `fine ${i}`);
  await round();
  assert.equal(world.decided.length, 24);
  assert.deepEqual(
    world.letters.map(({ kind, body }) => [kind, JSON.parse(Buffer.from(body).toString()).input.text]),
    [['unprocessable', 'unwritable']],
  );
  assert.equal(attempt.statistics.attempts, 25);
});

test('the same among the items of one job', async () => {
  const { world, round } = scene();
  const texts = Array.from({ length: 30 }, (_, i) => (i === 17 ? 'unwritable' : `fine ${i}`));
  const { job } = await world.store.accept(exampleJob({ many: 30, items: texts.map((text) => ({ input: { text } })) }));
  for (let i = 0; i < 40; i++) await round();
  const found = await world.store.find('ws_1', job.id);
  assert.deepEqual([found?.status, found?.done, found?.failed], ['failed', 30, 1]);
  assert.deepEqual([world.decided.length, new Set(world.decided).size], [29, 29]);
  assert.deepEqual([world.letters.length, world.letters[0]?.message], [1, '17']);
});

test('an attempt has its time', async () => {
  const { world, ask, round } = scene();
  const { job } = await ask('slow');
  await round();
  const found = await world.store.find('ws_1', job.id);
  assert.deepEqual([found?.status, found?.error?.code], ['queued', 'job_attempt_timed_out']);
});

test('a lost commit is made again; when the database stays away, the job is left to its lease', async () => {
  const { world, ask, round } = scene();
  await ask('one');
  world.commitsToLose = 2;
  await round();
  assert.deepEqual(world.decided, ['one']);
  await ask('two');
  world.commitsToLose = 10;
  await round();
  assert.deepEqual(world.decided, ['one']);
  world.commitsToLose = 0;
  assert.equal(await round(), 0);
  world.store.now += 60_001;
  await round();
  assert.deepEqual(world.decided, ['one', 'two']);
});

test('row 17: while everything fails, at most a tenth of the tries are repeats; afterwards nothing stays behind', async () => {
  const { world, ask, round, attempt } = scene({ retry: { ...DEFAULT_RETRY, attempts: 50 } });
  world.upstreamDown = true;
  let offered = 0;
  for (let second = 0; second < 100; second++) {
    for (let i = 0; i < 5; i++) {
      await ask(`item ${second} ${i}`);
      offered++;
    }
    await round(1000);
    world.store.now += 1000;
  }
  // A trickle of 0.2 a second (20) and 10 saved ones come on top of the tenth.
  assert.ok(world.tries <= offered * 1.1 + 30, `${world.tries} tries of ${offered}`);
  assert.ok(attempt.statistics.retries > offered * 0.05, 'it goes on trying');
  world.upstreamDown = false;
  for (let i = 0; i < 60; i++) {
    await round(1000);
    world.store.now += 60_000;
  }
  assert.deepEqual([world.decided.length, world.letters.length], [offered, 0]);
});

test('a job is answered by topic and by callback, with what joins it, in the transaction that ends it', async () => {
  const { world, ask, round } = scene();
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const options = {
    ...exampleOptions,
    traceparent,
    callbackUrl: 'https://a.example/cb',
    replyTo: { bus: 'main', topic: 'out' },
  };
  const { job } = await ask('fine', { options });
  const { job: wrong } = await ask('bad', { options });
  await round();
  assert.deepEqual(
    world.sent.map(({ bus, topic, id, key, headers, body }) => [
      bus,
      topic,
      id,
      key,
      headers.traceparent,
      JSON.parse(body),
    ]),
    [
      [
        'main',
        'out',
        job.id,
        'ext fine',
        traceparent,
        { job: job.id, external_id: 'ext fine', decision: { label: 'fine' } },
      ],
      [
        'main',
        'out',
        wrong.id,
        'ext bad',
        traceparent,
        { job: wrong.id, external_id: 'ext bad', error: { code: 'bad', detail: 'never' } },
      ],
    ],
  );
  assert.deepEqual(
    world.called.map(({ url, event }) => [
      url,
      event.type,
      event.subject,
      event.data.status,
      event.data.external_id,
      event.traceparent,
    ]),
    [
      ['https://a.example/cb', 'job.finished', job.id, 'succeeded', 'ext fine', traceparent],
      ['https://a.example/cb', 'job.finished', wrong.id, 'failed', 'ext bad', traceparent],
    ],
  );
  assert.deepEqual(world.called[0].event.data.decision, { label: 'fine' });
  assert.equal(JSON.stringify(world.events).includes('ext '), false, 'the log of events holds nothing of the caller’s');
});

test('a job that its worker vanished with again and again is given up', async () => {
  const { world, ask, round } = scene();
  await ask('fine');
  for (let i = 0; i < 6; i++) {
    await world.store.claim({ worker: 'doomed', limit: 1, leaseMs: 60_000, concurrency: 10, after: '' });
    world.store.now += 60_001;
  }
  await round();
  assert.deepEqual(
    world.letters.map(({ kind, reason }) => [kind, reason.code]),
    [['failed', 'job_worker_lost']],
  );
});
