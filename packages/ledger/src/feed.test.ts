import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FeedCursors, LedgerFeed } from './feed.ts';

test('behind a backlog of its process the feed stands back, for five seconds at most', async () => {
  const state = { now: 1_000_000, behind: true, looks: 0 };
  const cursors = {
    behind: async () => {
      state.looks++;
      return [];
    },
  } as unknown as FeedCursors;
  const feed = new LedgerFeed({
    ...{ cursors, consumers: [], database: null as never, clock: { now: () => state.now } },
    everyMs: 3_600_000,
    behind: () => state.behind,
  });
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  feed.start();
  state.now += 4_999;
  feed.nudge();
  await settled();
  assert.equal(state.looks, 0);
  state.now += 1;
  feed.nudge();
  await settled();
  assert.equal(state.looks, 1, 'no longer than that');
  feed.nudge();
  await settled();
  assert.equal(state.looks, 1, 'it was up to date a moment ago');
  state.now -= 60_000;
  feed.nudge();
  await settled();
  assert.equal(state.looks, 2, 'a clock that was set back does not make it longer');
  state.behind = false;
  feed.nudge();
  await settled();
  assert.equal(state.looks, 3, 'without a backlog it looks at once');
  await feed.stop();
});
