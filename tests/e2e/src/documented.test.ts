import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  makeWorkspace,
  type Reply,
  ServerProcess,
  scratchFolder,
  send,
  topicLabels,
  topicRows,
  type Workspace,
} from './index.ts';

interface Documented {
  responses: Record<string, { content?: Record<string, unknown> }>;
}

let server: ServerProcess;
let shop: Workspace;
let paths: Record<string, Record<string, Documented>>;

before(async () => {
  server = await ServerProcess.start({ dataDir: join(scratchFolder(), 'data') });
  shop = await makeWorkspace(server, server.operatorKey!, 'Shop');
  paths = (await send(server.url, { path: '/openapi.json' })).json.paths;
});
after(() => server?.stop());

const mediaType = (header: string | undefined): string => String(header).split(';')[0]!.trim();

/** What the contract says of a call; a literal segment wins over a parameter. */
function operationOf(method: string, path: string): { template: string; operation: Documented } {
  const segments = path.split('?')[0]!.split('/');
  const fits = (template: string) => {
    const parts = template.split('/');
    return parts.length === segments.length && parts.every((part, i) => part.startsWith('{') || part === segments[i]);
  };
  const [template] = Object.keys(paths)
    .filter(fits)
    .sort((a, b) => a.split('{').length - b.split('{').length);
  const operation = template === undefined ? undefined : paths[template]?.[method.toLowerCase()];
  assert.ok(template !== undefined && operation !== undefined, `${method} ${path} is not in the contract`);
  return { template, operation };
}

/** Status and content type of an answer are ones that the contract names; a problem is one at any operation. */
function assertDocumented(what: string, { responses }: Documented, reply: Reply): void {
  const type = mediaType(reply.headers['content-type']);
  const named = responses[String(reply.status)];
  if (named === undefined) {
    assert.ok(reply.status >= 400, `${what}: the contract has no ${reply.status}, only ${Object.keys(responses)}`);
    assert.equal(type, 'application/problem+json', what);
    return;
  }
  const types = Object.keys(named.content ?? {});
  if (reply.bytes.length === 0 && types.length === 0) return;
  assert.ok(types.includes(type), `${what}: ${type} is none of ${types.join(', ') || 'nothing'}`);
}

test('answers have the statuses and content types that the contract names', async () => {
  const wrong: string[] = [];
  const reached = new Set<string>();
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
    key?: string,
  ) => {
    const { template, operation } = operationOf(method, path);
    const reply = await shop.call(method, path, body, { headers, ...(key === undefined ? {} : { key }) });
    reached.add(`${method} ${template}`);
    try {
      assertDocumented(`${method} ${path}`, operation, reply);
      assert.ok(reply.status < 500, `${method} ${path}: ${reply.text.slice(0, 300)}`);
    } catch (error) {
      wrong.push((error as Error).message.split('\n')[0]!);
    }
    return reply;
  };
  const get = (path: string, accept?: string) =>
    call('GET', path, undefined, accept === undefined ? {} : { Accept: accept });
  const task = { kind: 'text_classification', labels: topicLabels.map((name) => ({ name })) };
  const rows = topicRows(30);
  const operator = server.operatorKey!;

  await call('PUT', '/v1/tasks/inquiries', task);
  const { headers } = await call('PUT', '/v1/tasks/inquiries', { ...task, title: 'Inquiries' });
  await call('PUT', '/v1/tasks/inquiries', task, { 'If-Match': '"0"' });
  await call('GET', '/v1/tasks/inquiries', undefined, { 'If-None-Match': String(headers.etag) });
  const lines = rows.map((row) => JSON.stringify(row)).join('\n');
  await call('POST', '/v1/tasks/inquiries/examples', lines, { 'Content-Type': 'application/x-ndjson' });
  const [example] = (await get('/v1/tasks/inquiries/examples')).json.data;
  await call('DELETE', `/v1/tasks/inquiries/examples/${example.id}`);
  await call('DELETE', `/v1/tasks/inquiries/examples/${example.id}`);
  const dataset = (await call('POST', '/v1/tasks/inquiries/datasets')).json;
  await call('POST', '/v1/tasks/inquiries/datasets');
  for (const format of ['parquet', 'csv', 'ndjson', 'xml']) {
    await get(`/v1/tasks/inquiries/datasets/${dataset.id}/data?format=${format}`);
  }
  await get(`/v1/tasks/inquiries/datasets/${dataset.id}`);

  const item = { input: { text: rows[0]!.input.text } };
  const decision = (await call('POST', '/v1/predict/inquiries', item)).json;
  await call('POST', '/v1/predict/inquiries', item, { Accept: 'application/x-protobuf' });
  await call('POST', '/v1/predict/inquiries', item, { Accept: 'text/html' });
  await call('POST', '/v1/predict/inquiries/batch', { items: [item] });
  await call('POST', '/v1/predict/inquiries/batch', { items: [item] }, { Accept: 'application/x-protobuf' });
  await call('POST', '/v1/predict/inquiries/batch', { items: [] });
  await get(`/v1/decisions/${decision.id}`);
  await call('POST', `/v1/decisions/${decision.id}/labels`, { label: topicLabels[0], source: 'application' });
  const job = (await call('POST', '/v1/jobs', { task: 'inquiries', ...item })).json;
  await get(`/v1/jobs/${job.id}`);
  await call('POST', `/v1/jobs/${job.id}/cancel`);
  const route = { task: 'inquiries', request: { text: '$.text' }, response: '{{$.label}}', review: { response: null } };
  await call('PUT', '/v1/predict-routes/sentiment', route);
  await call('PUT', '/v1/predict-routes/sentiment', { ...route, path: 'v1/sentiment' });
  await get('/v1/predict-routes/sentiment');
  await call('DELETE', '/v1/predict-routes/sentiment');
  await call('PUT', '/v1/openai-settings', { default_moderation_task: 'inquiries', moderation: [] });
  const source = { bus: 'postgres', topic: 'comments', task: 'inquiries', mapping: { input: { text: '$.text' } } };
  await call('PUT', '/v1/sources/comments', source);
  await call('PUT', '/v1/sources/comments', source);
  for (const verb of ['pause', 'resume']) await call('POST', `/v1/sources/comments/${verb}`);
  await get('/v1/sources/comments');
  await call('DELETE', '/v1/sources/comments');
  const webhook = (await call('POST', '/v1/webhooks', { url: 'https://hooks.example.com/', events: ['*'] })).json;
  await call('PATCH', `/v1/webhooks/${webhook.id}`, { description: null });
  for (const verb of ['disable', 'enable', 'rotate-secret', 'test']) {
    await call('POST', `/v1/webhooks/${webhook.id}/${verb}`);
  }
  await get(`/v1/webhooks/${webhook.id}`);
  await get(`/v1/webhooks/${webhook.id}/deliveries`);
  await call('DELETE', `/v1/webhooks/${webhook.id}`);
  await call('POST', '/v1/webhooks/callback-secret/rotate');
  const member = (await call('POST', '/v1/members', { name: 'Mia', role: 'viewer' })).json;
  await call('PATCH', `/v1/members/${member.id}`, { role: 'lead' });
  await get(`/v1/members/${member.id}`);
  await call('POST', `/v1/members/${member.id}/sign-in-codes`);
  await call('DELETE', `/v1/members/${member.id}`);
  const key = (await call('POST', '/v1/keys', { name: 'k', scopes: ['tasks:read'] })).json;
  await call('DELETE', `/v1/keys/${key.id}`);
  await call('POST', '/v1/review/claims', { task: 'inquiries' });
  const gold = (await call('POST', '/v1/review/gold', { decision: decision.id, label: topicLabels[0] })).json;
  await call('DELETE', `/v1/review/gold/${gold?.id}`);
  await get(`/v1/review/agreement?task=inquiries`);
  const replay = (await call('POST', '/v1/tasks/inquiries/replays', {})).json;
  await get(`/v1/replays/${replay.id}`);
  await call('POST', `/v1/replays/${replay.id}/cancel`);
  const run = (await call('POST', '/v1/tasks/inquiries/training-runs', { trainer: 'linear' })).json;
  await get(`/v1/training-runs/${run.id}`);
  await call('POST', `/v1/training-runs/${run.id}/cancel`);
  await call('POST', '/v1/tasks/inquiries/certification');
  await get('/v1/tasks/inquiries/certification/preview?max_error=0.05&confidence=0.95');

  await get('/v1/events');
  for (const [path, accept] of [
    ['/v1/value', 'text/csv'],
    ['/v1/value?format=csv'],
    ['/v1/ledger/consistency?from=0&to=1'],
    [`/v1/ledger/proof?decision=${decision.id}`],
    [`/v1/trail?id=${decision.id}`],
    ['/v1/models/inquiries'],
    ['/v1/models/inquiries/versions'],
    ['/v1/models/inquiries/versions/1'],
    ['/v1/models/inquiries/aliases'],
  ] as const) {
    await get(path, accept);
  }
  // Whatever else is read without naming a resource.
  for (const [template, methods] of Object.entries(paths)) {
    const path = template.replace('{task}', 'inquiries');
    if (methods.get === undefined || path.includes('{') || reached.has(`GET ${template}`)) continue;
    if (path !== '/v1/backup') await get(path);
  }
  await call('GET', '/v1/backup', undefined, {}, operator);
  await call('GET', '/v1/workspaces', undefined, {}, operator);
  await call('GET', `/v1/workspaces/${shop.id}/quota`, undefined, {}, operator);
  await call('PUT', `/v1/workspaces/${shop.id}/quota`, { requests_per_minute: null }, {}, operator);
  await call('POST', '/v1/workspaces', { name: 'Other' }, {}, operator);
  await call('DELETE', '/v1/tasks/inquiries');

  assert.deepEqual(wrong, []);
  const operations = Object.values(paths).reduce((sum, methods) => sum + Object.keys(methods).length, 0);
  assert.ok(reached.size > 0.75 * operations, `only ${reached.size} of ${operations} operations were called`);
});
