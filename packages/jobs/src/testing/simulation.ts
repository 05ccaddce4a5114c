import { createHash } from 'node:crypto';
import type { PreparedDecision } from '@understudy/decisions';
import { defineErrors, silentLogger, type Tx } from '@understudy/kernel';
import { Attempt, type AttemptPorts } from '../attempt.ts';
import type { NewDeadLetter } from '../dead-letter.ts';
import type { ClaimedJob, NewJob } from '../job.ts';
import type { JobStore } from '../ports.ts';
import { lastServed } from '../queue-rules.ts';
import { exampleJob } from './example-job.ts';
import { MemoryJobStore } from './memory-job-store.ts';

/** What the simulated world does to the queue. */
export interface Faults {
  /** Of a decision: fails and may succeed later; can never succeed; kills the process that tries it. */
  flaky: number;
  poison: number;
  deadly: number;
  /** Of a commit: the connection is lost before it, or after it. */
  lostBefore: number;
  lostAfter: number;
  /** Of a step: a worker is killed; stands still for a while; the clock jumps past all leases. */
  kill: number;
  freeze: number;
  leap: number;
}

export interface SimulationPlan {
  seed: number;
  workers: number;
  jobs: number;
  workspaces: number;
  /** Items of one claim. */
  limit: number;
  faults: Faults;
}

/** What a run came to: the facts that the invariants are about. */
export interface SimulationResult {
  steps: number;
  kills: number;
  jobs: { job: NewJob; status: string; effects: number; letters: number; repeats: number }[];
  phantoms: string[];
  /** Most other work that a workspace's due job saw handed out in turns between its own, in claims. */
  longestWait: number;
  fenced: number;
}

const errors = defineErrors({
  flaky: { title: 'f', description: 'f', retryable: true },
  poison: { title: 'p', description: 'p', retryable: false },
  database_unavailable: { title: 'd', description: 'd', retryable: true },
});

const LEASE_MS = 60_000;

/** A process: everything that it does passes its gate, which a kill closes for ever and a freeze for a while. */
class Process {
  alive = true;
  frozenUntil = 0;
  busy = false;
}

/** mulberry32: small, and good enough to choose what happens next. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Runs the real {@link Attempt} of several workers over the queue in memory, one step at a time in an order that the
 * seed chooses, with kills, freezes, lost commits and bad items, until everything has ended. The same plan always
 * does the same.
 */
export async function simulate(plan: SimulationPlan): Promise<SimulationResult> {
  const draw = random(plan.seed);
  const chance = (p: number) => draw() < p;
  const pick = <T>(from: readonly T[]): T => from[Math.floor(draw() * from.length)]!;
  const store = new MemoryJobStore();
  /** Decisions that were committed, as job and position. */
  let effects: string[] = [];
  let letters: string[] = [];
  let faults = plan.faults;
  let kills = 0;
  let fenced = 0;
  let steps = 0;
  /** What waits to go on: each is one step of one process. */
  let ready: { process: Process; go: () => void }[] = [];

  const turn = (process: Process): Promise<void> =>
    new Promise((go) => {
      // The dead never go on; what they hold is garbage.
      if (process.alive) ready.push({ process, go });
    });
  const kill = (process: Process) => {
    if (process.alive) kills++;
    process.alive = false;
    ready = ready.filter((step) => step.process !== process);
  };

  const stubborn = new Set<string>();
  const portsOf = (process: Process): AttemptPorts => ({
    store: {
      ...bound(store),
      open: async (...given) => {
        await turn(process);
        return store.open(...given);
      },
    },
    database: {
      inWorkspace: async (_workspace: string, work: (tx: Tx) => Promise<any>) => {
        await turn(process);
        if (chance(faults.lostBefore)) throw errors.database_unavailable('the connection was lost');
        // Nothing else runs in here: row locks make the real transaction as good as alone.
        const restore = store.snapshot();
        const before = { effects, letters };
        effects = [...effects];
        letters = [...letters];
        try {
          const value = await work(null as never);
          if (chance(faults.lostAfter)) {
            await turn(process);
            throw errors.database_unavailable('the answer to COMMIT was lost');
          }
          return value;
        } catch (error) {
          if (!(error instanceof Error && /COMMIT/.test(error.message))) {
            restore();
            ({ effects, letters } = before);
          }
          throw error;
        }
      },
    } as never,
    decider: {
      prepare: async (call, _task, request) => {
        await turn(process);
        const { text } = request.input;
        const name = `${call.via!.id}/${call.via!.message ?? 0}`;
        if (text.startsWith('deadly') && !stubborn.has(name)) {
          kill(process);
          return new Promise<never>(() => {});
        }
        if (text.startsWith('poison')) throw errors.poison('it can never be decided');
        if (chance(faults.flaky)) throw errors.flaky('not now');
        return { record: { id: name }, body: {} } as unknown as PreparedDecision;
      },
      commitIn: async (_tx, prepared) => {
        effects.push(...prepared.map(({ record }) => record.id));
      },
    },
    deadLetters: {
      put: async (_tx, _workspace, given: readonly NewDeadLetter[]) => {
        letters.push(...given.map(({ origin, message }) => `${origin.id}/${message ?? 0}`));
      },
    },
    replies: { knows: () => true, enqueue: async () => {} },
    callbacks: { check: () => {}, enqueue: async () => {} },
    events: { record: async () => {} },
    clock: { now: () => store.now },
    logger: silentLogger,
    retry: { attempts: 4, firstMs: 1000, longestMs: 30_000 },
    attemptMs: 2_000_000_000, // time limits are not simulated: a decision ends or its process does
    random: draw,
    pause: () => turn(process),
  });

  // The waiting of each workspace, in claims, while it had due jobs.
  const waits = new Map<string, number>();
  let longestWait = 0;
  const claimFor = async (after: string): Promise<ClaimedJob[]> => {
    const due = new Set<string>();
    for (let i = 0; i < plan.workspaces; i++) {
      const queues = await store.queues(`ws_${i}`);
      if (queues.some(({ queued }) => queued > 0)) due.add(`ws_${i}`);
    }
    const claimed = await store.claim({ worker: 'w', limit: plan.limit, leaseMs: LEASE_MS, concurrency: 50, after });
    const served = new Set(claimed.map(({ workspace }) => workspace));
    // A claim that only collects lost leases serves nobody new.
    const anyNew = claimed.some(({ lost }) => lost === 0);
    for (const workspace of due) {
      const wait = served.has(workspace) ? 0 : (waits.get(workspace) ?? 0) + (anyNew ? 1 : 0);
      waits.set(workspace, wait);
      longestWait = Math.max(longestWait, wait);
    }
    return claimed;
  };

  const processes: Process[] = [];
  let after = '';
  const startProcess = () => {
    const process = new Process();
    processes.push(process);
    const attempt = new Attempt(portsOf(process));
    const loop = async () => {
      while (process.alive) {
        await turn(process);
        const claimed = await claimFor(after);
        after = lastServed(
          claimed.map(({ workspace }) => workspace),
          after,
        );
        if (claimed.length === 0) continue;
        const before = attempt.statistics.fenced;
        await attempt.work(claimed);
        fenced += attempt.statistics.fenced - before;
      }
    };
    void loop();
  };
  for (let i = 0; i < plan.workers; i++) startProcess();

  const accepted = new Map<string, { job: NewJob; repeats: number }>();
  const accept = async (job: NewJob) => {
    const known = accepted.get(job.key!.hash.toString('hex'));
    const { job: stored, replayed } = await store.accept(job);
    if (known === undefined)
      accepted.set(job.key!.hash.toString('hex'), { job: { ...job, id: stored.id }, repeats: 0 });
    else if (replayed && stored.id === known.job.id) known.repeats++;
  };
  const makeJob = (n: number): NewJob => {
    const kind = chance(plan.faults.poison) ? 'poison' : chance(plan.faults.deadly) ? 'deadly' : 'plain';
    const count = chance(0.2) ? 1 + Math.floor(draw() * 6) : undefined;
    const job = exampleJob({
      workspace: `ws_${Math.floor(draw() * plan.workspaces)}`,
      task: pick(['one', 'two']),
      priority: pick([1, 5, 5, 9]),
      notBefore: chance(0.2) ? store.now + Math.floor(draw() * 90_000) : null,
      ...(count === undefined ? {} : { many: count }),
    });
    const hash = createHash('sha256').update(`${n}`).digest();
    const items = job.items.map((_, i) => ({ input: { text: `${i === 0 ? kind : 'plain'} ${n} ${i}` } }));
    return { ...job, items, key: { hash, requestHash: hash } };
  };

  let made = 0;
  const settled = async () => {
    const all = await Promise.all([...accepted.values()].map(({ job }) => store.find(job.workspace, job.id)));
    return all.every((job) => job !== null && ['succeeded', 'failed', 'cancelled'].includes(job.status));
  };
  const breath = () => new Promise<void>((done) => setImmediate(done));

  for (let last = 0; ; ) {
    if (++steps > 60_000) throw new Error(`not settled after ${steps} steps`);
    // Everything that can go on without a turn has gone on: promises only, no timers.
    await breath();
    if (made < plan.jobs && chance(0.5)) {
      const job = makeJob(made++);
      await accept(job);
      // A client that did not get its answer sends it again, under another id of its own.
      if (chance(0.3)) await accept({ ...job, id: `${job.id.slice(0, -4)}zzzz` });
    } else if (accepted.size > 0 && chance(0.02)) {
      const { job } = pick([...accepted.values()]);
      await store.cancel(null as never, job.workspace, job.id);
    }
    if (chance(faults.kill)) kill(pick(processes));
    if (chance(faults.freeze)) pick(processes).frozenUntil = store.now + 2 * LEASE_MS;
    if (chance(faults.leap)) store.now += LEASE_MS + 1;
    if (processes.filter(({ alive }) => alive).length < plan.workers) startProcess();
    const able = ready.filter(({ process }) => process.frozenUntil <= store.now);
    if (able.length === 0) store.now += 5_000;
    else {
      const step = pick(able);
      ready.splice(ready.indexOf(step), 1);
      step.go();
      store.now += Math.floor(draw() * 400);
    }
    if (made === plan.jobs && steps - last > 40) {
      last = steps;
      // What kills or breaks only by chance comes to an end; what is bad in itself stays bad.
      if (steps > 1500) faults = { ...faults, kill: 0, freeze: 0, leap: 0.05, lostBefore: 0, lostAfter: 0, flaky: 0 };
      if (await settled()) break;
    }
  }
  for (const process of processes) kill(process);

  const ids = new Set([...accepted.values()].map(({ job }) => job.id));
  const ofJob = (entries: string[], id: string) => entries.filter((entry) => entry.startsWith(`${id}/`));
  return {
    steps,
    kills,
    fenced,
    longestWait,
    phantoms: effects.filter((entry) => !ids.has(entry.split('/')[0]!)),
    jobs: await Promise.all(
      [...accepted.values()].map(async ({ job, repeats }) => {
        const found = (await store.find(job.workspace, job.id))!;
        const own = ofJob(effects, job.id);
        if (new Set(own).size !== own.length) throw new Error(`an item of ${job.id} was decided twice: ${own}`);
        return { job, repeats, status: found.status, effects: own.length, letters: ofJob(letters, job.id).length };
      }),
    ),
  };
}

function bound(store: MemoryJobStore): JobStore {
  return new Proxy(store, {
    get: (target, name) => {
      const member = Reflect.get(target, name, target) as unknown;
      return typeof member === 'function' ? member.bind(target) : member;
    },
    ownKeys: () => Object.getOwnPropertyNames(MemoryJobStore.prototype).filter((name) => name !== 'constructor'),
    getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
  });
}
