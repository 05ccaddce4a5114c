import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ReviewClaim, ReviewClaims } from '@understudy/client';
import { ActiveTime } from './active-time.ts';
import type { OutboxEntry } from './outbox.ts';
import { type DeskPorts, ReviewDesk } from './review-desk.ts';

class Gone extends Error {}

const claimOf = (number: number): ReviewClaim =>
  ({
    item: `itm_${number}`,
    task: 'inquiries',
    claim_token: `token-${number}`,
    expires_at: '2026-11-21T10:00:00Z',
    decision: { id: `dec_${number}`, input: { text: `item ${number}` } },
    labels: ['billing', 'delivery'],
  }) as ReviewClaim;

/** A server in memory: hands out items 1, 2, … and may be away. */
function world(items = 100) {
  const state = {
    away: false,
    next: 1,
    sent: [] as OutboxEntry[],
    saved: [] as OutboxEntry[],
    refused: [] as string[],
    clock: 1_000_000,
    keys: 0,
    pauses: [] as (() => void)[],
    refuse: new Set<string>(),
  };
  const answer = (claims: ReviewClaim[]): ReviewClaims =>
    ({ claims, tasks: claims.length === 0 ? [] : [{ task: 'inquiries', idle_limit_seconds: 60 }] }) as ReviewClaims;
  const reach = () => {
    if (state.away) throw new Gone('no connection');
  };
  const ports: DeskPorts = {
    held: async () => {
      reach();
      return answer([]);
    },
    claim: async ({ limit = 1 }) => {
      reach();
      const claims = [];
      while (claims.length < limit && state.next <= items) claims.push(claimOf(state.next++));
      return answer(claims);
    },
    send: async (entry) => {
      reach();
      if (state.refuse.has(entry.item)) throw new Error('somebody else answered it');
      state.sent.push(entry);
      return entry.action === 'verdict' ? ({ item: entry.item, undo_until: '2026-11-21T10:00:00Z' } as never) : null;
    },
    undo: async (item) => {
      reach();
      return { ...claimOf(Number(item.slice(4))), claim_token: 'again' };
    },
    isTemporary: (error) => error instanceof Gone,
    load: () => state.saved,
    save: (entries) => {
      state.saved = [...entries];
    },
    wait: (_milliseconds, signal) =>
      new Promise((resolve) => {
        state.pauses.push(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      }),
    now: () => state.clock,
    newKey: () => `key-${++state.keys}`,
    onRefused: (entry) => state.refused.push(entry.item),
  };
  const settle = async () => {
    for (let round = 0; round < 20; round++) await Promise.resolve();
  };
  const desk = new ReviewDesk(ports, { task: undefined, queue: 'reviewers', size: 4 });
  return { state, ports, desk, settle };
}

describe('the review desk', () => {
  test('has the next item at once, and claims ahead', async () => {
    const { desk, state, settle } = world();
    await desk.start();
    assert.deepEqual(
      desk.snapshot().items.map(({ item }) => item),
      ['itm_1', 'itm_2', 'itm_3', 'itm_4'],
    );
    desk.answer(desk.snapshot().items[0]!, 'billing');
    assert.equal(desk.snapshot().items[0]!.item, 'itm_2', 'before anything was sent');
    desk.answer(desk.snapshot().items[0]!, 'delivery');
    await settle();
    assert.deepEqual(
      state.sent.map(({ item, label }) => [item, label]),
      [
        ['itm_1', 'billing'],
        ['itm_2', 'delivery'],
      ],
    );
    assert.equal(desk.snapshot().items.length, 4);
    assert.equal(desk.snapshot().unsent, 0);
    assert.equal(desk.snapshot().answered, 2);
  });

  test('an answer that the item cannot have does nothing', async () => {
    const { desk, state, settle } = world();
    await desk.start();
    desk.answer(desk.snapshot().items[0]!, 'weather');
    await settle();
    assert.equal(desk.snapshot().items[0]!.item, 'itm_1');
    assert.deepEqual(state.sent, []);
  });

  test('an item acted on twice is sent once', async () => {
    const { desk, state, settle } = world();
    await desk.start();
    const claim = desk.snapshot().items[0]!;
    desk.answer(claim, 'billing');
    desk.answer(claim, 'delivery');
    await settle();
    assert.deepEqual(
      state.sent.map(({ label }) => label),
      ['billing'],
    );
  });

  test('without a connection verdicts are kept, in order, and sent with the same keys later', async () => {
    const { desk, state, settle } = world();
    await desk.start();
    state.away = true;
    desk.answer(desk.snapshot().items[0]!, 'billing');
    desk.skip(desk.snapshot().items[0]!);
    desk.escalate(desk.snapshot().items[0]!, ' odd ');
    await settle();
    assert.equal(desk.snapshot().offline, true);
    assert.equal(desk.snapshot().unsent, 3);
    const kept = structuredClone(state.saved);
    assert.deepEqual(
      kept.map(({ action, note }) => [action, note]),
      [
        ['verdict', undefined],
        ['skip', undefined],
        ['escalate', 'odd'],
      ],
    );
    state.away = false;
    desk.retryNow();
    await settle();
    assert.deepEqual(
      state.sent.map(({ id }) => id),
      kept.map(({ id }) => id),
    );
    assert.equal(desk.snapshot().unsent, 0);
    assert.deepEqual(state.saved, []);
  });

  test('what a page left unsent is sent by the next one, and its item is not shown again', async () => {
    const { desk, state, ports, settle } = world();
    await desk.start();
    state.away = true;
    desk.answer(desk.snapshot().items[0]!, 'billing');
    await settle();
    state.away = false;
    const next = new ReviewDesk(
      { ...ports, held: async () => ({ claims: [claimOf(1), claimOf(2)], tasks: [] }) as never },
      { task: undefined, queue: 'reviewers', size: 4 },
    );
    assert.equal(next.snapshot().unsent, 1);
    await next.start();
    await settle();
    assert.deepEqual(
      state.sent.map(({ item }) => item),
      ['itm_1'],
    );
    assert.equal(next.snapshot().items[0]!.item, 'itm_2');
  });

  test('undo takes an unsent verdict back without asking, and a sent one by asking', async () => {
    const { desk, state, settle } = world();
    await desk.start();
    state.away = true;
    desk.answer(desk.snapshot().items[0]!, 'billing');
    await settle();
    desk.answer(desk.snapshot().items[0]!, 'billing');
    await desk.undo();
    assert.equal(desk.snapshot().items[0]!.item, 'itm_2');
    assert.deepEqual(
      state.saved.map(({ item }) => item),
      ['itm_1'],
      'the one under way stays',
    );
    state.away = false;
    desk.retryNow();
    desk.answer(desk.snapshot().items[0]!, 'delivery');
    await settle();
    await desk.undo();
    const [first] = desk.snapshot().items;
    assert.equal(first!.item, 'itm_2');
    assert.equal(first!.claim_token, 'again');
    assert.equal(desk.snapshot().answered, 1);
  });

  test('a refusal is said once and does not hold up what follows', async () => {
    const { desk, state, settle } = world();
    await desk.start();
    state.refuse.add('itm_1');
    desk.answer(desk.snapshot().items[0]!, 'billing');
    desk.answer(desk.snapshot().items[0]!, 'billing');
    await settle();
    assert.deepEqual(state.refused, ['itm_1']);
    assert.deepEqual(
      state.sent.map(({ item }) => item),
      ['itm_2'],
    );
  });

  test('an empty queue is asked again, and a closed desk gives back what lies on it', async () => {
    const { desk, state, settle } = world(0);
    void desk.start();
    await settle();
    assert.equal(desk.snapshot().status, 'waiting');
    const other = world(2);
    void other.desk.start();
    await other.settle();
    other.desk.close();
    await other.settle();
    assert.deepEqual(
      other.state.sent.map(({ action, item }) => [action, item]),
      [
        ['release', 'itm_1'],
        ['release', 'itm_2'],
      ],
    );
    assert.equal(state.pauses.length, 1);
    desk.close();
  });
});

test('active time counts neither hidden pages nor long silence', () => {
  let now = 0;
  const time = new ActiveTime(() => now, 60_000);
  now = 20_000;
  time.touch();
  now = 200_000; // silence of 180 s counts as 60
  time.touch();
  assert.equal(time.lap(), 80);
  time.setSeen(false);
  now = 230_000;
  time.setSeen(true);
  now = 232_040;
  assert.equal(time.lap(), 2);
  now = 100_000; // a clock that jumps back
  assert.equal(time.lap(), 0);
});
