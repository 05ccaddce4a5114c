import assert from 'node:assert/strict';
import { createSecretKey } from 'node:crypto';
import { beforeEach, describe, test } from 'node:test';
import { isDrawn } from '@understudy/decisions';
import { newId } from '@understudy/kernel';
import type { FeedEntry, RecordedDecision, RecordedLabel } from '@understudy/ledger';
import { type Item, itemIdOf, statusOf } from './item.ts';
import { ItemFeed } from './item-feed.ts';
import { APPEAL_HEAD_START_MS } from './label-value.ts';
import { MemoryReviewStore } from './testing/index.ts';

const WS = 'ws_1';
const KEY = createSecretKey(Buffer.alloc(32, 7));
const AT = Date.UTC(2026, 3, 1, 9);
const tx = null as never;

let store: MemoryReviewStore;
let feed: ItemFeed;
let count = 0;
beforeEach(() => {
  store = new MemoryReviewStore();
  feed = new ItemFeed({ store, keys: { of: async () => KEY } });
});

function decision(over: Partial<RecordedDecision> = {}): RecordedDecision {
  const at = AT + count++;
  const automated = over.outcome === 'automated';
  return {
    id: newId('dec', at),
    task: { id: 'task_1', slug: 'comments', revision: 3 },
    outcome: 'review',
    label: automated ? 'spam' : null,
    suggestion: automated ? null : { label: 'spam', confidence: 0.6 },
    confidence: automated ? 0.99 : 0.6,
    threshold: 0.9,
    candidates: [
      { label: 'spam', score: automated ? 0.99 : 0.6 },
      { label: 'ok', score: automated ? 0.01 : 0.4 },
    ],
    review_reason: automated ? null : 'below_threshold',
    audit: null,
    automation: 'certified',
    cost: { amount: '0', currency: 'EUR' },
    created_at: new Date(at).toISOString(),
    decided_by: null,
    request_id: 'req_1',
    timings: {},
    certificate: null,
    trace_id: null,
    via: null,
    erased: false,
    subject: null,
    externalId: null,
    input: { text: 'buy now' },
    attributes: null,
    features: null,
    commit: 0,
    position: 0,
    ...over,
  };
}
const decided = (one: RecordedDecision): FeedEntry => ({
  kind: 'decision',
  seq: 0,
  position: 0,
  at: AT,
  decision: one,
});
const labelled = (one: RecordedDecision, label: Partial<RecordedLabel>): FeedEntry => ({
  kind: 'label',
  seq: 1,
  position: 0,
  at: AT + 3_600_000,
  decision: one,
  label: {
    id: newId('lab', AT),
    label: 'ok',
    source: 'application',
    principal: 'key_1',
    probability: null,
    note: null,
    person: null,
    seconds: null,
    item: null,
    echo: false,
    createdAt: new Date(AT).toISOString(),
    ...label,
  },
});
const run = (...entries: FeedEntry[]) => feed.apply(tx, WS, entries);
const find = (one: RecordedDecision): Promise<Item | null> => store.find(WS, itemIdOf(one.id));
const automated = (probability: number) => decision({ outcome: 'automated', audit: { probability } });

describe('what enters the queue', () => {
  test('decisions for people, with what a reviewer needs', async () => {
    const one = decision();
    await run(decided(one));
    const item = await find(one);
    assert.deepEqual(
      [item?.kind, item?.probability, item?.input, item?.modelLabel, item?.taskRevision, item?.createdAt],
      ['review', 1, { text: 'buy now' }, 'spam', 3, Date.parse(one.created_at)],
    );
  });

  test('automated decisions exactly as the keyed draw says, and none without a lane', async () => {
    const all = Array.from({ length: 400 }, () => automated(0.25));
    await run(...all.map(decided), decided(decision({ outcome: 'automated' })));
    let drawn = 0;
    for (const one of all) {
      const item = await find(one);
      assert.equal(item !== null, isDrawn(KEY, one.id, 0.25));
      if (item === null) continue;
      drawn++;
      assert.deepEqual([item.kind, item.probability], ['audit', 0.25]);
    }
    assert.ok(drawn > 60 && drawn < 140, String(drawn));
  });

  test('the same rows again change nothing', async () => {
    const one = decision();
    await run(decided(one), decided(one));
    await run(decided(one));
    assert.equal((await store.list(WS, {}, { limit: 10, before: null })).length, 1);
  });

  test('nothing of what was erased before it was read', async () => {
    const one = decision({ erased: true, input: null });
    await run(decided(one));
    assert.equal(await find(one), null);
  });
});

test('audits stand in the queue as ordinary items do: nothing of place or shape sets them apart', async () => {
  const entries: FeedEntry[] = [];
  for (let i = 0; i < 3000; i++) {
    const confidence = ((i * 37) % 90) / 100;
    const candidates = [
      { label: 'spam', score: confidence },
      { label: 'ok', score: 1 - confidence },
    ];
    entries.push(decided(decision({ confidence, candidates, suggestion: { label: 'spam', confidence } })));
    entries.push(decided(automated(1)));
  }
  for (let i = 0; i < entries.length; i += 500) await run(...entries.slice(i, i + 500));
  const claimed = await store.claim(WS, {
    reviewer: 'anna',
    task: null,
    limit: 6000,
    leaseSeconds: 300,
    from: 'reviewers',
  });
  const ranks: Record<string, number[]> = { review: [], audit: [] };
  for (const [rank, item] of claimed.entries()) ranks[item.kind]!.push(rank / claimed.length);
  // Two-sample Kolmogorov–Smirnov on the places; 0.05 is far above the 0.1 % bound of 3,000 each.
  assert.equal(ranks.review!.length, 3000);
  let distance = 0;
  for (let i = 0; i <= 100; i++) {
    const below = (kind: string) => ranks[kind]!.filter((rank) => rank < i / 100).length / ranks[kind]!.length;
    distance = Math.max(distance, Math.abs(below('review') - below('audit')));
  }
  assert.ok(distance < 0.05, `the places differ by ${distance}`);
});

describe('what labels do', () => {
  test('an appeal opens the decision, before everything else, once answered too', async () => {
    const silent = automated(0);
    const waiting = decision();
    await run(decided(silent), decided(waiting), labelled(silent, { source: 'appeal' }));
    const item = await find(silent);
    assert.deepEqual([item?.kind, item?.probability], ['appeal', null]);
    const other = (await find(waiting))!;
    assert.ok(item!.dueAt < other.dueAt - APPEAL_HEAD_START_MS / 2);
  });

  test('a person of the application, and an import, close what waits; an echo or nobody does not', async () => {
    const all = Array.from({ length: 4 }, () => decision());
    const labels: Partial<RecordedLabel>[] = [
      { person: 'user-1' },
      { source: 'import' },
      { echo: true, person: 'user-1' },
      {},
    ];
    await run(...all.map(decided));
    await run(...all.map((one, i) => labelled(one, labels[i]!)));
    const statuses = await Promise.all(all.map(async (one) => statusOf((await find(one))!)));
    assert.deepEqual(statuses, ['closed', 'closed', 'waiting', 'waiting']);
  });

  test('no answer from elsewhere takes an audit item away', async () => {
    const one = automated(1);
    await run(decided(one), labelled(one, { person: 'user-1' }));
    assert.equal(statusOf((await find(one))!), 'waiting');
  });
});

test('erasure takes the content and the item', async () => {
  const one = decision();
  await run(decided(one), { kind: 'erasure', seq: 2, position: 0, at: AT, decision: one.id });
  const item = await find(one);
  assert.deepEqual([item?.input, item?.state, item?.closedReason], [null, 'closed', 'erased']);
});
