import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CloudEvent, HTTP, Kafka } from 'cloudevents';
import { messageKey, refusedKey } from './message-key.ts';
import { parseMessage } from './parse.ts';
import { traceIdOf, traceParent } from './trace-parent.ts';

const MAX = 10_000;
const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const json = (body: Uint8Array, headers: Record<string, string> = {}) => parseMessage({ headers, body }, 'json', MAX);
const event = (body: Uint8Array, headers: Record<string, string> = {}) =>
  parseMessage({ headers, body }, 'cloudevents', MAX);

test('JSON is read as it is; what cannot be is refused before a parser meets it, without repeating it', () => {
  assert.deepEqual(json(bytes({ a: [1] }), { traceparent: 'x' }), { root: { a: [1] }, event: null, traceparent: 'x' });
  assert.equal(json(bytes('"\\ud83d\\ude00 [[[["')).root, '😀 [[[[');
  const deep = (levels: number) => bytes(`${'['.repeat(levels)}1${']'.repeat(levels)}`);
  assert.ok(Array.isArray(json(deep(64)).root));
  const wide = bytes(`{"a":"${'['.repeat(300)}\\"${'{'.repeat(300)}","b":${'[{}],'.repeat(0)}[]}`);
  assert.ok(json(wide).root);
  for (const [body, code] of [
    [deep(65), 'message_malformed'],
    [deep(4000), 'message_malformed'],
    [bytes('{"password":"hunter2"'), 'message_malformed'],
    [bytes(''), 'message_malformed'],
    [bytes('NaN'), 'message_malformed'],
    [Buffer.from([0x22, 0xc3, 0x28, 0x22]), 'message_malformed'],
    [Buffer.from([0xff, 0xfe, 0x00]), 'message_malformed'],
    [bytes(`"${'x'.repeat(MAX)}"`), 'message_too_large'],
  ] as const) {
    assert.throws(
      () => json(body),
      (error: { code: string; message: string }) => error.code === code && !error.message.includes('hunter2'),
    );
  }
});

const made = new CloudEvent({
  id: 'e-1',
  source: '/forum',
  type: 'comment.created',
  subject: 'c-9',
  data: { comment: { body: 'ü' } },
});

test('CloudEvents of the official client are read in binary and structured mode, over Kafka and HTTP', () => {
  const name = { source: '/forum', id: 'e-1', type: 'comment.created' };
  for (const message of [HTTP.binary(made), HTTP.structured(made), Kafka.binary(made), Kafka.structured(made)]) {
    const headers = Object.fromEntries(
      Object.entries(message.headers).flatMap(([key, value]) =>
        value === undefined ? [] : [[key.toLowerCase(), String(value)]],
      ),
    );
    const body = 'value' in message ? message.value : message.body;
    const parsed = event(bytes(body), headers);
    assert.deepEqual(parsed.event, name);
    const root = parsed.root as Record<string, unknown>;
    assert.deepEqual([root.subject, root.data], ['c-9', { comment: { body: 'ü' } }]);
  }
});

test('a CloudEvent is known without headers, by AMQP names, in base64, as text', () => {
  const structured = { specversion: '1.0', id: 'e', source: 's', type: 't', traceparent: 'tp' };
  assert.equal(event(bytes(structured)).traceparent, 'tp');
  const amqp = {
    'cloudevents:specversion': '1.0',
    'cloudevents:id': 'e',
    'cloudevents:source': 's',
    'cloudevents:type': 't',
    'content-type': 'text/plain; charset=utf-8',
  };
  assert.equal((event(bytes('hello'), amqp).root as { data: unknown }).data, 'hello');
  const encoded = { ...structured, data_base64: bytes({ a: 1 }).toString('base64') };
  assert.deepEqual((event(bytes(encoded)).root as { data: unknown }).data, { a: 1 });
});

test('what is no CloudEvent says what it lacks', () => {
  const good = { specversion: '1.0', id: 'e', source: 's', type: 't' };
  const bad: [unknown, Record<string, string>?][] = [
    [{ ...good, specversion: '0.3' }],
    [{ ...good, id: '' }],
    [{ ...good, id: 5 }],
    [{ ...good, source: undefined }],
    [{ ...good, type: 'x'.repeat(2001) }],
    [{ ...good, data: 1, data_base64: 'AA==' }],
    [{ ...good, data_base64: '*' }],
    [[good]],
    ['"text"'],
    [good, { 'content-type': 'application/cloudevents+avro' }],
    [[good], { 'content-type': 'application/cloudevents-batch+json' }],
    ['x', { ce_id: 'e', ce_source: 's', ce_type: 't' }],
    ['x', { ce_specversion: '1.0', ce_id: 'e', ce_source: 's', ce_type: 't', 'content-type': 'image/png' }],
  ];
  for (const [body, headers] of bad) {
    assert.throws(() => event(bytes(body), headers), { code: 'invalid_event' }, JSON.stringify(body));
  }
});

const incoming = {
  id: null,
  key: null,
  headers: { b: '2', a: '1' },
  body: bytes('x'),
  place: null,
  redelivered: false,
  deliveries: null,
  correlationId: null,
  replyTo: null,
  at: null,
};
const topic = { bus: 'main', topic: 'comments' };

test('a message is known by the strongest name that it has', () => {
  const parsed = { root: null, event: { source: '/a', id: '1', type: 't' }, traceparent: undefined };
  const full = { ...incoming, id: 'm', place: '0/5', at: 7 };
  assert.deepEqual(messageKey(full, parsed, '9', topic), { key: 'map:9', byContent: false });
  assert.deepEqual(messageKey(full, parsed, null, topic), { key: 'ce:1\u001f/a', byContent: false });
  assert.equal(messageKey(full, null, null, topic).key, 'id:m');
  assert.equal(messageKey({ ...full, id: null }, null, null, topic).key, 'at:0/5@7\u001fmain/comments');
  const byContent = messageKey(incoming, null, null, topic);
  assert.ok(byContent.byContent);
  assert.deepEqual(messageKey({ ...incoming, headers: { a: '1', b: '2' } }, null, null, topic), byContent);
  assert.notEqual(messageKey({ ...incoming, headers: { a: '1', b: '3' } }, null, null, topic).key, byContent.key);
  for (const id of ['x'.repeat(401), 'a\0b', '\ud800']) {
    assert.match(messageKey({ ...incoming, id }, null, null, topic).key, /^long:/);
  }
  assert.notEqual(refusedKey('id:m', bytes('bad')), refusedKey('id:m', bytes('good')));
});

test('a trace goes on where the message names one, and only then', () => {
  const trace = 'a'.repeat(32);
  assert.equal(traceIdOf(`00-${trace}-${'b'.repeat(16)}-01`), trace);
  for (const header of [
    undefined,
    '',
    trace,
    `ff-${trace}-${'b'.repeat(16)}-01`,
    `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`,
  ]) {
    assert.equal(traceIdOf(header), null);
  }
  assert.match(traceParent(trace, 'm'), new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`));
  assert.equal(traceParent(trace, 'm'), traceParent(trace, 'm'));
});
