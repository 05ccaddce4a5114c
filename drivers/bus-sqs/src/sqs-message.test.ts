import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message } from '@aws-sdk/client-sqs';
import type { OutgoingMessage } from '@understudy/events';
import { decode, encode } from './sqs-message.ts';

const message = (over: Partial<OutgoingMessage>): OutgoingMessage => ({
  id: 'm-1',
  key: null,
  headers: {},
  body: Buffer.from('{}'),
  ...over,
});

/** As the queue would hand it over. */
function received(sent: OutgoingMessage, fifo = false): Message {
  const { entry } = encode(sent, fifo);
  return { MessageId: 'p', Body: entry.MessageBody, MessageAttributes: entry.MessageAttributes, Attributes: {} };
}

test('text goes as it is, anything else as base64, and an attribute says so', () => {
  const bodies: [Uint8Array, string | undefined][] = [
    [Buffer.from('{"text":"Grüße \u{1f600}"}'), undefined],
    [Buffer.from('\ufeffwith a mark'), undefined],
    [new Uint8Array(0), 'empty'],
    [Buffer.from([0xff, 0xfe]), 'base64'],
    [Buffer.from('a\u0000b'), 'base64'],
    [Buffer.from('\uffff'), 'base64'],
  ];
  for (const [body, encoding] of bodies) {
    const wire = received(message({ body }));
    assert.equal(wire.MessageAttributes?.['body-encoding']?.StringValue, encoding);
    assert.deepEqual(Buffer.from(decode(wire, 0).body), Buffer.from(body));
  }
});

test('more headers than SQS has attributes pass, the well-known ones as attributes', () => {
  const headers: Record<string, string> = { headers: 'a header of this name', 'x-empty': '', 'x-nul': '\u0000\ud800' };
  for (let index = 0; index < 20; index++) headers[`x-${index}`] = `value ${index} ü`;
  headers['content-type'] = 'application/json';
  headers['reply-to'] = 'replies';
  const wire = received(message({ headers, key: 'k' }));
  const attributes = wire.MessageAttributes ?? {};
  assert.ok(Object.keys(attributes).length <= 10);
  assert.equal(attributes['content-type']?.StringValue, 'application/json');
  const got = decode(wire, 0);
  assert.deepEqual(got.headers, headers);
  assert.deepEqual([got.id, got.key, got.replyTo], ['m-1', 'k', 'replies']);
});

test('FIFO ids are plain: the same for the same id or key', () => {
  const plain = encode(message({ key: 'customer-7' }), true).entry;
  assert.deepEqual([plain.MessageDeduplicationId, plain.MessageGroupId], ['m-1', 'customer-7']);
  const odd = message({ id: 'ü'.repeat(90), key: 'Kunde 7' });
  const [one, other] = [encode(odd, true).entry, encode(odd, true).entry];
  assert.match(one.MessageDeduplicationId!, /^[0-9a-f]{64}$/);
  assert.deepEqual(
    [one.MessageDeduplicationId, one.MessageGroupId],
    [other.MessageDeduplicationId, other.MessageGroupId],
  );
  assert.equal(decode(received(odd, true), 0).key, 'Kunde 7');
  assert.equal(encode(message({}), true).entry.MessageGroupId, 'm-1', 'no key: nothing waits for it');
});

test('messages of other clients: group and deduplication id stand for key and id', () => {
  const Attributes = {
    MessageGroupId: 'g',
    MessageDeduplicationId: 'd',
    ApproximateReceiveCount: '2',
    SentTimestamp: '1700000000000',
  };
  const got = decode({ MessageId: 'p', Body: 'hello', Attributes }, 1);
  assert.deepEqual(
    [got.id, got.key, got.place, got.deliveries, got.redelivered, got.at],
    ['d', 'g', 'p', 3, true, 1_700_000_000_000],
  );
});
