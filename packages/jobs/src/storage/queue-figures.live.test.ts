import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { dumpDatabase, restoreDatabase } from '@understudy/database-postgres';
import { createTestDatabase, type TestDatabase } from '@understudy/database-postgres/testing';
import { newId } from '@understudy/kernel';
import { seeded } from '@understudy/kernel/testing';
import { sql } from 'kysely';
import type { JobOutcome } from '../job.ts';
import type { QueueFigures } from '../ports.ts';
import { exampleJob } from '../testing/index.ts';
import { jobsMigrations, PostgresDeadLetterStore, PostgresJobStore, PostgresQueueFigures } from './index.ts';

const SEED = Number(process.env.UNDERSTUDY_TEST_SEED ?? 20_260_901);
const WORKSPACES = ['ws_a', 'ws_b', 'ws_c'];
const TASKS = ['one', 'two'];
let db: TestDatabase;
let store: PostgresJobStore;
let figures: PostgresQueueFigures;

before(async () => {
  db = await createTestDatabase({ migrations: [jobsMigrations], poolSize: 12 });
  store = new PostgresJobStore(db.database);
  figures = new PostgresQueueFigures(db.database);
});
after(() => db.close());

/** Where counts that are kept and a full count differ, both of one snapshot. */
async function differences(): Promise<unknown[]> {
  return db.database.asSystem(async (tx) => {
    const { rows } = await sql`
      WITH kept AS (
        SELECT workspace_id, figure, task, sum(n) AS n FROM (
          SELECT * FROM jobs.queue_counts UNION ALL SELECT * FROM jobs.queue_changes) c
        GROUP BY 1, 2, 3 HAVING sum(n) <> 0),
      counted AS (
        SELECT workspace_id, state AS figure, task, count(*) AS n FROM jobs.jobs
          WHERE state IN ('queued', 'running') GROUP BY 1, 2, 3
        UNION ALL
        SELECT workspace_id, kind, '', count(*) FROM jobs.dead_letters WHERE state = 'waiting' GROUP BY 1, 2)
      SELECT workspace_id, figure, task, kept.n AS kept, counted.n AS counted
      FROM kept FULL JOIN counted USING (workspace_id, figure, task) WHERE kept.n IS DISTINCT FROM counted.n`.execute(
      tx,
    );
    return rows;
  });
}

/** The figures of a queue by looking at every job. */
async function byCounting(workspace: string): Promise<QueueFigures[]> {
  return db.database.inWorkspace(workspace, async (tx) => {
    const { rows } = await sql<Omit<QueueFigures, 'oldestAt'> & { oldest: Date | null }>`
      SELECT task, count(*) FILTER (WHERE state = 'queued' AND ready_at <= now())::int AS queued,
        count(*) FILTER (WHERE state = 'queued' AND ready_at > now())::int AS scheduled,
        count(*) FILTER (WHERE state = 'running')::int AS running,
        min(ready_at) FILTER (WHERE state = 'queued' AND ready_at <= now()) AS oldest
      FROM jobs.jobs WHERE workspace_id = ${workspace} AND state IN ('queued', 'running')
      GROUP BY task ORDER BY task`.execute(tx);
    return rows.map(({ oldest, ...rest }) => ({ ...rest, oldestAt: oldest?.getTime() ?? null }));
  });
}

/** Somebody who does everything that is done to jobs and letters, at random. */
class Somebody {
  readonly #random: () => number;
  readonly #letters = new PostgresDeadLetterStore(db.database);

  constructor(seed: number) {
    this.#random = seeded(seed);
  }

  async act(): Promise<void> {
    const draw = this.#random();
    if (draw < 0.35) await this.#accept();
    else if (draw < 0.65) await this.#work();
    else if (draw < 0.75) await this.#cancel();
    else if (draw < 0.85) await this.#letter();
    else if (draw < 0.9) await this.#undone();
    else if (draw < 0.95) await store.expire(this.#random() < 0.5 ? 0 : 30, 5);
    else await figures.fold();
  }

  #pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)]!;
  }

  async #accept(): Promise<void> {
    for (let n = 1 + this.#random() * 4; n > 0; n--) {
      const notBefore = this.#random() < 0.4 ? Date.now() + (this.#random() - 0.3) * 30_000 : null;
      const many = this.#random() < 0.2 ? 3 : undefined;
      await store.accept({
        ...exampleJob({ workspace: this.#pick(WORKSPACES), task: this.#pick(TASKS), ...(many ? { many } : {}) }),
        notBefore,
        priority: Math.floor(this.#random() * 10),
      });
    }
  }

  async #work(): Promise<void> {
    const leaseMs = this.#random() < 0.2 ? 1 : 60_000;
    const claimed = await store.claim({
      worker: 'w',
      limit: 8,
      leaseMs,
      concurrency: 100,
      after: this.#pick(WORKSPACES),
    });
    if (this.#random() < 0.3)
      await store.renew(
        claimed.map(({ fence }) => fence),
        leaseMs,
      );
    for (const workspace of WORKSPACES) {
      const outcomes = claimed
        .filter((claim) => claim.workspace === workspace && this.#random() < 0.8)
        .map((claim): JobOutcome => ({ claim, items: this.#items(claim.many ? 3 : 1) }));
      if (outcomes.length === 0) continue;
      await db.database.inWorkspace(workspace, (tx) => store.settle(tx, workspace, outcomes));
    }
  }

  #items(count: number): JobOutcome['items'] {
    const error = { code: 'internal', detail: 'odd', retryable: true } as never;
    return Array.from({ length: count }, (_, position) => {
      const draw = this.#random();
      const delayMs = this.#random() * 20_000;
      if (draw < 0.4) return { position, end: 'decided', decision: newId('dec', Date.now()) } as const;
      if (draw < 0.6) return { position, end: 'given_up', error } as const;
      if (draw < 0.8) return { position, end: 'again', error, delayMs } as const;
      return { position, end: 'deferred', error, delayMs } as const;
    }) as JobOutcome['items'];
  }

  async #cancel(): Promise<void> {
    const workspace = this.#pick(WORKSPACES);
    const [job] = await store.list(
      workspace,
      { status: this.#pick(['queued', 'running'] as const) },
      { limit: 1, before: null },
    );
    if (job !== undefined) await db.database.inWorkspace(workspace, (tx) => store.cancel(tx, workspace, job.id));
  }

  async #letter(): Promise<void> {
    const workspace = this.#pick(WORKSPACES);
    const letter = {
      ...{ id: newId('dlt', Date.now()), kind: this.#pick(['failed', 'unprocessable'] as const) },
      ...{
        origin: { kind: 'outgoing', id: 'out_1' } as const,
        task: null,
        reason: { code: 'internal', detail: 'odd' },
      },
      ...{ body: Buffer.from('x'), contentType: 'text/plain', headers: {}, message: null, attempts: 1, history: [] },
      traceId: null,
    };
    await db.database.inWorkspace(workspace, (tx) =>
      this.#letters.insert(tx, workspace, [letter, { ...letter, id: newId('dlt', Date.now()) }]),
    );
    if (this.#random() < 0.6) {
      await db.database.inWorkspace(workspace, (tx) =>
        this.#letters.resolve(tx, workspace, [letter.id], { state: 'replayed', by: 'me', note: null }),
      );
    }
    if (this.#random() < 0.2) await this.#letters.expire(0, 3);
  }

  /** What is rolled back has not been. */
  async #undone(): Promise<void> {
    const workspace = this.#pick(WORKSPACES);
    const undone = db.database.inWorkspace(workspace, async (tx) => {
      await sql`UPDATE jobs.jobs SET state = 'cancelled' WHERE workspace_id = ${workspace}`.execute(tx);
      throw new Error('undone');
    });
    await undone.catch(() => {});
  }
}

test(`the counts that are kept are those of a full count, after anything that happens (seed ${SEED})`, async () => {
  const one = new Somebody(SEED);
  for (let step = 0; step < 150; step++) {
    await one.act();
    if (step % 5 !== 0) continue;
    assert.deepEqual(await differences(), [], `after step ${step}`);
    for (const workspace of WORKSPACES) {
      // Nothing falls due between the two looks but by chance; then the second look agrees.
      const [kept, counted] = [await figures.queues(workspace), await byCounting(workspace)];
      try {
        assert.deepEqual(kept, counted);
      } catch {
        assert.deepEqual(await figures.queues(workspace), await byCounting(workspace), `after step ${step}`);
      }
    }
  }
  const all = (await Promise.all(WORKSPACES.map(byCounting))).flat();
  const sum = (of: (queue: QueueFigures) => number) => all.reduce((total, queue) => total + of(queue), 0);
  const totals = await figures.totals();
  assert.deepEqual([totals.queued, totals.running], [sum((q) => q.queued + q.scheduled), sum((q) => q.running)]);
  assert.ok(totals.queued > 0 && totals.running > 0, 'the seed leaves something to count');
});

test('while many do everything at once, every snapshot agrees with a full count', async () => {
  let working = true;
  const crowd = Array.from({ length: 5 }, async (_, index) => {
    const one = new Somebody(SEED + 1 + index);
    for (let step = 0; step < 40; step++) {
      // Two that lock the same rows in different orders may be told to try again, as anywhere.
      await one.act().catch((error: { code?: string }) => assert.match(String(error.code), /database|40P01|40001/));
    }
  });
  const done = Promise.all(crowd).finally(() => {
    working = false;
  });
  let looks = 0;
  while (working) {
    assert.deepEqual(await differences(), []);
    looks++;
  }
  await done;
  await figures.fold();
  assert.deepEqual(await differences(), []);
  assert.ok(looks > 3, `${looks} looks`);
});

test('folding leaves nothing behind, and slots that passed become one', async () => {
  await db.asOwner('TRUNCATE jobs.jobs, jobs.items, jobs.dead_letters');
  const table = (name: string) =>
    db.database.asSystem(async (tx) => (await sql.raw(`SELECT * FROM jobs.${name}`).execute(tx)).rows);
  assert.deepEqual([await table('queue_changes'), await table('queue_counts')], [[], []]);
  for (let hours = 2; hours < 12; hours++) {
    const { job } = await store.accept(exampleJob({ workspace: 'ws_a', task: 'one' }));
    await db.database.asSystem((tx) =>
      sql`UPDATE jobs.jobs SET ready_at = now() - make_interval(hours => ${hours}),
          created_at = now() - interval '20 hours' WHERE id = ${job.id}`.execute(tx),
    );
  }
  await figures.fold();
  assert.deepEqual(await table('queue_changes'), []);
  await figures.fold();
  assert.equal((await table('queue_counts')).length, 1);
  assert.deepEqual(await figures.queues('ws_a'), await byCounting('ws_a'));
  await db.database.asSystem((tx) => sql`UPDATE jobs.jobs SET state = 'cancelled'`.execute(tx));
  await figures.fold();
  assert.deepEqual([await table('queue_changes'), await table('queue_counts')], [[], []]);
  assert.deepEqual(await figures.queues('ws_a'), []);
});

test('figures of twenty thousand jobs are read from counts, not from the jobs', async () => {
  // One connection, so that what it has read is all that was read.
  const alone = await createTestDatabase({ migrations: [jobsMigrations], poolSize: 1 });
  try {
    const figures = new PostgresQueueFigures(alone.database);
    await alone.database.asSystem((tx) =>
      sql`INSERT INTO jobs.jobs (workspace_id, id, task, rank, ready_at, created_at, many, total, request, options)
          SELECT 'ws_a', 'job_' || lpad(n::text, 26, '0'), 'one', 4,
            now() + CASE WHEN n % 10 = 0 THEN interval '1 day' ELSE interval '-1 hour' END, now() - interval '1 hour',
            false, 1, '{"input":{"text":"x"}}', '{}' FROM generate_series(1, 20000) n`.execute(tx),
    );
    await figures.fold();
    const read = async () => {
      await alone.database.asSystem((tx) => sql`SELECT pg_stat_force_next_flush()`.execute(tx));
      return alone.database.asSystem(async (tx) => {
        const { rows } = await sql<{ read: number }>`
          SELECT (seq_tup_read + idx_tup_fetch)::int AS read FROM pg_stat_user_tables
          WHERE relid = 'jobs.jobs'::regclass`.execute(tx);
        return rows[0]!.read;
      });
    };
    const before = await read();
    const [queue] = await figures.queues('ws_a');
    const totals = await figures.totals();
    const looked = (await read()) - before;
    assert.deepEqual([queue?.queued, queue?.scheduled, queue?.running], [18_000, 2_000, 0]);
    assert.deepEqual([totals.queued, totals.running], [20_000, 0]);
    assert.ok(totals.oldestSeconds >= 3_600);
    assert.ok(looked > 0 && looked < 100, `${looked} jobs were looked at`);
  } finally {
    await alone.close();
  }
});

test('a backup that is restored has the counts that it had, and counts on', async () => {
  const copy = await createTestDatabase({ migrations: [jobsMigrations] });
  try {
    for (let n = 0; n < 3; n++) await store.accept(exampleJob({ workspace: 'ws_a', task: 'one' }));
    await figures.fold();
    await store.accept(exampleJob({ workspace: 'ws_a', task: 'two' }));
    const wanted = await figures.queues('ws_a');
    async function* pieces() {
      for await (const piece of dumpDatabase(db.url)) if (piece.kind !== 'migrations') yield piece;
    }
    await restoreDatabase(copy.url, pieces(), { emptyWithout: 'jobs.jobs' });
    const restored = new PostgresQueueFigures(copy.database);
    assert.deepEqual(await restored.queues('ws_a'), wanted);
    await new PostgresJobStore(copy.database).accept(exampleJob({ workspace: 'ws_a', task: 'three' }));
    assert.equal((await restored.queues('ws_a')).length, wanted.length + 1);
  } finally {
    await copy.close();
  }
});
