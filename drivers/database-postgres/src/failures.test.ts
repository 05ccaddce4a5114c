import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UnderstudyError } from '@understudy/kernel';
import { asDatabaseError, isSerializationFailure, losesConnection } from './failures.ts';

const failure = (code: string | undefined, message = 'server says') => Object.assign(new Error(message), { code });

test('what a later attempt may survive is database_unavailable with a delay and without the server’s words', () => {
  const codes = [
    '57P01',
    '57P03',
    '08006',
    '08P01',
    '57014',
    '55P03',
    '53300',
    '25006',
    'ECONNREFUSED',
    'EPIPE',
    'ENOENT',
  ];
  for (const code of codes) {
    const error = asDatabaseError(failure(code)) as UnderstudyError;
    assert.deepEqual([error.code, error.retryable, error.retryAfterSeconds], ['database_unavailable', true, 1], code);
    assert.ok(!error.message.includes('server says'));
  }
  for (const message of ['Connection terminated unexpectedly', 'timeout exceeded when trying to connect']) {
    assert.equal((asDatabaseError(failure(undefined, message)) as UnderstudyError).code, 'database_unavailable');
  }
});

test('a full disk is storage_full and leaves the connection usable', () => {
  assert.equal((asDatabaseError(failure('53100')) as UnderstudyError).code, 'storage_full');
  assert.equal(losesConnection(failure('53100')), false);
});

test('errors of the statement stay what they are, on a connection that stays', () => {
  for (const code of ['23505', '40001', '40P01', '22P02', '42501']) {
    const error = failure(code);
    assert.equal(asDatabaseError(error), error);
    assert.equal(losesConnection(error), false, code);
  }
  const bug = new TypeError('cannot read properties of undefined');
  assert.equal(asDatabaseError(bug), bug);
  assert.ok(isSerializationFailure(failure('40P01')));
});

test('a connection that is broken, or holds a stale plan, is not used again', () => {
  for (const code of ['57P01', '08006', '25006', '26000', '0A000', 'ECONNRESET', undefined]) {
    assert.ok(losesConnection(failure(code)), String(code));
  }
});
