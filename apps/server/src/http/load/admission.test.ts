import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Admission, type LoadClass } from './admission.ts';
import { GradientLimit } from './gradient-limit.ts';

const admissionOf = (limit: number) => new Admission(new GradientLimit({ initial: limit, least: limit, most: limit }));

function enter(admission: Admission, tenant: string, load: LoadClass = 'decide'): boolean {
  const entered = admission.enter(load, () => tenant);
  if (entered && load !== 'bulk') admission.charge(tenant);
  return entered;
}

function enterUntilRefused(admission: Admission, tenant: string, load: LoadClass = 'decide'): number {
  let entered = 0;
  while (enter(admission, tenant, load)) entered++;
  return entered;
}

test('one tenant alone has all places, and not one more', () => {
  const admission = admissionOf(100);
  assert.equal(enterUntilRefused(admission, 'a'), 100);
  admission.leave('a');
  assert.equal(enterUntilRefused(admission, 'a'), 1);
  assert.equal(admission.inFlight, 100);
});

test('a tenant that comes when another holds every place gets a fair share, and the other nothing more', () => {
  const admission = admissionOf(100);
  enterUntilRefused(admission, 'a');
  assert.equal(enterUntilRefused(admission, 'b'), 50);
  assert.equal(enter(admission, 'a'), false);
  assert.equal(enterUntilRefused(admission, 'c'), 33);
  for (let i = 0; i < 83; i++) admission.leave('a');
  // 17 of a, 50 of b, 33 of c: full. Who has less than a third is still let in.
  assert.deepEqual([enter(admission, 'b'), enter(admission, 'c'), enter(admission, 'a')], [false, false, true]);
});

test('predictions are turned away last, long work first', () => {
  const admission = admissionOf(100);
  for (let i = 0; i < 70; i++) enter(admission, 'a');
  assert.deepEqual(
    [enter(admission, 'b', 'bulk'), enter(admission, 'a', 'ordinary'), enter(admission, 'a')],
    [false, true, true],
  );
  while (admission.inFlight < 85) enter(admission, 'a');
  assert.deepEqual([enter(admission, 'a', 'ordinary'), enter(admission, 'a')], [false, true]);
});

test('long work takes no place', () => {
  const admission = admissionOf(10);
  for (let i = 0; i < 1000; i++) assert.ok(enter(admission, 'a', 'bulk'));
  assert.equal(admission.inFlight, 0);
});

test('those who are not known yet share as one, until they are', () => {
  const admission = admissionOf(10);
  enterUntilRefused(admission, 'a');
  const stranger = () => admission.enter('decide', () => undefined);
  for (let i = 0; i < 5; i++) assert.ok(stranger());
  assert.equal(stranger(), false);
  for (let i = 0; i < 5; i++) admission.charge('b');
  // Three share now: what b has is b's.
  for (let i = 0; i < 3; i++) assert.ok(stranger());
  assert.equal(stranger(), false);
});

test('places beyond the limit are bounded, however many tenants come', () => {
  const admission = admissionOf(100);
  enterUntilRefused(admission, 'a');
  let entered = 0;
  for (let i = 0; i < 1000; i++) if (enter(admission, `tenant-${i}`)) entered++;
  assert.equal(entered, 100);
});

test('what is over is forgotten', () => {
  const admission = admissionOf(10);
  for (let i = 0; i < 5; i++) enter(admission, `t${i}`);
  for (let i = 0; i < 5; i++) admission.leave(`t${i}`);
  admission.enter('decide', () => undefined);
  admission.leave(null);
  assert.deepEqual([admission.inFlight, admission.tenants], [0, 0]);
});

test('the tenant is not asked for while there is room', () => {
  const admission = admissionOf(10);
  const asked = () => assert.fail('it was asked for');
  for (let i = 0; i < 10; i++) assert.ok(admission.enter('decide', asked));
});
