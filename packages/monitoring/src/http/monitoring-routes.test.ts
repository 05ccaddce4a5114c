import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isUnderstudyError, newId, type RouteConfig } from '@understudy/kernel';
import { FakeClock } from '@understudy/kernel/testing';
import * as wire from '@understudy/wire';
import { fastify } from 'fastify';
import { Alerts } from '../alerts.ts';
import { Quality } from '../quality.ts';
import {
  exampleAlert,
  exampleTask,
  MemoryAlertStore,
  MemoryTaskDirectory,
  NO_CHECKS,
  ScriptedFigures,
} from '../testing/index.ts';
import { monitoringRoutes } from './monitoring-routes.ts';

const NOW = Date.UTC(2026, 5, 15);

async function serve(workspace = 'ws_a') {
  const clock = new FakeClock(NOW);
  const store = new MemoryAlertStore();
  const figures = new ScriptedFigures(() => []);
  const tasks = new MemoryTaskDirectory([exampleTask()]);
  const app = fastify({ ajv: { customOptions: { removeAdditional: false, coerceTypes: true, strictTypes: false } } });
  for (const schema of Object.values(wire)) {
    if (typeof schema === 'object' && '$id' in schema) app.addSchema(schema);
  }
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  const routes: string[] = [];
  app.addHook('onRoute', ({ method, url, config }) => {
    const { policy, idempotency = '' } = config as never as RouteConfig;
    const scope = policy.kind === 'scope' ? policy.scope : policy.kind;
    if (method !== 'HEAD') routes.push(`${method} ${url} ${scope} ${idempotency}`.trim());
  });
  app.decorateRequest('principal', null as never);
  app.addHook('onRequest', async (request) => {
    request.principal = { kind: 'api_key', workspace, id: 'key_1', scopes: new Set() };
  });
  app.setErrorHandler((error, _request, reply) =>
    reply.code(400).send({ code: isUnderstudyError(error) ? error.code : 'invalid' }),
  );
  const quality = new Quality({ figures, tasks, checks: { of: async () => NO_CHECKS }, alerts: store, clock });
  app.register(async (scope) => monitoringRoutes({ quality, alerts: new Alerts({ store, clock }) })(scope as never));
  await app.ready();
  const call = async (method: 'GET' | 'POST', url: string, payload?: object) => {
    const answer = await app.inject({ method, url, ...(payload === undefined ? {} : { payload }) });
    return { status: answer.statusCode, json: JSON.parse(answer.body) };
  };
  return { store, figures, routes, call };
}

test('every route states its scope', async () => {
  const { routes } = await serve();
  assert.deepEqual(routes.sort(), [
    'GET /v1/alerts alerts:read',
    'GET /v1/alerts/:id alerts:read',
    'GET /v1/overview quality:read',
    'GET /v1/tasks/:task/quality quality:read',
    'POST /v1/alerts/:id/acknowledge alerts:write stored',
  ]);
});

test('the window and the groups of a query reach the figures of the caller’s workspace', async () => {
  const { call, figures } = await serve('ws_mine');
  const query = 'from=2026-05-01T00:00:00Z&to=2026-06-01T00:00:00Z';
  const overview = await call('GET', `/v1/overview?${query}&bucket=week`);
  assert.deepEqual([overview.status, overview.json.bucket], [200, 'week']);
  const quality = await call(
    'GET',
    `/v1/tasks/comment-moderation/quality?${query}&by=label&interval=fixed&confidence=0.9`,
  );
  assert.deepEqual([quality.json.interval, quality.json.confidence, quality.json.by], ['fixed', 0.9, 'label']);
  assert.ok(figures.asked.every(({ workspace }) => workspace === 'ws_mine'));
  const week = figures.asked.find(({ bucket }) => bucket === 'week');
  assert.deepEqual([week?.from, week?.to], [Date.UTC(2026, 4, 1), Date.UTC(2026, 5, 1)]);
  for (const bad of ['bucket=total', 'interval=both', 'from=2026-05-01', 'limit=5']) {
    assert.equal((await call('GET', `/v1/overview?${bad}`)).status, 400, bad);
  }
});

test('alerts are paged by cursor, filtered, read and acknowledged; others’ are not there', async () => {
  const { call, store } = await serve();
  const ids: string[] = [];
  for (let i = 0; i < 3; i++) {
    const id = newId('alr', NOW + i);
    await store.raise(exampleAlert('ws_a', { id, subject: `crt_${i}` }));
    ids.unshift(id);
  }
  const foreign = exampleAlert('ws_b');
  await store.raise(foreign);
  const first = await call('GET', '/v1/alerts?limit=2&open=true');
  const second = await call('GET', `/v1/alerts?limit=2&open=true&cursor=${first.json.next_cursor}`);
  const pages = [...first.json.data, ...second.json.data].map(({ id }: { id: string }) => id);
  assert.deepEqual([pages, second.json.next_cursor], [ids, null]);
  assert.deepEqual((await call('GET', '/v1/alerts?open=false')).json.data, []);
  assert.deepEqual((await call('GET', '/v1/alerts?task=another')).json.data, []);
  const seen = await call('POST', `/v1/alerts/${ids[0]}/acknowledge`, { note: 'seen' });
  const acknowledged = { at: new Date(NOW).toISOString(), by: 'key_1', note: 'seen' };
  assert.deepEqual(seen.json.acknowledged, acknowledged);
  assert.deepEqual((await call('GET', `/v1/alerts/${ids[0]}`)).json.acknowledged, acknowledged);
  for (const id of [foreign.id, newId('alr', NOW), 'alr_nonsense']) {
    assert.equal((await call('GET', `/v1/alerts/${id}`)).json.code, 'alert_not_found');
    assert.equal((await call('POST', `/v1/alerts/${id}/acknowledge`, {})).json.code, 'alert_not_found');
  }
  assert.equal((await call('GET', '/v1/alerts?cursor=zzz')).json.code, 'invalid_cursor');
});
