import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '@understudy/kernel';
import { exampleLabel } from '@understudy/ledger/testing';
import { replayWorld } from '../testing/index.ts';
import type { What } from './replay.ts';

const nothing: What = { maxError: null, confidence: null, modelVersion: null, threshold: null };

test('with no change every decision is reproduced: outcome, label, confidence and threshold', async () => {
  const world = await replayWorld({ decisions: 1500, seed: 3 });
  const result = await world.replay(nothing);
  assert.deepEqual([result.compared.identical, result.compared.different], [1500, 0]);
  assert.deepEqual(result.history, result.replayed);
  assert.ok(result.history.automated > 300 && result.history.queue.items > 300);
  assert.ok(result.rescored > 1000);
});

test('a rule, a certificate or a model that is not the recorded one is noticed', async () => {
  const world = await replayWorld({ decisions: 400, seed: 3 });
  world.certificates.get('crt_a')!.threshold = 0.99;
  const moved = await world.replay(nothing);
  assert.ok(moved.compared.different > 0);
  assert.deepEqual([...new Set(moved.compared.differences.map(({ field }) => field))].includes('threshold'), true);
  const other = await replayWorld({ decisions: 400, seed: 3 });
  other.drift = 0.01;
  assert.ok((await other.replay(nothing)).compared.differences.some(({ field }) => field === 'confidence'));
});

test('a threshold: what lies above is automated, whatever certified it', async () => {
  const world = await replayWorld({ decisions: 800, seed: 5 });
  const all = await world.replay({ ...nothing, threshold: 0 });
  assert.equal(all.replayed.automated, 800 - world.withoutModel);
  assert.equal(all.compared.newly_automated, all.replayed.automated - all.history.automated);
  const none = await world.replay({ ...nothing, threshold: 1 });
  assert.equal(none.replayed.automated, 0);
  assert.deepEqual([none.replayed.error_rate.estimate, none.replayed.error_rate.note], [null, 'Nothing is automated.']);
  assert.equal(all.rescored + none.rescored, 0);
});

test('a budget: the threshold that it certifies for each version; scores of another kind are computed again', async () => {
  const world = await replayWorld({ decisions: 1200, seed: 7 });
  world.fits.set('1', { threshold: 0.9, score: { kind: 'top_probability' }, status: 'certified', reason: null });
  world.fits.set('2', {
    threshold: null,
    score: { kind: 'top_probability' },
    status: 'not_certifiable_yet',
    reason: 'Too few.',
  });
  const result = await world.replay({ ...nothing, maxError: 0.02 });
  assert.equal(result.rescored, 0);
  const notes = result.configuration.map(({ model_version: version, threshold, note }) => [version, threshold, note]);
  assert.ok(notes.some(([version, threshold]) => version === '1' && threshold === 0.9));
  assert.ok(notes.some(([version, threshold, note]) => version === '2' && threshold === null && note === 'Too few.'));
  assert.ok(notes.some(([version]) => version === null));
  world.fits.set('1', {
    threshold: 0.5,
    score: { kind: 'logistic', bias: 0, odds: 1, lead: 0, entropy: 0, labels: {} },
    status: 'certified',
    reason: null,
  });
  assert.ok((await world.replay({ ...nothing, maxError: 0.02 })).rescored > 100);
});

test('another version scores every input; erased ones go to people and are counted', async () => {
  const world = await replayWorld({ decisions: 300, seed: 9 });
  world.fits.set('2', { threshold: 0.6, score: { kind: 'top_probability' }, status: 'certified', reason: null });
  const before = await world.replay({ ...nothing, modelVersion: '2' });
  assert.deepEqual([before.rescored, before.erased], [300, 0]);
  await world.erase(25);
  const after = await world.replay({ ...nothing, modelVersion: '2' });
  assert.deepEqual([after.rescored, after.erased], [275, 25]);
  assert.ok(after.replayed.automated <= before.replayed.automated);
  // With nothing changed, what is erased is taken as recorded.
  const same = await world.replay(nothing);
  assert.deepEqual([same.compared.different, same.erased > 0], [0, true]);
  world.missing.add('1');
  const gone = await world.replay(nothing);
  assert.ok(gone.unavailable > 0);
  assert.equal(gone.compared.different, 0);
});

test('the error of another threshold is near the truth, and its interval holds it', async () => {
  let held = 0;
  const runs = 5;
  for (let seed = 1; seed <= runs; seed++) {
    const world = await replayWorld({ decisions: 1000, seed });
    const { replayed } = await world.replay({ ...nothing, threshold: 0.7 });
    const { low, high, estimate } = replayed.error_rate;
    const truth = world.errorAbove(0.7);
    assert.ok(estimate !== null && Math.abs(estimate - truth) < 0.08, `${estimate} for ${truth}`);
    if (low! <= truth && truth <= high!) held++;
  }
  assert.ok(held >= 4, `${held} of ${runs}`);
});

test('feedback that nobody drew does not change what is known of errors', async () => {
  const world = await replayWorld({ decisions: 500, seed: 11 });
  const before = await world.replay({ ...nothing, threshold: 0.7 });
  const ids = world.automatedIds().slice(0, 100);
  const at = world.now - 1000;
  await world.record(
    ids.map((id) => ({
      ...exampleLabel(world.workspace, at, id, { label: 'nonsense', source: 'application', person: 'someone' }),
      id: newId('lab', at),
    })),
  );
  assert.deepEqual(
    (await world.replay({ ...nothing, threshold: 0.7 })).replayed.error_rate,
    before.replayed.error_rate,
  );
});

test('a cancelled replay stops between pages', async () => {
  const world = await replayWorld({ decisions: 200, seed: 13 });
  const stop = new AbortController();
  stop.abort(new Error('enough'));
  await assert.rejects(world.replay(nothing, stop.signal), /enough/);
});
