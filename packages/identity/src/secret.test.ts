import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  hashSecret,
  hintOf,
  looksLikeApiKey,
  looksLikeOperatorKey,
  newApiKeySecret,
  newOperatorSecret,
  sameHash,
  withoutSecrets,
} from './secret.ts';

test('secrets have their form, are all different and use the whole alphabet', () => {
  const secrets = Array.from({ length: 500 }, newApiKeySecret);
  assert.ok(secrets.every(looksLikeApiKey));
  assert.equal(new Set(secrets).size, secrets.length);
  assert.equal(new Set(secrets.join('').replaceAll('us_', '')).size, 62);
  assert.ok(looksLikeOperatorKey(newOperatorSecret()));
  assert.ok(!looksLikeApiKey(newOperatorSecret()));
  assert.ok(!looksLikeOperatorKey(newApiKeySecret()));
});

test('the hint gives little of the secret away', () => {
  const secret = newApiKeySecret();
  assert.equal(hintOf(secret), `${secret.slice(0, 7)}…`);
});

test('hashes compare by value, and lengths that differ are not the same', () => {
  const secret = newApiKeySecret();
  assert.ok(sameHash(hashSecret(secret), hashSecret(secret)));
  assert.ok(!sameHash(hashSecret(secret), hashSecret(newApiKeySecret())));
  assert.ok(!sameHash(hashSecret(secret), Buffer.alloc(0)));
});

test('nothing that looks like a key is left in a text', () => {
  const text = `made ${newApiKeySecret()} and ${newOperatorSecret()}, not us_short`;
  assert.equal(withoutSecrets(text), 'made us_… and us_…, not us_short');
});
