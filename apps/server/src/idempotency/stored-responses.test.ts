import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIdempotencyKey } from './key.ts';
import { seal, unseal } from './stored-responses.ts';

test('a key comes quoted, as the draft says, or bare', () => {
  assert.equal(parseIdempotencyKey('"8e03978e-40d5-43dd-bc93-6894a57f9324"'), '8e03978e-40d5-43dd-bc93-6894a57f9324');
  assert.equal(parseIdempotencyKey('abc'), 'abc');
  assert.equal(parseIdempotencyKey(undefined), undefined);
  for (const bad of ['', '""', 'x'.repeat(256), 'caf\u00e9']) {
    assert.throws(() => parseIdempotencyKey(bad), { code: 'invalid_idempotency_key' });
  }
});

test('a stored response opens with its key only, and not when a bit of it was changed', () => {
  const sealed = seal('key-1', '{"secret":"us_abc"}');
  assert.ok(!sealed.includes(Buffer.from('us_abc')));
  assert.equal(unseal('key-1', sealed), '{"secret":"us_abc"}');
  assert.throws(() => unseal('key-2', sealed));
  sealed[20]! ^= 1;
  assert.throws(() => unseal('key-1', sealed));
});
