import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { InvalidWebhook, verifyWebhook } from './index.ts';

const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
const now = Date.UTC(2026, 0, 1);
const id = 'evt_12_0';
const body = JSON.stringify({ specversion: '1.0', id, type: 'decision.made', data: { text: 'Grüße ✓' } });

/** As the public package signs. */
const sign = (key = secret, text = body, at = now) => new Webhook(key).sign(id, new Date(at), text);
const received = (signature: string, fields: { text?: string; at?: number; id?: string } = {}) => ({
  body: fields.text ?? body,
  headers: {
    'webhook-id': fields.id ?? id,
    'webhook-timestamp': String(Math.floor((fields.at ?? now) / 1000)),
    'webhook-signature': signature,
  },
});
const refused = (promise: Promise<unknown>, what: string) => assert.rejects(promise, InvalidWebhook, what);

test('what the public package signs is accepted, from every kind of headers and body', async () => {
  const one = received(sign());
  const event = JSON.parse(body);
  assert.deepEqual(await verifyWebhook(secret, one, { now }), event);
  assert.deepEqual(await verifyWebhook(secret, { ...one, headers: new Headers(one.headers) }, { now }), event);
  assert.deepEqual(await verifyWebhook(secret, { ...one, body: new TextEncoder().encode(body) }, { now }), event);
});

test('two secrets, two signatures, and signatures of other versions', async () => {
  const next = `whsec_${Buffer.alloc(32, 6).toString('base64')}`;
  const both = received(`v1a,${Buffer.alloc(64).toString('base64')} ${sign(next)} ${sign()}`);
  await verifyWebhook(secret, both, { now });
  await verifyWebhook(next, both, { now });
  await verifyWebhook([next, secret], received(sign()), { now });
  await refused(verifyWebhook(next, received(sign()), { now }), 'another secret');
});

test('row 40: no truncated, altered, stale or borrowed signature is accepted', async () => {
  const signature = sign();
  const value = signature.slice(3);
  const raw = Buffer.from(value, 'base64');
  const attempts: string[] = [
    '',
    ' ',
    'v1',
    'v1,',
    'v1, ',
    value,
    `v2,${value}`,
    `V1,${value}`,
    `v1:${value}`,
    `v1,${value},`,
  ];
  // Every shorter and a few longer ones, as text and as bytes.
  for (let length = 0; length < value.length - 1; length++) attempts.push(`v1,${value.slice(0, length)}`);
  for (let length = 0; length < raw.length; length++) {
    attempts.push(
      `v1,${raw.subarray(0, length).toString('base64')}`,
      `v1,${raw.subarray(length + 1).toString('base64')}`,
    );
  }
  attempts.push(
    `v1,${Buffer.concat([raw, raw]).toString('base64')}`,
    `v1,${value}${value}`,
    `v1,${raw.toString('hex')}`,
  );
  // Every bit turned.
  for (let bit = 0; bit < 256; bit++) {
    const turned = Buffer.from(raw);
    turned[bit >> 3]! ^= 1 << (bit & 7);
    attempts.push(`v1,${turned.toString('base64')}`);
  }
  for (let random = 0; random < 100; random++) attempts.push(`v1,${randomBytes(32).toString('base64')}`);
  assert.ok(attempts.length > 400);
  for (const attempt of attempts) await refused(verifyWebhook(secret, received(attempt), { now }), attempt);
  const bare = createHmac('sha256', 'whsec').update(body).digest('base64');
  await refused(verifyWebhook(secret, received(`v1,${bare}`), { now }), 'of the body alone');
});

test('row 40: nothing signed may be changed, and nothing old or early is accepted', async () => {
  const signature = sign();
  for (const text of [`${body} `, body.replace('made', 'mode'), body.slice(1), '', '{}', `\ufeff${body}`]) {
    await refused(verifyWebhook(secret, received(signature, { text }), { now }), JSON.stringify(text));
  }
  await refused(verifyWebhook(secret, received(signature, { id: 'evt_12_1' }), { now }), 'id');
  await refused(verifyWebhook(secret, received(signature, { at: now + 1000 }), { now }), 'time');
  for (const seconds of [-301, -3600, -86_400, 301, 3600]) {
    const at = now + seconds * 1000;
    await refused(verifyWebhook(secret, received(sign(secret, body, at), { at }), { now }), `${seconds} s`);
  }
  for (const seconds of [-299, 299]) {
    const at = now + seconds * 1000;
    await verifyWebhook(secret, received(sign(secret, body, at), { at }), { now });
  }
  const good = received(signature);
  for (const name of ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const) {
    await refused(verifyWebhook(secret, { ...good, headers: { ...good.headers, [name]: '' } }, { now }), name);
  }
  for (const time of ['1e9', '-1', '0x1', `${now / 1000}.5`, 'NaN', ' 1']) {
    const headers = { ...good.headers, 'webhook-timestamp': time };
    await refused(verifyWebhook(secret, { ...good, headers }, { now }), time);
  }
});

test('a signed body that is not the event of its id is refused; a secret that is none is a mistake of the caller', async () => {
  for (const text of ['no JSON', '[]', 'null', '{"id":"evt_1_1"}']) {
    await refused(verifyWebhook(secret, received(sign(secret, text), { text }), { now }), text);
  }
  for (const wrong of ['', 'secret', 'whsec_', 'whsec_%%%', `${secret}x`, secret.slice(6), 'whsec_AAAA']) {
    await assert.rejects(verifyWebhook(wrong, received(sign()), { now }), TypeError, wrong);
  }
});
