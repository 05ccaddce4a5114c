import assert from 'node:assert/strict';
import { Agent, request } from 'node:http';
import { after, test } from 'node:test';
import { type Principal, silentLogger, systemClock } from '@understudy/kernel';
import { pino } from 'pino';
import { describeApi } from '../describe-api.ts';
import { Metrics } from '../observability/metrics.ts';
import { observeRequests } from '../observability/observe.ts';
import { createApp } from './app.ts';
import { namedRoutes } from './load/load-class.ts';
import { LoadGate } from './load-gate.ts';

const open = { policy: { kind: 'public' } } as const;
const own = { policy: { kind: 'authenticated' } } as const;

/** A gateway whose predictions wait until they are released; a tenant is who the header `x-tenant` says. */
async function gateway(leastConcurrency: number) {
  const metrics = new Metrics();
  const app = createApp({ logger: pino({ level: 'silent' }), clock: systemClock, maxBodyBytes: 1000 });
  observeRequests(app, metrics);
  const gate = new LoadGate({
    leastConcurrency,
    tenantOf: ({ headers }) => headers['x-tenant'] as string | undefined,
    metrics,
    logger: silentLogger,
  });
  gate.enter(app);
  let looked = 0;
  app.addHook('onRequest', (_request, _reply, done) => {
    looked++;
    done();
  });
  app.addHook('onRequest', (request, _reply, done) => {
    const workspace = String(request.headers['x-tenant'] ?? 'nobody');
    request.principal = { kind: 'api_key', workspace, id: 'key_1', scopes: new Set() } satisfies Principal;
    done();
  });
  gate.charge(app);
  let waiting: (() => void)[] = [];
  app.post('/v1/predict/:task', { config: own }, async () => {
    await new Promise<void>((done) => waiting.push(done));
    return { ok: true };
  });
  app.get('/v1/tasks', { config: own }, () => Promise.resolve({ data: [] }));
  app.get('/v1/ledger/export', { config: own }, () => Promise.resolve({ data: [] }));
  app.get('/healthz/live', { config: open }, () => Promise.resolve({ status: 'live' }));
  app.get('/metrics', { config: own }, () => metrics.text());
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  after(() => app.close());
  return {
    url,
    gate,
    metrics,
    looked: () => looked,
    waiting: () => waiting.length,
    release: () => {
      for (const done of waiting.splice(0)) done();
      waiting = [];
    },
  };
}

interface Answer {
  status: number;
  retryAfter: string | undefined;
  text: string;
}

const agent = new Agent({ keepAlive: true });
after(() => agent.destroy());

function ask(url: string, method: string, path: string, tenant = 'a', signal?: AbortSignal): Promise<Answer> {
  const target = new URL(path, url);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      target,
      { method, agent, headers: { 'x-tenant': tenant }, ...(signal === undefined ? {} : { signal }) },
      (incoming) => {
        let text = '';
        incoming.on('data', (piece: Buffer) => {
          text += piece.toString();
        });
        incoming.on('end', () =>
          resolve({ status: incoming.statusCode!, retryAfter: incoming.headers['retry-after'], text }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end();
  });
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((done) => setImmediate(done));
}

test('beyond the limit: 503 with Retry-After before anybody was looked up; health and metrics still answer', async () => {
  const { url, gate, metrics, looked, waiting, release } = await gateway(4);
  const predictions = Array.from({ length: 4 }, () => ask(url, 'POST', '/v1/predict/x'));
  await until(() => waiting() === 4);
  const before = looked();
  for (let i = 0; i < 5; i++) {
    const refused = await ask(url, 'POST', '/v1/predict/x');
    assert.deepEqual([refused.status, JSON.parse(refused.text).code], [503, 'overloaded']);
    assert.ok(Number(refused.retryAfter) >= 1 && Number(refused.retryAfter) <= 3);
    assert.match(JSON.parse(refused.text).request_id, /^req_/);
  }
  assert.equal(looked(), before);
  assert.equal((await ask(url, 'GET', '/v1/tasks')).status, 503);
  assert.equal((await ask(url, 'GET', '/v1/ledger/export')).status, 503);
  assert.equal((await ask(url, 'GET', '/healthz/live')).status, 200);
  const { text } = await ask(url, 'GET', '/metrics');
  assert.match(text, /^understudy_http_requests_shed_total\{class="decide"\} 5$/m);
  assert.match(text, /^understudy_http_requests_in_flight 4$/m);
  assert.match(text, /^understudy_http_concurrency_limit 4$/m);
  release();
  assert.deepEqual([...new Set((await Promise.all(predictions)).map(({ status }) => status))], [200]);
  await until(() => gate.inFlight === 0);
  assert.equal((await ask(url, 'GET', '/v1/tasks')).status, 200);
  assert.ok(gate.lastShedAt > 0 && gate.lastRequestAt > gate.lastShedAt);
  assert.ok((await metrics.text()).includes('status="503"'), 'what was turned away is counted as a request too');
});

test('one workspace that fills the gateway keeps no other from being answered', async () => {
  const { url, gate, waiting, release } = await gateway(8);
  const greedy = Array.from({ length: 8 }, () => ask(url, 'POST', '/v1/predict/x', 'a'));
  await until(() => waiting() === 8);
  const modest = Array.from({ length: 4 }, () => ask(url, 'POST', '/v1/predict/x', 'b'));
  await until(() => waiting() === 12);
  assert.equal((await ask(url, 'POST', '/v1/predict/x', 'a')).status, 503);
  release();
  for (const { status } of await Promise.all([...greedy, ...modest])) assert.equal(status, 200);
  await until(() => gate.inFlight === 0);
});

test('a client that goes away gives its place back', async () => {
  const { url, gate, waiting, release } = await gateway(2);
  const leaving = new AbortController();
  const gone = Array.from({ length: 2 }, () =>
    ask(url, 'POST', '/v1/predict/x', 'a', leaving.signal).catch(() => null),
  );
  await until(() => waiting() === 2);
  leaving.abort();
  await Promise.all(gone);
  await until(() => gate.inFlight === 0);
  release();
  assert.equal((await ask(url, 'GET', '/v1/tasks')).status, 200);
  await until(() => gate.inFlight === 0);
});

test('every route that is named by its load exists', async () => {
  const { routes } = await describeApi();
  const known = new Set(routes.map(({ method, url }) => `${method} ${url}`));
  assert.deepEqual(
    namedRoutes.filter((route) => !known.has(route)),
    [],
  );
});
