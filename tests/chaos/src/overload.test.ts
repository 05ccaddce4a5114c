import assert from 'node:assert/strict';
import { Agent } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { eventually, makeWorkspace, ServerProcess, scratchFolder, send, type Workspace } from '@understudy/e2e';

/** Of each phase of an overload. */
const SECONDS = process.env.UNDERSTUDY_TEST_FULL === '1' ? 60 : 3;

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

/** Lanes of two workspaces that ask again as soon as they are answered; what came back, by status. */
async function askFor(seconds: number, lanes: readonly { workspace: Workspace; count: number; agent: Agent }[]) {
  const end = Date.now() + seconds * 1000;
  return Promise.all(
    lanes.map(async ({ workspace, count, agent }) => {
      const seen = { statuses: new Map<number, number>(), milliseconds: [] as number[] };
      await Promise.all(
        Array.from({ length: count }, async () => {
          while (Date.now() < end) {
            const reply = await workspace.post('/v1/predict/inquiries', { input: { text: 'words' } }, { agent });
            seen.statuses.set(reply.status, (seen.statuses.get(reply.status) ?? 0) + 1);
            if (reply.status === 200) seen.milliseconds.push(reply.milliseconds);
            else assert.ok(Number(reply.headers['retry-after']) >= 1, `${reply.status} ${reply.text}`);
          }
        }),
      );
      return seen;
    }),
  );
}

const answered = ({ statuses }: { statuses: Map<number, number> }) => statuses.get(200) ?? 0;
const p99 = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length * 0.99)] ?? 0;

test('row 21: one workspace asks for far more than there is; it is turned away with 503, and the other never', async () => {
  // A limit so low that one process of load is enough to pass it many times over.
  const small = await ServerProcess.start({
    dataDir: join(scratch, 'small'),
    settings: { UNDERSTUDY_LEAST_CONCURRENCY: '16' },
  });
  const agents = [64, 400, 4].map((maxSockets) => new Agent({ keepAlive: true, maxSockets }));
  try {
    const greedy = await makeWorkspace(small, small.operatorKey!, 'Greedy');
    const modest = await makeWorkspace(small, small.operatorKey!, 'Modest');
    for (const workspace of [greedy, modest]) await workspace.makeTask('inquiries', ['a', 'b']);
    await askFor(1, [{ workspace: greedy, count: 8, agent: agents[0]! }]);
    const [peak] = await askFor(SECONDS, [{ workspace: greedy, count: 16, agent: agents[0]! }]);
    const [calm] = await askFor(SECONDS, [{ workspace: modest, count: 4, agent: agents[2]! }]);
    const [much, little] = await askFor(SECONDS, [
      { workspace: greedy, count: 400, agent: agents[1]! },
      { workspace: modest, count: 4, agent: agents[2]! },
    ]);
    const perSecond = (count: number) => Math.round(count / SECONDS);
    console.log(
      `peak ${perSecond(answered(peak!))}/s; overloaded ${perSecond(answered(much!) + answered(little!))}/s and ` +
        `${perSecond(much!.statuses.get(503) ?? 0)}/s turned away; p99 of the other workspace ` +
        `${p99(calm!.milliseconds).toFixed(1)} ms alone, ${p99(little!.milliseconds).toFixed(1)} ms beside it`,
    );
    assert.deepEqual([...little!.statuses.keys()], [200], 'whoever asks for little is never turned away');
    for (const status of much!.statuses.keys()) assert.ok([200, 503].includes(status), `${status}`);
    assert.ok((much!.statuses.get(503) ?? 0) > 0, 'it was overloaded');
    assert.ok(answered(much!) > 0, 'and went on answering');
    const after = await greedy.post('/v1/predict/inquiries', { input: { text: 'calm' } });
    assert.equal(after.status, 200, 'and is there again at once');
  } finally {
    for (const agent of agents) agent.destroy();
    await small.stop();
  }
});

test('a workspace over its quota gets 429, whichever of its keys it uses, and no other workspace does', async () => {
  const bounded = await makeWorkspace(server, operatorKey, 'Bounded');
  await bounded.makeTask('inquiries', ['a', 'b']);
  const path = `/v1/workspaces/${bounded.id}/quota`;
  const put = (requests: number | null) =>
    send(server.url, { method: 'PUT', path, key: operatorKey, body: { requests_per_minute: requests } });
  assert.equal((await put(30)).status, 200);
  assert.deepEqual((await send(server.url, { path, key: operatorKey })).json, { requests_per_minute: 30 });
  const made = await bounded.post('/v1/keys', { name: 'second', scopes: ['predictions:write'] });
  const keys = [bounded, bounded.withKey(made.json.secret, made.json.id)];
  await eventually('the quota counts', async () =>
    String((await bounded.get('/v1/me')).headers['ratelimit-policy']).includes('"workspace";q=30;w=60'),
  );
  const ask = (workspace: Workspace) => workspace.post('/v1/predict/inquiries', { input: { text: 'x' } });
  const replies = await Promise.all(Array.from({ length: 80 }, (_, turn) => ask(keys[turn % 2]!)));
  const refused = replies.filter(({ status }) => status === 429);
  assert.ok(refused.length >= 40 && refused.length < 80, `${refused.length} refused`);
  for (const { headers, json } of refused) {
    assert.ok(Number(headers['retry-after']) >= 1);
    assert.match(String(headers.ratelimit), /^"key";r=\d+;t=\d+, "workspace";r=0;t=\d+$/);
    assert.deepEqual(
      [json.code, json.type, json['violated-policies']],
      ['rate_limited', 'https://iana.org/assignments/http-problem-types#quota-exceeded', ['workspace']],
    );
  }
  assert.ok((await Promise.all(Array.from({ length: 30 }, () => ask(shop)))).every(({ status }) => status === 200));
  assert.equal((await put(null)).status, 200);
  await eventually('it may ask again', async () => (await ask(bounded)).status === 200);
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
