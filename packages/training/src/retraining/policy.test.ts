import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assess, type PastRun, type Situation } from './policy.ts';

const NOW = Date.UTC(2026, 5, 1);
const HOUR = 3_600_000;

function situation(change: Partial<Situation> = {}): Situation {
  return {
    policy: { mode: 'auto', min_new_labels: 50, min_new_share: 0.1, min_hours_between: 0 },
    now: NOW,
    given: { labels: 1000, production: 100, changedAt: NOW },
    examples: [
      { name: 'ok', examples: 700 },
      { name: 'spam', examples: 300 },
    ],
    champion: { version: '3', rows: 900, labelsGiven: 900 },
    suspended: null,
    runs: [],
    ...change,
  };
}

function run(change: Partial<PastRun> = {}): PastRun {
  const past = { open: false, byPolicy: true, promoted: false, createdAt: NOW - HOUR, labelsGiven: null };
  return { id: 'run_1', ...past, ...change };
}

test('a run starts when new labels are enough in number and in share', () => {
  const at = (labels: number) => assess(situation({ given: { labels, production: 100, changedAt: NOW } }));
  assert.deepEqual([at(989).start, at(989).newLabels, at(989).needed], [false, 89, 90]);
  assert.match(at(989).reason, /^1 more labels until the next run \(89 of 90\)$/);
  assert.deepEqual([at(990).start, at(990).newLabels], [true, 90]);
  assert.match(at(990).reason, /90 new labels since the dataset of version 3 \(needed: 90\)/);
});

test('a small champion needs the number, not the share', () => {
  const small = { version: '1', rows: 40, labelsGiven: 40 };
  const at = (labels: number) =>
    assess(situation({ champion: small, given: { labels, production: 9, changedAt: NOW } }));
  assert.deepEqual([at(89).start, at(90).start, at(89).needed], [false, true, 50]);
});

test('off is off, whatever has come', () => {
  const { policy } = situation();
  const off = assess(situation({ policy: { ...policy, mode: 'off' }, suspended: { reason: 'too many errors' } }));
  assert.deepEqual([off.start, off.reason], [false, 'retraining is off for this task']);
});

test('never two at once, whoever began the first', () => {
  const busy = assess(situation({ runs: [run({ open: true, byPolicy: false, id: 'run_7' })] }));
  assert.deepEqual([busy.start, busy.reason], [false, 'the training run run_7 is under way']);
});

test('each run that did not pay doubles what the next one needs; one that did makes it small again', () => {
  const after = (...runs: PastRun[]) => assess(situation({ runs })).needed;
  assert.equal(after(run()), 180);
  assert.equal(after(run(), run()), 360);
  assert.equal(after(...Array.from({ length: 20 }, () => run())), 90 * 32);
  assert.equal(after(run(), run({ promoted: true }), run()), 180);
  assert.equal(after(run({ promoted: true }), run()), 90);
  assert.equal(after(run({ byPolicy: false })), 90);
});

test('labels that a run has read are not new, even if nothing came of it', () => {
  const read = assess(situation({ runs: [run({ labelsGiven: 995 })] }));
  assert.deepEqual([read.start, read.newLabels], [false, 5]);
  assert.match(read.reason, /175 more labels until the next run \(5 of 180\); the last run did not pay/);
});

test('after a suspension the share is not waited for', () => {
  const suspended = { reason: 'audited error above the budget' };
  const few = situation({ given: { labels: 950, production: 100, changedAt: NOW } });
  assert.equal(assess(few).start, false);
  const now = assess({ ...few, suspended });
  assert.deepEqual([now.start, now.needed], [true, 50]);
  assert.match(now.reason, /version 3 was suspended: audited error above the budget; 50 new labels/);
});

test('time between runs is kept', () => {
  const policy = { mode: 'auto', min_new_labels: 50, min_new_share: 0, min_hours_between: 24 } as const;
  const runs = [run({ promoted: true, createdAt: NOW - HOUR, labelsGiven: 900 })];
  const early = assess(situation({ policy, runs }));
  assert.deepEqual([early.start, early.notBefore], [false, NOW + 23 * HOUR]);
  assert.equal(assess(situation({ policy, runs, now: NOW + 23 * HOUR })).start, true);
});

test('a first model needs two labels with enough examples', () => {
  const first = situation({ champion: null, given: { labels: 100, production: 100, changedAt: NOW } });
  const start = assess(first);
  assert.deepEqual([start.start, start.needed], [true, 50]);
  assert.match(start.reason, /no model yet, and 100 new labels since the beginning/);
  const one = assess({
    ...first,
    examples: [
      { name: 'ok', examples: 91 },
      { name: 'spam', examples: 9 },
    ],
  });
  assert.deepEqual([one.start, one.reason], [false, 'a first model needs two labels with 10 examples each']);
});

test('a fresh import is left to whoever made it, for two minutes', () => {
  const imported = situation({ champion: null, given: { labels: 100, production: 0, changedAt: NOW } });
  const fresh = assess(imported);
  assert.deepEqual([fresh.start, fresh.notBefore], [false, NOW + 120_000]);
  assert.equal(assess({ ...imported, now: NOW + 120_000 }).start, true);
});
