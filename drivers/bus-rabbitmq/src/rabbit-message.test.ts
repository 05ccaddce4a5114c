import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConsumeMessage } from 'amqplib';
import { decode, encode } from './rabbit-message.ts';

const body = Buffer.from('{}');

function delivered(properties: Record<string, unknown>, fields: Record<string, unknown> = {}): ConsumeMessage {
  const all = { deliveryTag: 1, consumerTag: 'c', redelivered: false, exchange: '', routingKey: 'q', ...fields };
  return { content: body, fields: all, properties } as unknown as ConsumeMessage;
}

test('headers that AMQP has properties for travel as those, and come back as headers', () => {
  const headers = { 'content-type': 'application/json', 'correlation-id': 'c1', 'reply-to': 'r', traceparent: '00-1' };
  const {
    contentType,
    correlationId,
    replyTo,
    messageId,
    headers: rest,
    ...options
  } = encode({
    id: 'm1',
    key: 'k',
    headers,
    body,
  });
  assert.deepEqual([contentType, correlationId, replyTo, messageId], ['application/json', 'c1', 'r', 'm1']);
  assert.deepEqual(rest, { traceparent: '00-1', 'message-key': 'k' });
  assert.deepEqual(options, { persistent: true, mandatory: true });
  const back = decode(delivered({ contentType, correlationId, replyTo, messageId, headers: rest }), 0);
  assert.deepEqual(back.headers, headers);
  assert.deepEqual([back.id, back.key, back.correlationId, back.replyTo], ['m1', 'k', 'c1', 'r']);
});

test('what is too long for a property travels as a header', () => {
  const long = 'ü'.repeat(200);
  const sent = encode({ id: long, key: null, headers: { 'correlation-id': long }, body });
  assert.deepEqual([sent.messageId, sent.correlationId], [undefined, undefined]);
  const back = decode(delivered({ headers: sent.headers }), 0);
  assert.deepEqual([back.id, back.correlationId], [long, long]);
});

test('headers of other clients are words, whatever type they have', () => {
  const headers = {
    'X-Int': 7,
    'x-yes': true,
    'x-bytes': Buffer.from('ü'),
    'x-none': null,
    'x-death': [{ queue: 'q', count: 1 }],
  };
  const got = decode(delivered({ headers }), 0).headers;
  assert.deepEqual(got, { 'x-int': '7', 'x-yes': 'true', 'x-bytes': 'ü', 'x-death': '[{"queue":"q","count":1}]' });
});

test('deliveries are counted by the broker, and by this process; a classic queue only knows the first', () => {
  const count = (headers: object | undefined, redelivered: boolean, tries = 0) =>
    decode(delivered({ headers }, { redelivered }), tries).deliveries;
  assert.equal(count({}, false), 1);
  assert.equal(count(undefined, false, 2), 3);
  assert.equal(count({ 'x-delivery-count': 3 }, true), 4);
  assert.equal(count({ 'x-delivery-count': 3 }, true, 1), 5);
  assert.equal(count({}, true), null);
});

test('a message from an exchange has its routing key for a key; the broker alone says when it came', () => {
  const got = decode(
    delivered({ headers: { timestamp_in_ms: 1_700_000_000_000 } }, { exchange: 'x', routingKey: 'a.b' }),
    0,
  );
  assert.deepEqual([got.key, got.at, got.id], ['a.b', 1_700_000_000_000, null]);
  assert.equal(decode(delivered({ headers: {}, timestamp: 5 }), 0).at, null);
});
