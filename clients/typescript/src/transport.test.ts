import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ConnectionFailed,
  InvalidRequest,
  NotFound,
  RateLimited,
  ServerError,
  StaleVersion,
  TimeLimitExceeded,
  Unauthenticated,
  UnderstudyClient,
  UnderstudyError,
  UnexpectedAnswer,
} from './index.ts';
import { problem, type Script, ScriptedServer } from './testing/index.ts';

const PREDICT = 'POST /v1/predict/spam';
const item = { input: { text: 'hello' } };

function clientOf(server: ScriptedServer, more: Partial<ConstructorParameters<typeof UnderstudyClient>[0]> = {}) {
  const waits: number[] = [];
  const client = new UnderstudyClient({
    baseUrl: server.url,
    apiKey: 'us_test',
    wait: async (milliseconds) => {
      waits.push(milliseconds);
    },
    ...more,
  });
  return { client, waits };
}

const serve = (scripts: Record<string, Script>) => new ScriptedServer(scripts).start();

test('a 503 with Retry-After is repeated with the same Idempotency-Key and succeeds', async () => {
  await using server = await serve({
    [PREDICT]: (_request, count) =>
      count === 0
        ? problem(503, 'overloaded', 'busy', { headers: { 'retry-after': '2' } })
        : { body: { id: 'dec_1', outcome: 'review' } },
  });
  const { client, waits } = clientOf(server);
  assert.equal((await client.predict('spam', item)).id, 'dec_1');
  const keys = server.requests(PREDICT).map(({ headers }) => headers['idempotency-key']);
  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1]);
  assert.match(String(keys[0]), /^[0-9a-f-]{36}$/);
  assert.equal(waits.length, 1);
  assert.ok(waits[0]! >= 2000 && waits[0]! <= 2250);
});

test('each call has a key of its own, and one that is given is used', async () => {
  await using server = await serve({ [PREDICT]: { body: {} } });
  const { client } = clientOf(server);
  await client.predict('spam', item);
  await client.predict('spam', item);
  await client.predict('spam', item, { idempotencyKey: 'mine' });
  const keys = server.requests(PREDICT).map(({ headers }) => headers['idempotency-key']);
  assert.equal(new Set(keys).size, 3);
  assert.equal(keys[2], 'mine');
});

test('an error of the caller is not repeated and is typed', async () => {
  const cases = [
    [400, InvalidRequest],
    [401, Unauthenticated],
    [404, NotFound],
    [412, StaleVersion],
    [422, InvalidRequest],
    [507, ServerError],
  ] as const;
  for (const [status, type] of cases) {
    await using server = await serve({ [PREDICT]: problem(status, 'some_code', 'because') });
    const { client } = clientOf(server);
    await assert.rejects(client.predict('spam', item), (error) => {
      assert.ok(error instanceof type && error instanceof UnderstudyError);
      const { code, detail, requestId, name } = error;
      assert.deepEqual(
        { status: error.status, code, detail, requestId, name },
        {
          status,
          code: 'some_code',
          detail: 'because',
          requestId: 'req_scripted',
          name: type.name,
        },
      );
      return true;
    });
    assert.equal(server.seen.length, 1);
  }
});

test('a key in flight is retryable although 409 is not', async () => {
  await using server = await serve({
    [PREDICT]: (_request, count) =>
      count === 0 ? problem(409, 'idempotency_key_in_flight', 'wait') : { body: { id: 'dec_2' } },
  });
  assert.equal((await clientOf(server).client.predict('spam', item)).id, 'dec_2');
});

test('repeats end: the last error comes out with what the server asked for', async () => {
  await using server = await serve({
    [PREDICT]: problem(429, 'rate_limited', 'slow down', { headers: { 'retry-after': '1' } }),
  });
  const { client, waits } = clientOf(server, { maxRetries: 2 });
  await assert.rejects(client.predict('spam', item), (error) => error instanceof RateLimited && error.retryAfter === 1);
  assert.equal(server.seen.length, 3);
  assert.equal(waits.length, 2);
});

test('a wait that would pass the total limit is not begun', async () => {
  await using server = await serve({
    [PREDICT]: problem(503, 'overloaded', 'busy', { headers: { 'retry-after': '600' } }),
  });
  const { client, waits } = clientOf(server);
  await assert.rejects(client.predict('spam', item), ServerError);
  assert.equal(server.seen.length, 1);
  assert.deepEqual(waits, []);
});

test('a connection that breaks is repeated; one that is refused fails with its reason', async () => {
  const broken: Script = {
    raw: (request, response, count) => {
      if (count === 0) request.socket.destroy();
      else response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"dec_3"}');
    },
  };
  const server = await serve({ [PREDICT]: broken });
  const { client, waits } = clientOf(server);
  assert.equal((await client.predict('spam', item)).id, 'dec_3');
  await server[Symbol.asyncDispose]();
  await assert.rejects(client.predict('spam', item), (error) => {
    assert.ok(error instanceof ConnectionFailed);
    assert.match(error.detail, /ECONNREFUSED/);
    return true;
  });
  assert.equal(waits.length, 4);
});

test('an attempt that is not answered in time is repeated, then fails', async () => {
  await using server = await serve({ [PREDICT]: { raw: () => {} } });
  const { client, waits } = clientOf(server, { timeoutMs: 20, maxRetries: 1 });
  await assert.rejects(client.predict('spam', item), (error) => {
    assert.ok(error instanceof TimeLimitExceeded);
    assert.equal(error.code, 'time_limit');
    return true;
  });
  assert.equal(waits.length, 1);
});

test('a body that stalls is under the same limit', async () => {
  await using server = await serve({
    'GET /v1/me': {
      raw: (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('{"half":');
      },
    },
  });
  const { client } = clientOf(server, { timeoutMs: 50, maxRetries: 0 });
  await assert.rejects(client.me(), TimeLimitExceeded);
});

test('an abort ends the call with the reason given, also during a wait', async () => {
  await using server = await serve({ [PREDICT]: { raw: () => {} }, 'GET /v1/me': problem(503, 'overloaded', 'busy') });
  const reason = new Error('changed my mind');
  const { client } = clientOf(server);
  const call = new AbortController();
  const pending = client.predict('spam', item, { signal: call.signal });
  call.abort(reason);
  await assert.rejects(pending, reason);

  const waiting = new AbortController();
  const patient = new UnderstudyClient({
    baseUrl: server.url,
    wait: (_milliseconds, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        waiting.abort(reason);
      }),
  });
  await assert.rejects(patient.me({ signal: waiting.signal }), reason);
  await assert.rejects(client.me({ signal: AbortSignal.abort(reason) }), reason);
});

test('an answer that is not from an Understudy server says so, and a redirect is not followed', async () => {
  await using server = await serve({
    'GET /v1/me': { headers: { 'content-type': 'text/html' }, body: '<html>' },
    'GET /version': { status: 302, headers: { location: 'http://127.0.0.1:1/' }, body: '' },
  });
  const { client } = clientOf(server);
  await assert.rejects(client.me(), (error) => error instanceof UnexpectedAnswer && error.requestId === 'req_scripted');
  await assert.rejects(client.health.version(), (error) => error instanceof UnexpectedAnswer && error.status === 302);
});

test('credentials, trace and user agent are sent', async () => {
  await using server = await serve({ 'GET /v1/me': { body: {} } });
  const { client } = clientOf(server, { userAgent: 'shop/1.0' });
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  await client.me({ traceparent, requestId: 'mine-1' });
  const { headers } = server.seen[0]!;
  assert.equal(headers.authorization, 'Bearer us_test');
  assert.equal(headers.traceparent, traceparent);
  assert.equal(headers['x-request-id'], 'mine-1');
  assert.match(String(headers['user-agent']), /^shop\/1\.0 understudy-typescript\/\d/);
  assert.equal(headers['idempotency-key'], undefined);
});

test('what cannot be sent is refused at once', () => {
  assert.throws(() => new UnderstudyClient({ baseUrl: 'ftp://x' }), TypeError);
  assert.throws(() => new UnderstudyClient({ baseUrl: 'not a url' }), TypeError);
  assert.throws(() => new UnderstudyClient({ baseUrl: 'http://x', apiKey: 'us_a\nb' }), TypeError);
});
