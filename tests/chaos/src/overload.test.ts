import assert from 'node:assert/strict';
import { Agent } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { eventually, makeWorkspace, ServerProcess, scratchFolder, send, type Workspace } from '@understudy/e2e';

const scratch = scratchFolder();
let server: ServerProcess;
let shop: Workspace;
let operatorKey: string;

before(async () => {
  server = await ServerProcess.start({ dataDir: join(scratch, 'data') });
  operatorKey = server.operatorKey!;
  shop = await makeWorkspace(server, operatorKey, 'Shop');
  await shop.makeTask('inquiries', ['a', 'b']);
});
after(() => server?.stop());

test('row 21: 500 connections that ask all the time: 200, 429 or 503, and normal again afterwards', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 500 });
  const statuses = new Map<number, number>();
  const acknowledged = new Set<string>();
  const before = server.residentBytes;
  const end = Date.now() + 5000;
  await Promise.all(
    Array.from({ length: 500 }, async () => {
      while (Date.now() < end) {
        const reply = await shop.post('/v1/predict/inquiries', { input: { text: 'words' } }, { agent });
        statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1);
        if (reply.status === 200) acknowledged.add(reply.json.id);
        else assert.ok(Number(reply.headers['retry-after']) >= 1, reply.text);
      }
    }),
  );
  agent.destroy();
  for (const status of statuses.keys()) assert.ok([200, 429, 503].includes(status), JSON.stringify([...statuses]));
  assert.ok((statuses.get(200) ?? 0) >= 500, JSON.stringify([...statuses]));
  await eventually(
    'normal again',
    async () => (await shop.post('/v1/predict/inquiries', { input: { text: 'calm' } })).status === 200,
    10_000,
  );
  assert.equal(server.running, true);
  const grown = (server.residentBytes - before) / 2 ** 20;
  assert.ok(grown < 400, `${Math.round(grown)} MB more`);
  const head = (await shop.get('/v1/ledger/head')).json;
  assert.ok(head.decisions >= acknowledged.size);
});

test('a key over its limit gets 429 and harms no other', async () => {
  const made = await shop.post('/v1/keys', {
    name: 'limited',
    scopes: ['predictions:write'],
    rate_limit: { requests_per_minute: 20 },
  });
  const limited = shop.withKey(made.json.secret, made.json.id);
  const ask = (workspace: Workspace) => workspace.post('/v1/predict/inquiries', { input: { text: 'x' } });
  const replies = await Promise.all(Array.from({ length: 60 }, () => ask(limited)));
  const refused = replies.filter(({ status }) => status === 429);
  assert.ok(refused.length >= 35 && refused.length <= 40, `${refused.length} refused`);
  for (const { headers, json } of refused) {
    assert.ok(Number(headers['retry-after']) >= 1);
    assert.match(String(headers.ratelimit), /r=0/);
    assert.equal(json.code, 'rate_limited');
  }
  const others = await Promise.all(Array.from({ length: 30 }, () => ask(shop)));
  assert.ok(others.every(({ status }) => status === 200));
});

test('a thousand connections that say nothing or only half keep nobody else waiting', async () => {
  const { hostname, port } = new URL(server.url);
  const sockets: Socket[] = [];
  try {
    for (let index = 0; index < 1000; index++) {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => {});
      sockets.push(socket);
      if (index % 2 === 0) socket.write('POST /v1/predict/inquiries HTTP/1.1\r\nHost: x\r\nX-');
    }
    const replies = await Promise.all(
      Array.from({ length: 100 }, () => shop.post('/v1/predict/inquiries', { input: { text: 'x' } })),
    );
    assert.ok(replies.every(({ status }) => status === 200));
  } finally {
    for (const socket of sockets) socket.destroy();
  }
});

test('row 23: ten thousand random paths, methods and agents make no new series', async () => {
  const made = await shop.post('/v1/keys', { name: 'metrics', scopes: ['metrics:read'] });
  const series = async () =>
    (await send(server.url, { path: '/metrics', key: made.json.secret })).text
      .split('\n')
      .filter((line) => /^[a-z]/.test(line)).length;
  const before = await series();
  const memory = server.residentBytes;
  const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'PROPFIND', 'MKCOL', 'REPORT'];
  let sent = 0;
  await Promise.all(
    Array.from({ length: 32 }, async () => {
      while (sent < 10_000) {
        const turn = sent++;
        await send(server.url, {
          method: methods[turn % methods.length]!,
          path: `/${turn % 3 === 0 ? 'v1/tasks' : 'x'}/${turn}-${'y'.repeat(turn % 50)}?a=${turn}`,
          headers: { 'User-Agent': `agent-${turn}` },
        });
      }
    }),
  );
  const added = (await series()) - before;
  assert.ok(added <= 500, `${added} series more`);
  assert.ok(
    server.residentBytes - memory < 60 << 20,
    `${Math.round((server.residentBytes - memory) / 2 ** 20)} MB more`,
  );
});
