import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EchoEvidence, isEcho, NO_EVIDENCE, stepEcho } from './echo.ts';

/** mulberry32: small, seeded, good enough for a simulation. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Labels until the key is taken for one that copies; null when that does not happen in `labels`. */
function untilAlarm(labels: number, agrees: (confidence: number) => boolean, confidence: () => number): number | null {
  let evidence: EchoEvidence = NO_EVIDENCE;
  for (let n = 1; n <= labels; n++) {
    const c = confidence();
    evidence = stepEcho(evidence, agrees(c), c);
    if (evidence.alwaysAgrees) return n;
  }
  return null;
}

test('a key that only copies is found, the sooner the less sure the answers are', () => {
  const found = [0.7, 0.9, 0.99].map(
    (confidence) =>
      untilAlarm(
        10_000,
        () => true,
        () => confidence,
      )!,
  );
  assert.deepEqual(found, [164, 505, 5110]);
  assert.equal(
    untilAlarm(
      10_000,
      () => true,
      () => 1,
    ),
    null,
  );
});

test('people who look are not taken for it, even when the model errs four times less than it says', () => {
  let alarms = 0;
  for (let seed = 0; seed < 100; seed++) {
    const next = random(seed);
    const mixed = () => 0.6 + 0.4 * next();
    if (untilAlarm(5000, (c) => next() < 1 - (1 - c) / 4, mixed) !== null) alarms++;
  }
  // Half a million labels at a mean distance of at least 100,000 between false alarms.
  assert.ok(alarms <= 5, `${alarms} false alarms`);
});

test('a key that begins to copy after a year of honest labels is found as soon', () => {
  const next = random(5);
  let evidence: EchoEvidence = NO_EVIDENCE;
  for (let n = 0; n < 20_000; n++) evidence = stepEcho(evidence, next() < 0.9, 0.9);
  assert.equal(evidence.alwaysAgrees, false);
  let more = 0;
  while (!evidence.alwaysAgrees) {
    evidence = stepEcho(evidence, true, 0.9);
    more++;
  }
  assert.ok(more <= 507, `${more}`);
});

test('disagreement gives the trust back, but not one of a thousand', () => {
  let evidence: EchoEvidence = NO_EVIDENCE;
  for (let n = 0; n < 600; n++) evidence = stepEcho(evidence, true, 0.9);
  evidence = stepEcho(evidence, false, 0.9);
  assert.equal(evidence.alwaysAgrees, true);
  for (let n = 0; n < 5; n++) evidence = stepEcho(evidence, false, 0.9);
  assert.deepEqual([evidence.alwaysAgrees, evidence.labels, evidence.agreed], [false, 606, 600]);
});

test('what an echo is', () => {
  const automated = { label: 'spam', suggestion: null };
  const review = { label: null, suggestion: { label: 'spam', confidence: 0.7 } };
  const trusted = { alwaysAgrees: false };
  const copier = { alwaysAgrees: true };
  assert.equal(isEcho({ label: 'spam' }, automated, trusted), true);
  assert.equal(isEcho({ label: 'spam', person: 'u' }, automated, trusted), false);
  assert.equal(isEcho({ label: 'ok' }, automated, trusted), false);
  assert.equal(isEcho({ label: 'spam' }, review, trusted), false);
  assert.equal(isEcho({ label: 'spam', person: 'u' }, automated, copier), true);
  assert.equal(isEcho({ label: 'spam', person: 'u' }, review, copier), true);
  assert.equal(isEcho({ label: 'ok' }, automated, copier), false);
  assert.equal(isEcho({ label: 'ok' }, { label: null, suggestion: null }, copier), false);
});
