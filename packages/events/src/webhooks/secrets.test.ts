import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { newSecret, SecretBox, signatures } from './secrets.ts';

test('our signatures are those of the public package', () => {
  for (const body of ['', '{}', 'Grüße ✓ \u2028', 'x'.repeat(100_000)]) {
    const secret = newSecret();
    const expected = new Webhook(secret).sign('evt_1_0', new Date(1_700_000_000_000), body);
    assert.equal(signatures([secret], 'evt_1_0', 1_700_000_000, body), expected);
    const other = newSecret();
    assert.equal(signatures([other, secret], 'evt_1_0', 1_700_000_000, body).split(' ')[1], expected);
  }
});

test('a sealed secret opens under the same key for the same owner only', () => {
  const box = new SecretBox(new Uint8Array(32).fill(1));
  const sealed = box.seal('whsec_abc', 'ws_1/whk_1');
  assert.equal(box.open(sealed, 'ws_1/whk_1'), 'whsec_abc');
  assert.notDeepEqual(box.seal('whsec_abc', 'ws_1/whk_1'), sealed);
  assert.ok(!Buffer.from(sealed).includes('abc'));
  const unreadable = { code: 'webhook_secret_unreadable' };
  assert.throws(() => box.open(sealed, 'ws_1/whk_2'), unreadable);
  assert.throws(() => new SecretBox(new Uint8Array(32).fill(2)).open(sealed, 'ws_1/whk_1'), unreadable);
  assert.throws(() => new SecretBox(null).open(sealed, 'ws_1/whk_1'), unreadable);
  for (let length = 1; length < sealed.length; length++) {
    assert.throws(() => box.open(sealed.subarray(0, length), 'ws_1/whk_1'), unreadable);
  }
  for (let index = 1; index < sealed.length; index++) {
    const turned = Buffer.from(sealed);
    turned[index]! ^= 1;
    assert.throws(() => box.open(turned, 'ws_1/whk_1'), unreadable);
  }
  assert.throws(() => new SecretBox(new Uint8Array(16)), RangeError);
});

test('what was stored without a key is still read when there is one', () => {
  const plain = new SecretBox(null).seal('whsec_abc', 'o');
  assert.equal(new SecretBox(new Uint8Array(32)).open(plain, 'o'), 'whsec_abc');
});
