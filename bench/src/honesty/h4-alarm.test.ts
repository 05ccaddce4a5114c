import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alarm } from './h4-alarm.ts';

test('H4 at one tenth: the alarm keeps its α under H0 at every look, and finds twice the budget', () => {
  const results = alarm(200, 0.2);
  assert.equal(results.length, 18);
  const underNull = results.filter(({ measured }) => 'false suspensions' in measured);
  assert.equal(underNull.length, 6);
  for (const { scenario, pass, measured } of underNull) assert.ok(pass, `${scenario}: ${JSON.stringify(measured)}`);
  // With a budget of 1 % and few audits the alarm may not have had the time: the full run asks for all of them.
  const shifts = results.filter(
    ({ measured, scenario }) => 'suspended' in measured && !scenario.includes('budget 1 %'),
  );
  for (const { scenario, pass, measured } of shifts) assert.ok(pass, `${scenario}: ${JSON.stringify(measured)}`);
});
