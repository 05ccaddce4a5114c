import assert from 'node:assert/strict';
import { test } from 'node:test';
import { busError, describe, sizeLimit, unreachable } from './rabbit-errors.ts';

const closed = (code: number, said: string) =>
  Object.assign(new Error(`Channel closed by server: ${code} (X) with message "${said}"`), { code });

test('what closes a channel says whether trying again helps', () => {
  const cases: [Error, string, boolean][] = [
    [closed(404, "NOT_FOUND - no queue 'q' in vhost '/'"), 'bus_topic_not_found', false],
    [closed(403, "ACCESS_REFUSED - access to queue 'q' refused"), 'bus_refused', false],
    [closed(405, 'RESOURCE_LOCKED - exclusive'), 'bus_refused', false],
    [closed(406, 'PRECONDITION_FAILED - inequivalent arg'), 'bus_refused', false],
    [
      closed(406, 'PRECONDITION_FAILED - message size 9 is larger than configured max size 8'),
      'bus_message_too_large',
      false,
    ],
    [closed(406, 'PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed out'), 'bus_unavailable', true],
    [closed(320, 'CONNECTION_FORCED - broker forced connection closure'), 'bus_unavailable', true],
    [new Error('Heartbeat timeout'), 'bus_unavailable', true],
  ];
  for (const [error, code, retryable] of cases) {
    const coded = busError(error);
    assert.deepEqual([coded.code, coded.retryable], [code, retryable], error.message);
    assert.equal(busError(coded), coded);
  }
  assert.equal(describe(cases[0]![0]), "NOT_FOUND - no queue 'q' in vhost '/'");
  assert.equal(sizeLimit(cases[4]![0]), 8);
});

test('what keeps a connection from being made refuses no message', () => {
  const refused = closed(403, 'ACCESS_REFUSED - Login was refused');
  assert.deepEqual([unreachable(refused).code, unreachable(refused).retryable], ['bus_unavailable', true]);
  const nobody = Object.assign(new AggregateError([new Error('connect ECONNREFUSED ::1:5672')]), {
    code: 'ECONNREFUSED',
  });
  assert.equal(unreachable(nobody).message, 'connect ECONNREFUSED ::1:5672');
});
