import { setTimeout as pause } from 'node:timers/promises';
import { UnderstudyClient, UnderstudyError } from '@understudy/client';
import { percent } from '../terminal/format.ts';
import { readStream, readTruth, type StreamItem } from './example-stream.ts';
import { reviewLikePeople } from './simulated-reviewer.ts';

export interface PlayProgress {
  decided: number;
  automated: number;
  answered: number;
  /** Items of all streams. */
  total: number;
}

export interface PlayOptions {
  url: string;
  /** The example workspace's key. */
  key: string;
  tasks: readonly string[];
  /** 1 = all of it in about two and a half minutes. */
  speed: number;
  signal: AbortSignal;
  progress(state: PlayProgress): void;
}

/** Items a second and task at speed 1. */
const PACE = 3;
/** Items that a newcomer finds in each queue. */
const LEFT_WAITING = 12;
const REVIEWER_NAME = 'Demo: simulated reviewers';

/**
 * Plays the example tasks' streams through the public API: every figure that follows is measured on these decisions.
 * Goes on where an earlier play was stopped. Resolves when all items are decided and answered, or on `signal`.
 */
export async function play(options: PlayOptions): Promise<PlayProgress> {
  const { url, key, tasks, signal } = options;
  const client = new UnderstudyClient({ baseUrl: url, apiKey: key });
  const streams = await Promise.all(tasks.map(async (task) => ({ task, items: await readStream(task) })));
  const state: PlayProgress = {
    decided: 0,
    automated: 0,
    answered: 0,
    total: streams.reduce((sum, { items }) => sum + items.length, 0),
  };
  const reviewerKey = await makeReviewer(client, signal);
  const done = new AbortController();
  const until = AbortSignal.any([signal, done.signal]);
  const truth = new Map(await Promise.all(tasks.map(async (task) => [task, await readTruth(task)] as const)));
  const reviewing = reviewLikePeople({
    client: new UnderstudyClient({ baseUrl: url, apiKey: reviewerKey.secret }),
    truth,
    leave: LEFT_WAITING,
    signal: until,
    answered: () => {
      state.answered++;
      options.progress(state);
    },
  }).catch((error: unknown) => {
    if (!until.aborted) throw error;
  });
  try {
    const streaming = Promise.all(streams.map(({ task, items }) => send(client, task, items, state, options)));
    await Promise.race([streaming, reviewing]);
    await streaming;
    await settled(client, tasks, signal);
  } finally {
    done.abort();
    await reviewing;
    await client.keys.revoke(reviewerKey.id).catch(() => {});
  }
  return state;
}

/** One task's items in order, each marked as part of the demo. */
async function send(
  client: UnderstudyClient,
  task: string,
  items: readonly StreamItem[],
  state: PlayProgress,
  { signal, speed, progress }: PlayOptions,
): Promise<void> {
  const startAt = await position(client, task, items, signal);
  state.decided += startAt;
  let due = performance.now();
  for (const item of items.slice(startAt)) {
    const decision = await client.predict(task, { ...item, attributes: { demo: true } }, { signal });
    state.decided++;
    if (decision.outcome === 'automated') state.automated++;
    progress(state);
    due += 1000 / (PACE * speed);
    const wait = due - performance.now();
    // A server that could not keep up is not hurried afterwards.
    if (wait > 0) await pause(wait, undefined, { signal });
    else due = performance.now();
  }
}

/** How many of the items were decided before: the newest decision tells. */
async function position(
  client: UnderstudyClient,
  task: string,
  items: readonly StreamItem[],
  signal: AbortSignal,
): Promise<number> {
  const places = new Map(items.map(({ external_id: id }, index) => [id, index]));
  const { created_at: taskMadeAt } = await client.tasks.get(task, { signal });
  for await (const { external_id: id } of client.decisions.list({ task, from: taskMadeAt }, { limit: 200, signal })) {
    const place = id === null ? undefined : places.get(id);
    if (place !== undefined) return place + 1;
  }
  return 0;
}

/** Waits until the reviewer has left no more than what is left on purpose. */
async function settled(client: UnderstudyClient, tasks: readonly string[], signal: AbortSignal): Promise<void> {
  for (;;) {
    const { data: queues } = await client.review.queues({}, { signal });
    if (queues.every(({ task, depth }) => !tasks.includes(task) || depth <= LEFT_WAITING)) return;
    await pause(500, undefined, { signal });
  }
}

/** A key that may review and nothing else; those of earlier plays end. */
async function makeReviewer(client: UnderstudyClient, signal: AbortSignal) {
  for await (const key of client.keys.list({ signal })) {
    if (key.name === REVIEWER_NAME && key.revoked_at === null) {
      await client.keys.revoke(key.id, { signal }).catch((error: unknown) => {
        if (!(error instanceof UnderstudyError)) throw error;
      });
    }
  }
  return client.keys.create({ name: REVIEWER_NAME, scopes: ['review:read', 'review:write'] }, { signal });
}

export function describePlay({ decided, automated, answered, total }: PlayProgress): string {
  const rate = decided === 0 ? 0 : automated / decided;
  return `${decided} of ${total} decided, ${percent(rate)} automated, ${answered} answered by simulated reviewers`;
}
