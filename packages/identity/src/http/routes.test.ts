import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@understudy/database-postgres/testing';
import { isUnderstudyError, type Principal, type RouteConfig } from '@understudy/kernel';
import { FakeClock } from '@understudy/kernel/testing';
import * as wire from '@understudy/wire';
import fastify, { type FastifyInstance } from 'fastify';
import { Identity } from '../identity.ts';
import { operatorPrincipal } from '../operator.ts';
import { allScopes, scopeCatalogue } from '../scopes.ts';
import {
  identityMigrations,
  PostgresAuditLog,
  PostgresIdentityStore,
  PostgresMemberStore,
  PostgresSessionStore,
} from '../storage/index.ts';
import { identityRoutes } from './index.ts';

let db: TestDatabase;
let app: FastifyInstance;
let principal: Principal = operatorPrincipal;
const routes: { method: string; url: string; config: Partial<RouteConfig> }[] = [];

before(async () => {
  db = await createTestDatabase({ migrations: [identityMigrations] });
  const clock = new FakeClock();
  const store = new PostgresIdentityStore();
  const identity = new Identity({
    database: db.database,
    store,
    members: new PostgresMemberStore(),
    sessions: new PostgresSessionStore(db.database),
    audit: new PostgresAuditLog(clock),
    clock,
    scopes: allScopes,
  });
  app = fastify({
    ajv: {
      customOptions: { removeAdditional: false, formats: { 'date-time': (text) => !Number.isNaN(Date.parse(text)) } },
    },
  });
  for (const schema of Object.values(wire)) {
    if (typeof schema === 'object' && schema !== null && '$id' in schema) app.addSchema(schema);
  }
  app.decorateRequest('principal', null as never);
  app.addHook('onRequest', async (request) => {
    request.principal = principal;
  });
  app.addHook('onRoute', ({ method, url, config }) => {
    if (method !== 'HEAD') routes.push({ method: String(method), url, config: config as Partial<RouteConfig> });
  });
  app.setErrorHandler((error: Error & { validation?: unknown }, _request, reply) =>
    reply.code(error.validation === undefined ? 422 : 400).send({
      code: isUnderstudyError(error) ? error.code : error.validation === undefined ? 'internal' : 'invalid_body',
    }),
  );
  app.register(async (scope) => identityRoutes(identity, () => {})(scope));
  await app.ready();
  const { json } = await call('POST', '/v1/workspaces', { name: 'Forum' });
  assert.match(json.key.secret, /^us_[0-9A-Za-z]{43}$/);
  principal = { kind: 'api_key', workspace: json.workspace.id, id: json.key.id, scopes: new Set(json.key.scopes) };
});
after(async () => {
  await app.close();
  await db.close();
});

async function call(method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object) {
  const response = await app.inject({ method, url, ...(payload === undefined ? {} : { payload }) });
  return {
    status: response.statusCode,
    headers: response.headers,
    json: response.body === '' ? null : response.json(),
  };
}

test('every route states its policy, with scopes that exist; those that make something are idempotent', () => {
  assert.equal(routes.length, 7);
  for (const { method, url, config } of routes) {
    assert.ok(config.policy, url);
    if (config.policy.kind === 'scope') assert.ok(config.policy.scope in scopeCatalogue, config.policy.scope);
    assert.equal(config.idempotency, method === 'POST' ? 'stored' : undefined, url);
  }
});

test('me says workspace, key and scopes', async () => {
  const { status, json } = await call('GET', '/v1/me');
  assert.equal(status, 200);
  assert.equal(json.workspace.name, 'Forum');
  assert.deepEqual(json.principal, { kind: 'api_key', id: principal.id, name: 'owner', role: null, expires_at: null });
  assert.deepEqual(json.scopes, [...allScopes]);
  assert.equal(json.rate_limit, null);
});

test('a key is made with its secret shown once, listed without it, and revoked', async () => {
  const made = await call('POST', '/v1/keys', {
    name: 'forum server',
    scopes: ['predictions:write'],
    expires_at: '2030-01-01T00:00:00Z',
    rate_limit: { requests_per_minute: 600 },
  });
  assert.equal(made.status, 201);
  assert.equal(made.headers['cache-control'], 'no-store');
  const { secret, ...shown } = made.json;
  assert.deepEqual(
    [shown.expires_at, shown.rate_limit, shown.created_by],
    ['2030-01-01T00:00:00.000Z', { requests_per_minute: 600 }, principal.id],
  );
  const { json: list } = await call('GET', '/v1/keys');
  assert.deepEqual(list.data[0], shown);
  assert.ok(!JSON.stringify(list).includes(secret.slice(8)));
  assert.equal((await call('DELETE', `/v1/keys/${shown.id}`)).status, 204);
  assert.equal((await call('DELETE', `/v1/keys/${shown.id}`)).status, 204);
  assert.equal((await call('DELETE', '/v1/keys/key_none')).json.code, 'key_not_found');
  const { json: log } = await call('GET', `/v1/audit-log?resource=${shown.id}`);
  assert.deepEqual(
    log.data.map(({ action }: { action: string }) => action),
    ['key.revoked', 'key.created'],
  );
  assert.ok(!JSON.stringify(log).includes(secret.slice(8)));
});

test('bodies that are wrong in any way are refused before the use case', async () => {
  const good = { name: 'x', scopes: ['tasks:read'] };
  for (const body of [
    {},
    { ...good, admin: true },
    { ...good, name: '' },
    { ...good, name: '   ' },
    { ...good, name: 'a\u0000b' },
    { ...good, name: 'x'.repeat(201) },
    { ...good, scopes: [] },
    { ...good, scopes: ['tasks:read', 'tasks:read'] },
    { ...good, scopes: ["tasks:read' OR true"] },
    { ...good, scopes: ['*'] },
    { ...good, expires_at: 'tomorrow' },
    { ...good, rate_limit: { requests_per_minute: 0 } },
    { ...good, rate_limit: { requests_per_minute: 1, burst: 5 } },
  ]) {
    assert.equal((await call('POST', '/v1/keys', body)).json.code, 'invalid_body', JSON.stringify(body).slice(0, 80));
  }
});

test('lists page by an opaque cursor; a made-up one is refused', async () => {
  for (let i = 0; i < 3; i++) await call('POST', '/v1/keys', { name: `n${i}`, scopes: ['tasks:read'] });
  const seen: string[] = [];
  for (let cursor = ''; ; ) {
    const { json } = await call('GET', `/v1/keys?limit=2${cursor}`);
    seen.push(...json.data.map(({ id }: { id: string }) => id));
    if (json.next_cursor === null) break;
    cursor = `&cursor=${json.next_cursor}`;
  }
  assert.equal(new Set(seen).size, seen.length);
  assert.equal(seen.length, (await call('GET', '/v1/keys')).json.data.length);
  for (const path of ['/v1/keys', '/v1/audit-log']) {
    assert.equal((await call('GET', `${path}?cursor=bm9uc2Vuc2U`)).json.code, 'invalid_cursor');
  }
});
