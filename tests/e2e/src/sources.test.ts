import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { CloudEvent, emitterFor, HTTP, Mode } from 'cloudevents';
import { eventually, makeWorkspace, ServerProcess, scratchFolder, type Workspace } from './index.ts';

const scratch = scratchFolder();
let server: ServerProcess;
let forum: Workspace;

before(async () => {
  server = await ServerProcess.start({ dataDir: join(scratch, 'data') });
  forum = await makeWorkspace(() => server, server.operatorKey!, 'Forum');
  await forum.makeTask('comments', ['ok', 'spam']);
});
after(() => server?.stop());

const overHttp = {
  bus: 'http',
  topic: 'comment.created',
  task: 'comments',
  mapping: { input: { text: '$.data.text' }, external_id: '$.data.id', subject: '$.subject' },
};
const TRACE = 'c0'.repeat(16);

/** An event as the official client makes it. */
const event = (id: string, data: unknown, more: object = {}) =>
  new CloudEvent({ id, source: '/forum', type: 'comment.created', subject: 'author-1', data, ...more });

/** Sends what the official client made, with its headers. */
const post = (message: { headers: object; body: unknown }, path = '/v1/events') => {
  const headers = Object.fromEntries(
    Object.entries(message.headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
  const body = typeof message.body === 'string' ? message.body : JSON.stringify(message.body);
  return forum.post(path, Buffer.from(body), { headers });
};

describe('events over HTTP', () => {
  test('a source takes a type of events, says what it has done, and is edited with its ETag', async () => {
    const made = await forum.put('/v1/sources/http-comments', overHttp);
    assert.equal(made.status, 201, made.text);
    assert.deepEqual(
      [made.json.state, made.json.format, made.json.reply_to, made.json.counts.messages],
      ['running', 'cloudevents', null, 0],
    );
    const same = await forum.put('/v1/sources/http-comments', overHttp);
    assert.deepEqual([same.status, same.headers.etag], [200, made.headers.etag]);
    const stale = await forum.put('/v1/sources/http-comments', overHttp, { headers: { 'If-Match': '"x"' } });
    assert.deepEqual([stale.status, stale.json.code], [412, 'stale_version']);
    const { json } = await forum.get('/v1/sources');
    assert.deepEqual(
      json.data.map(({ source }: { source: string }) => source),
      ['http-comments'],
    );
  });

  test('binary, structured and batch mode of the official client: each event is decided once', async () => {
    const binary = await post(
      HTTP.binary(event('b-1', { id: 1, text: 'binary' }, { traceparent: `00-${TRACE}-${'ab'.repeat(8)}-01` })),
    );
    assert.equal(binary.status, 202, binary.text);
    const [first] = binary.json.data;
    assert.deepEqual(
      [first.id, first.event_source, first.source, first.status],
      ['b-1', '/forum', 'http-comments', 'accepted'],
    );
    const { json: decision } = await forum.get(`/v1/decisions/${first.decision}`);
    assert.deepEqual(
      [decision.input.text, decision.external_id, decision.subject, decision.trace_id, decision.via],
      ['binary', '1', 'author-1', TRACE, { kind: 'source', id: 'http-comments', message: first.message }],
    );
    const structured = await post(HTTP.structured(event('s-1', { id: 's', text: 'structured' })));
    assert.equal(structured.status, 202, structured.text);
    const batch = await post({
      headers: { 'content-type': 'application/cloudevents-batch+json' },
      body: [
        event('b-1', { id: 1, text: 'binary' }),
        event('x-1', { id: 'x', text: 'batch' }),
        event('x-1', { id: 'x', text: 'batch' }),
        event('x-2', { id: 'x' }),
        { id: 'no event' },
        event('x-3', { id: 'y', text: 'other type' }, { type: 'comment.deleted' }),
      ],
    });
    assert.equal(batch.status, 202, batch.text);
    const [known, fresh, twin, unmapped, none, unrouted] = batch.json.data;
    assert.deepEqual([known.status, known.decision, known.message], ['duplicate', first.decision, first.message]);
    assert.deepEqual([fresh.status, twin.status, twin.decision], ['accepted', 'duplicate', fresh.decision]);
    assert.deepEqual(
      [unmapped, none, unrouted].map(({ status, problem }) => [status, problem.code]),
      [
        ['rejected', 'message_unmapped'],
        ['rejected', 'invalid_event'],
        ['rejected', 'event_unrouted'],
      ],
    );
    const named = await post(
      HTTP.structured(event('x-3', { id: 'y', text: 'named' }, { type: 'comment.deleted' })),
      '/v1/events?source=http-comments',
    );
    assert.equal(named.json.data[0].status, 'accepted', named.text);
    assert.equal((await forum.decisions()).length, 4);
    const { json: source } = await forum.get('/v1/sources/http-comments');
    assert.deepEqual(source.counts, { messages: 4, decided: 4, unprocessable: 0, duplicates: 2 });
  });

  test('the official emitter sends to it as to any other receiver', async () => {
    const emit = emitterFor(
      async ({ headers, body }) => {
        const reply = await post({ headers, body });
        assert.equal(reply.status, 202, reply.text);
        return reply.json;
      },
      { mode: Mode.BINARY, binding: HTTP },
    );
    const { data } = (await emit(event('em-1', { id: 'em', text: 'emitted' }))) as { data: { status: string }[] };
    assert.equal(data[0]!.status, 'accepted');
  });

  test('what cannot be taken is refused with every reason, and leaves nothing behind', async () => {
    const before = (await forum.decisions()).length;
    const call = (contentType: string, body: string | Buffer, headers = {}) =>
      forum.post('/v1/events', Buffer.from(body), { headers: { 'Content-Type': contentType, ...headers } });
    const structured = 'application/cloudevents+json';
    const batch = 'application/cloudevents-batch+json';
    const ce = { 'ce-specversion': '1.0', 'ce-id': 'i', 'ce-source': '/s', 'ce-type': 'comment.created' };
    for (const [reply, status, code] of [
      [await call('application/json', '{"text":"x"}'), 400, 'invalid_event'],
      [await call(structured, '{"specversion":'), 400, 'message_malformed'],
      [await call(structured, Buffer.from([0xff])), 400, 'message_malformed'],
      [await call(structured, '[]'), 422, 'events_rejected'],
      [await call(structured, '{"specversion":"0.3","id":"i","source":"s","type":"t"}'), 422, 'events_rejected'],
      [await call(structured, `${'['.repeat(5000)}${']'.repeat(5000)}`), 400, 'message_malformed'],
      [await call(batch, '[]'), 400, 'invalid_event'],
      [await call(batch, '{}'), 400, 'invalid_event'],
      [
        await call(batch, JSON.stringify(Array.from({ length: 201 }, (_, i) => ({ id: `${i}` })))),
        413,
        'too_many_events',
      ],
      [await call('application/json', '{"text":1,"id":1}', ce), 422, 'events_rejected'],
      [await call('image/png', 'x', ce), 422, 'events_rejected'],
      [await call('application/json', JSON.stringify({ id: 1, text: 'x'.repeat(20_001) }), ce), 422, 'events_rejected'],
      [await call('application/json', '{"id":"a\\u0000","text":"x"}', ce), 422, 'events_rejected'],
      // Refused by what it says, before it comes.
      [await call(structured, ' ', { 'Content-Length': '9000000' }), 413, 'body_too_large'],
    ] as const) {
      assert.deepEqual([reply.status, reply.json?.code], [status, code], reply.text.slice(0, 300));
    }
    const absent = await call(structured, JSON.stringify(event('q', {})), {});
    assert.equal(absent.json.errors[0].code, 'message_unmapped', absent.text);
    const unknown = await forum.post('/v1/events?source=nobody', Buffer.from(JSON.stringify(event('q', {}))), {
      headers: { 'Content-Type': structured },
    });
    assert.deepEqual([unknown.status, unknown.json.code], [404, 'source_not_found']);
    assert.equal((await forum.decisions()).length, before);
    const paused = await forum.post('/v1/sources/http-comments/pause');
    assert.equal(paused.json.state, 'paused');
    const refused = await post(HTTP.binary(event('p-1', { id: 'p', text: 'paused' })));
    assert.deepEqual([refused.status, refused.json.code], [503, 'source_paused']);
    await forum.post('/v1/sources/http-comments/resume');
    assert.equal((await post(HTTP.binary(event('p-1', { id: 'p', text: 'paused' })))).status, 202);
  });
});

describe('a source that cannot be', () => {
  test('is refused with the place and the reason', async () => {
    const mapping = { input: { text: '$.text' } };
    const queue = { bus: 'postgres', topic: 'in', task: 'comments', mapping };
    for (const [body, status, code, pointer] of [
      [{ ...queue, bus: 'nowhere' }, 422, 'unknown_bus', '/bus'],
      [{ ...queue, task: 'nothing' }, 404, 'task_not_found', undefined],
      [{ ...queue, mapping: { input: { text: '$..text' } } }, 422, 'invalid_mapping', '/mapping/input/text'],
      [
        { ...queue, mapping: { input: { text: '$.t' }, attributes: { a: '$.*' } } },
        422,
        'invalid_mapping',
        '/mapping/attributes/a',
      ],
      [{ ...queue, reply_to: {} }, 422, 'invalid_source', '/reply_to'],
      [{ ...queue, reply_to: { topic: 'in' } }, 422, 'invalid_source', '/reply_to/topic'],
      [{ ...queue, reply_to: { bus: 'nowhere', topic: 'x' } }, 422, 'unknown_bus', '/reply_to/bus'],
      [{ ...overHttp, reply_to: { topic: 'x' } }, 422, 'invalid_source', '/reply_to/bus'],
      [{ ...overHttp, group: 'g' }, 422, 'invalid_source', '/group'],
      [{ ...overHttp, format: 'json' }, 422, 'invalid_source', '/format'],
      [overHttp, 409, 'event_type_taken', undefined],
      [{ ...queue, url: 'kafka://x' }, 400, 'unknown_field', '/url'],
      [{ ...queue, topic: 'a\nb' }, 400, 'invalid_body', '/topic'],
    ] as const) {
      const reply = await forum.put('/v1/sources/odd', body);
      assert.deepEqual([reply.status, reply.json.code], [status, code], `${JSON.stringify(body)} ${reply.text}`);
      if (pointer !== undefined) assert.equal(reply.json.errors[0].pointer, pointer, reply.text);
    }
    assert.equal((await forum.get('/v1/sources/odd')).status, 404);
  });
});

describe('a topic of the bus that is always there', () => {
  test('is read, decided and answered; answers of one source may be what another reads', async () => {
    const chained = { ...overHttp, topic: 'comment.chained', reply_to: { bus: 'postgres', topic: 'decided' } };
    assert.equal((await forum.put('/v1/sources/first', chained)).status, 201);
    const second = {
      bus: 'postgres',
      topic: 'decided',
      task: 'comments',
      format: 'json',
      mapping: { input: { text: '$.external_id' }, external_id: '$.decision.id' },
      reply_to: { topic: 'final' },
    };
    const made = await forum.put('/v1/sources/second', second);
    assert.equal(made.status, 201, made.text);
    const sent = Array.from({ length: 50 }, (_, i) =>
      event(
        `chain-${i}`,
        { id: `c${i}`, text: `chained ${i}` },
        {
          type: 'comment.chained',
          traceparent: `00-${TRACE}-${'ab'.repeat(8)}-01`,
        },
      ),
    );
    const headers = { 'content-type': 'application/cloudevents-batch+json' };
    const batch = await post({ headers, body: sent });
    assert.equal(batch.status, 202, batch.text);
    const source = await eventually('the second source has decided all', async () => {
      const { json } = await forum.get('/v1/sources/second');
      // The worker that reads it reports every few seconds; until its first word the source is `idle`.
      return json.counts.decided === 50 && json.state === 'running' ? json : null;
    });
    assert.deepEqual([source.state, source.problem, source.counts.unprocessable], ['running', null, 0]);
    const decisions = (await forum.decisions()).filter(({ external_id }) => external_id?.startsWith('dec_'));
    assert.equal(new Set(decisions.map(({ external_id }) => external_id)).size, 50);
    assert.equal(decisions.length, 50);
    const { json: last } = await forum.get(`/v1/decisions/${decisions[0].id}`);
    assert.deepEqual([last.trace_id, last.via.id], [TRACE, 'second']);
    await eventually('nothing waits in it', async () =>
      (await forum.get('/v1/sources/second')).json.lag === 0 ? true : null,
    );
    const other = await makeWorkspace(() => server, server.operatorKey!, 'Other');
    await other.makeTask('comments', ['ok', 'spam']);
    const peek = await other.put('/v1/sources/peek', { ...second, reply_to: { topic: 'mine' } });
    assert.deepEqual([peek.status, peek.json.code], [403, 'topic_refused']);
    const push = await other.put('/v1/sources/push', { ...second, topic: 'own', reply_to: { topic: 'decided' } });
    assert.deepEqual([push.status, push.json.code], [403, 'topic_refused']);
  });
});
