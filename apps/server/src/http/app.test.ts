import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { systemClock } from '@understudy/kernel';
import type { InjectOptions } from 'fastify';
import { pino } from 'pino';
import { Type } from 'typebox';
import { createApp } from './app.ts';

const Body = Type.Object({ n: Type.Integer({ minimum: 1 }) }, { additionalProperties: false });

function testApp() {
  const app = createApp({ logger: pino({ level: 'silent' }), clock: systemClock, maxBodyBytes: 1000 });
  app.post('/things', { config: { policy: { kind: 'public' } }, schema: { body: Body } }, (request) =>
    Promise.resolve(request.body),
  );
  app.get(
    '/things',
    {
      config: { policy: { kind: 'public' } },
      schema: { querystring: Type.Object({ limit: Type.Optional(Type.Integer()) }, { additionalProperties: false }) },
    },
    (request) => Promise.resolve(request.query),
  );
  app.get('/broken', { config: { policy: { kind: 'public' } } }, () => Promise.reject(new Error('SELECT secret')));
  after(() => app.close());
  return app;
}

const post = (payload: string | Buffer, type = 'application/json') =>
  ({ method: 'POST', url: '/things', payload, headers: { 'content-type': type } }) as const;

test('a route without a policy keeps the server from starting', () => {
  const app = createApp({ logger: pino({ level: 'silent' }), clock: systemClock, maxBodyBytes: 1000 });
  assert.throws(() => app.get('/open', () => Promise.resolve({})), /states no policy/);
});

test('what is wrong with a body is said with a pointer and a stable code', async () => {
  const app = testApp();
  const cases: [string, number, string, string | undefined][] = [
    ['{"n":1,"x":2}', 400, 'unknown_field', '/x'],
    ['{}', 400, 'invalid_body', '/n'],
    ['{"n":"1"}', 400, 'invalid_body', '/n'],
    ['{"n":0}', 400, 'invalid_body', '/n'],
    ['{"n":', 400, 'invalid_json', undefined],
    ['{"__proto__":{"n":1},"n":1}', 400, 'invalid_json', undefined],
    ['{"n":1,"constructor":{"prototype":{"x":1}}}', 400, 'invalid_json', undefined],
  ];
  for (const [body, status, code, pointer] of cases) {
    const response = await app.inject(post(body));
    assert.equal(response.statusCode, status, body);
    const problem = response.json();
    assert.equal(problem.code, code, body);
    assert.equal(problem.errors?.[0]?.pointer, pointer, body);
    assert.match(response.headers['content-type'] as string, /^application\/problem\+json/);
    assert.equal(problem.request_id, response.headers['x-request-id']);
  }
});

test('bad bytes, other types and large bodies are refused by name', async () => {
  const app = testApp();
  const codeOf = async (request: InjectOptions) => (await app.inject(request)).json().code;
  assert.equal(await codeOf(post(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]))), 'invalid_json');
  assert.equal(await codeOf(post('n=1', 'application/x-www-form-urlencoded')), 'unsupported_media_type');
  assert.equal(await codeOf(post(`{"n":1${' '.repeat(2000)}}`)), 'body_too_large');
  assert.equal(await codeOf({ method: 'GET', url: '/nothing' }), 'not_found');
});

test('a query is text: numbers are read from it, and unknown parameters are refused', async () => {
  const app = testApp();
  assert.deepEqual((await app.inject('/things?limit=7')).json(), { limit: 7 });
  assert.equal((await app.inject('/things?limit=x')).statusCode, 400);
  for (const endless of ['Infinity', '-Infinity', '1e999']) {
    const { json, statusCode } = await app.inject(`/things?limit=${endless}`);
    assert.deepEqual([statusCode, json().errors[0].pointer, json().errors[0].code], [400, '/limit', 'wrong_type']);
  }
  assert.equal((await app.inject('/things?limits=7')).json().code, 'unknown_field');
});

test('an unknown failure says nothing of its inside', async () => {
  const response = await testApp().inject('/broken');
  assert.equal(response.statusCode, 500);
  assert.equal(response.json().code, 'internal_error');
  assert.ok(!response.body.includes('SELECT'));
});

test('a request id is taken over when it is well formed', async () => {
  const app = testApp();
  const idOf = async (id: string) =>
    (await app.inject({ url: '/things', headers: { 'x-request-id': id } })).headers['x-request-id'];
  assert.equal(await idOf('order-4711'), 'order-4711');
  assert.match((await idOf('a b\u0001')) as string, /^req_/);
  assert.match((await idOf('x'.repeat(200))) as string, /^req_/);
});
