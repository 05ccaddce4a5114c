import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UnderstudyClient } from '@understudy/client';
import { readingSeconds, reviewLikePeople } from './simulated-reviewer.ts';

const TASK = 'inquiries';
const TEXT = 'Where is my order?';

/** A queue of one task that says who holds what. */
function queueOf(depth: number, claimedByOthers: number) {
  const held = new Set<string>();
  const limits: number[] = [];
  const released: string[] = [];
  let looks = 0;
  const review = {
    queues: async () => {
      looks++;
      return { data: [{ task: TASK, depth, claimed: claimedByOthers + held.size }] };
    },
    claim: async ({ limit }: { limit: number }) => {
      limits.push(limit);
      const items = Array.from({ length: limit }, (_, n) => `itm_${held.size + n}`);
      for (const item of items) held.add(item);
      return {
        claims: items.map((item) => ({
          ...{ item, task: TASK, claim_token: `of ${item}` },
          decision: { id: 'dec_1', input: { text: TEXT } },
        })),
      };
    },
    release: async (item: string, { claim_token: token }: { claim_token: string }) => {
      assert.equal(token, `of ${item}`);
      held.delete(item);
      released.push(item);
    },
    verdict: async () => assert.fail('nobody reads that fast'),
    skip: async () => {
      throw new Error('the server went away');
    },
  };
  const client = { review } as unknown as UnderstudyClient;
  return { client, limits, released, held, looks: () => looks };
}

test('the demo’s reviewers leave items that nobody holds, and hand back what they hold when it ends', async () => {
  const queue = queueOf(30, 5);
  const end = new AbortController();
  const reviewing = reviewLikePeople({
    client: queue.client,
    truth: new Map([[TASK, new Map([[TEXT, 'orders']])]]),
    leave: 12,
    signal: end.signal,
    answered: () => assert.fail('nothing is answered'),
  });
  // Until they have looked again: what they hold leaves nothing to take.
  while (queue.looks() < 2) await new Promise((done) => setImmediate(done));
  assert.deepEqual(queue.limits, [30 - 5 - 12]);
  assert.equal(queue.held.size, 13);
  end.abort();
  await assert.rejects(reviewing, { name: 'AbortError' });
  assert.equal(queue.released.length, 13);
  assert.equal(queue.held.size, 0);
});

test('what fails for one of them ends the work of all at once, and the others hand back', async () => {
  const queue = queueOf(5, 0);
  // Of the first item they do not know the truth.
  const labels = [undefined, 'orders', 'orders', 'orders', 'orders'];
  const truth = { get: () => labels.shift() } as unknown as Map<string, string>;
  const reviewing = reviewLikePeople({
    client: queue.client,
    truth: new Map([[TASK, truth]]),
    leave: 0,
    signal: new AbortController().signal,
    answered: () => assert.fail('nothing is answered'),
  });
  await assert.rejects(reviewing, /the server went away/);
  assert.equal(queue.released.length, 4);
});

test('reading takes as long as the text is, the same for everybody', () => {
  assert.equal(readingSeconds(TEXT), readingSeconds(TEXT));
  const long = readingSeconds(Array.from({ length: 100 }, () => 'word').join(' '));
  assert.ok(readingSeconds(TEXT) >= 2 && readingSeconds(TEXT) <= 7 && long >= 27, String(long));
});
