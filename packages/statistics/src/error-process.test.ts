import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ErrorProcess } from './index.ts';
import { uniform } from './simulation.ts';

/** Looks after every audit; the number of audits until the alarm, or null. */
function audits(random: () => number, error: (audit: number) => number, most: number, budget = 0.05): number | null {
  const process = new ErrorProcess(budget, 0.02);
  for (let audit = 1; audit <= most; audit++) {
    const probability = random() < 0.5 ? 0.02 : 0.1;
    if (process.observe(random() < error(audit), probability) >= 20) return audit;
  }
  return null;
}

test('at the budget itself it seldom raises an alarm, however often it is looked at', () => {
  const random = uniform(5);
  let alarms = 0;
  for (let run = 0; run < 300; run++) if (audits(random, () => 0.05, 2000) !== null) alarms++;
  assert.ok(alarms <= 15, `${alarms} of 300 at α = 5 %`);
});

test('it notices an error far above the budget, also after a long good time', () => {
  const random = uniform(6);
  const atOnce = Array.from({ length: 40 }, () => audits(random, () => 0.2, 5000)!);
  assert.ok(
    atOnce.every((found) => found !== null && found < 1000),
    String(atOnce),
  );
  const late = Array.from({ length: 40 }, () => audits(random, (audit) => (audit <= 2000 ? 0.02 : 0.2), 8000)!);
  const delays = late.map((found) => found - 2000).sort((a, b) => a - b);
  assert.ok(delays[0]! > 0 && delays[20]! < 600, String(delays));
});

test('its state goes through JSON', () => {
  const random = uniform(7);
  let process = new ErrorProcess(0.1, 0.05);
  const whole = new ErrorProcess(0.1, 0.05);
  assert.equal(process.value, 1);
  for (let i = 0; i < 200; i++) {
    const wrong = random() < 0.15;
    process = ErrorProcess.from(JSON.parse(JSON.stringify(process)));
    assert.equal(process.observe(wrong, 0.05), whole.observe(wrong, 0.05));
  }
  assert.equal(process.observed, 200);
});

test('overwhelming evidence stays a number, and nonsense is refused', () => {
  const process = new ErrorProcess(0.001, 1);
  for (let i = 0; i < 2000; i++) process.observe(true, 1);
  assert.ok(Number.isFinite(process.value) && process.value > 1e100);
  assert.throws(() => process.observe(true, 0.5), RangeError);
  assert.throws(() => process.observe(true, Number.NaN), RangeError);
  assert.throws(() => new ErrorProcess(0, 1), RangeError);
  assert.throws(() => new ErrorProcess(0.1, 0), RangeError);
  assert.throws(
    () => new ErrorProcess(0.1, 1, { maxError: 0.1, minProbability: 1, observed: 1, capitals: [] }),
    RangeError,
  );
  assert.ok(new ErrorProcess(0.96, 1).observe(true, 1) > 0);
});
