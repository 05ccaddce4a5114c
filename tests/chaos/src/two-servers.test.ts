import assert from 'node:assert/strict';
import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { UnderstudyClient } from '@understudy/client';
import {
  eventually,
  makeWorkspace,
  PostgresCluster,
  type Reply,
  ServerProcess,
  scratchFolder,
  send,
  type Workspace,
} from '@understudy/e2e';
import { FaultProxy, healthy } from './fault-proxy.ts';
import { seeded } from './random.ts';

const scratch = scratchFolder();
let cluster: PostgresCluster;
/** Two processes over one database and one folder of objects. */
const servers: ServerProcess[] = [];
/** The same workspace, as each of them serves it. */
const views: Workspace[] = [];

const startServer = (index: number) =>
  ServerProcess.start({
    dataDir: join(scratch, 'data'),
    databaseUrl: cluster.url(),
    logFile: join(scratch, `server-${index}.log`),
    // The operator key has to be the same for both, whichever starts first.
    settings: { UNDERSTUDY_OPERATOR_KEY: 'us_op_4fYp0Zr9QvXk2LmN8sTbWc6DhJ1eGa7u' },
  });

before(async () => {
  cluster = await PostgresCluster.create(scratch);
  servers.push(...(await Promise.all([startServer(0), startServer(1)])));
  const first = await makeWorkspace(() => servers[0]!, 'us_op_4fYp0Zr9QvXk2LmN8sTbWc6DhJ1eGa7u', 'Shop');
  views.push(first, viewOf(1, first));
  await first.makeTask('inquiries', ['a', 'b']);
});
after(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await cluster?.stopImmediately();
});

/** The workspace through another server, with the same key. */
function viewOf(index: number, workspace: Workspace): Workspace {
  const { id, key, keyId } = workspace;
  return new (workspace.constructor as typeof Workspace)(() => servers[index]!.url, { id, key, keyId });
}

test('row 9: answers are cut after the commit; 1,000 keyed requests through the client make exactly 1,000 decisions', async () => {
  const random = seeded(9);
  const proxy = await FaultProxy.start(() => Number(new URL(servers[0]!.url).port));
  proxy.faults = { ...healthy, cutsAnswer: () => random() < 0.2 };
  const client = new UnderstudyClient({
    baseUrl: `http://127.0.0.1:${proxy.port}`,
    apiKey: views[0]!.key,
    maxRetries: 20,
    wait: () => new Promise((done) => setTimeout(done, 5)),
  });
  try {
    let next = 0;
    const answered = new Map<string, string>();
    await Promise.all(
      Array.from({ length: 24 }, async () => {
        while (next < 1000) {
          const name = `row9-${next++}`;
          const decision = await client.predict('inquiries', { input: { text: name }, external_id: name });
          answered.set(name, decision.id);
        }
      }),
    );
    assert.ok(proxy.cuts >= 100, `${proxy.cuts} answers were cut`);
    const rows = (await views[0]!.decisions()).filter(({ external_id }) => external_id?.startsWith('row9-'));
    assert.equal(rows.length, 1000);
    assert.deepEqual(new Map(rows.map(({ external_id, id }) => [external_id, id] as const)).size, 1000);
    for (const { external_id, id } of rows) assert.equal(answered.get(external_id), id);
  } finally {
    proxy.close();
  }
});

test('row 10: 50 keys, 200 requests each, over both servers at once: 50 decisions', async () => {
  const agents = servers.map(() => new Agent({ keepAlive: true, maxSockets: 48 }));
  const answers = new Map<string, Set<string>>();
  const statuses = new Map<number, number>();
  let sent = 0;
  await Promise.all(
    Array.from({ length: 96 }, async (_, lane) => {
      while (sent < 10_000) {
        const turn = sent++;
        const name = `row10-${Math.floor(turn / 200)}`;
        const reply = await views[lane % 2]!.post(
          '/v1/predict/inquiries',
          { input: { text: name }, external_id: name },
          { headers: { 'Idempotency-Key': name }, agent: agents[lane % 2]! },
        );
        statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1);
        if (reply.status === 200) answers.set(name, (answers.get(name) ?? new Set()).add(reply.text));
        else assert.deepEqual([reply.status, reply.json.code], [409, 'idempotency_key_in_flight'], reply.text);
      }
    }),
  );
  for (const agent of agents) agent.destroy();
  assert.equal(answers.size, 50, JSON.stringify([...statuses]));
  for (const [name, texts] of answers) assert.equal(texts.size, 1, name);
  const rows = (await views[1]!.decisions()).filter(({ external_id }) => external_id?.startsWith('row10-'));
  assert.equal(rows.length, 50);
  const changed = await Promise.all(
    [...answers.keys()].map((name, index) =>
      views[index % 2]!.post(
        '/v1/predict/inquiries',
        { input: { text: 'else' } },
        { headers: { 'Idempotency-Key': name } },
      ),
    ),
  );
  assert.deepEqual([...new Set(changed.map(({ status }) => status))], [422]);
});

test('two servers write one ledger: it verifies, and both show the same', async () => {
  const [one, two] = await Promise.all(views.map((view) => view.verifyLedger()));
  assert.equal(one.ok, true, JSON.stringify(one.found));
  assert.deepEqual([one.head, one.entries], [two.head, two.entries]);
});

test('stored answers are settled between servers: one key is made, whoever is asked', async () => {
  const make = (index: number): Promise<Reply> =>
    views[index % 2]!.post(
      '/v1/keys',
      { name: 'made once', scopes: ['tasks:read'] },
      { headers: { 'Idempotency-Key': 'one-key' } },
    );
  const replies = await Promise.all(Array.from({ length: 20 }, (_, index) => make(index)));
  for (const { status, text } of replies) assert.ok(status === 201 || status === 409, `${status} ${text}`);
  const finals = await Promise.all([make(0), make(1)]);
  assert.equal(finals[0]!.text, finals[1]!.text);
  const named = (await views[0]!.get('/v1/keys?limit=200')).json.data.filter(({ name }: any) => name === 'made once');
  assert.equal(named.length, 1);
});

test('row 26: a key that one server revokes is refused by the other within five seconds', async () => {
  const { json } = await views[0]!.post('/v1/keys', { name: 'short', scopes: ['tasks:read'] });
  const asked = (index: number) => send(servers[index]!.url, { path: '/v1/tasks', key: json.secret });
  assert.deepEqual([(await asked(0)).status, (await asked(1)).status], [200, 200]);
  assert.equal((await views[0]!.delete(`/v1/keys/${json.id}`)).status, 204);
  assert.equal((await asked(0)).status, 401, 'at once where it was revoked');
  const since = Date.now();
  await eventually('the other refuses it', async () => (await asked(1)).status === 401, 5000);
  assert.ok(Date.now() - since <= 5000);
});

test('an edit of a task counts on the other server within two seconds', async () => {
  const rule = {
    kind: 'text_classification',
    labels: [{ name: 'a' }, { name: 'b' }],
    input: { text: { type: 'string', max_length: 5 } },
  };
  const ask = () => views[1]!.post('/v1/predict/inquiries', { input: { text: 'longer than five' } });
  assert.equal((await ask()).status, 200);
  await views[0]!.put('/v1/tasks/inquiries', rule);
  await eventually('the other refuses the long text', async () => (await ask()).status === 400, 2000);
  await views[0]!.put('/v1/tasks/inquiries', { ...rule, input: { text: { type: 'string', max_length: 20_000 } } });
  await eventually('and takes it again', async () => (await ask()).status === 200, 2000);
});

/** Decides `count` items of the task without a model, and waits until all of them are in the queue. */
async function queued(task: string, count: number): Promise<string[]> {
  await views[0]!.makeTask(task, ['a', 'b']);
  const items = Array.from({ length: count }, (_, i) => ({ input: { text: `item ${i}` } }));
  const reply = await views[0]!.post(`/v1/predict/${task}/batch`, { items });
  assert.equal(reply.status, 200, reply.text);
  await eventually('all items wait', async () => {
    const { json } = await views[1]!.get(`/v1/review/queues?task=${task}`);
    return json.total?.depth === count;
  });
  return reply.json.decisions.map(({ id }: { id: string }) => id);
}

const labelsOf = async (decision: string): Promise<any[]> =>
  (await views[1]!.get(`/v1/decisions/${decision}`)).json.labels;

test('row 43: a hundred claims of one item over both servers: one wins; its verdict, sent to both, counts once', async () => {
  const [decision] = await queued('one', 1);
  const replies = await Promise.all(
    Array.from({ length: 100 }, (_, i) => views[i % 2]!.post('/v1/review/claims', { task: 'one' })),
  );
  assert.deepEqual([...new Set(replies.map(({ status }) => status))], [200]);
  const claims = replies.flatMap(({ json }) => json.claims);
  assert.equal(claims.length, 1);
  const { item, claim_token } = claims[0];
  const verdicts = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      views[i % 2]!.post(`/v1/review/items/${item}/verdict`, { claim_token, label: 'a' }),
    ),
  );
  assert.equal(new Set(verdicts.map(({ status, text }) => `${status} ${text}`)).size, 1, verdicts[0]!.text);
  assert.equal(verdicts[0]!.status, 200);
  assert.equal((await labelsOf(decision!)).length, 1);
});

test('row 5: a server is frozen in the middle of verdicts and of its feed: the other goes on, nothing counts twice', async () => {
  const decisions = await queued('frozen', 60);
  const claims: any[] = [];
  while (claims.length < 60) {
    const { json } = await views[claims.length === 0 ? 0 : 1]!.post('/v1/review/claims', { task: 'frozen', limit: 50 });
    assert.ok(json.claims.length > 0);
    claims.push(...json.claims);
  }
  const answer = (view: Workspace, { item, claim_token }: any) =>
    view.post(`/v1/review/items/${item}/verdict`, { claim_token, label: 'a' });
  const late: Promise<unknown>[] = [];
  try {
    const under = claims.slice(0, 30).map((claim) => answer(views[0]!, claim));
    late.push(...under.map((reply) => reply.catch(() => null)));
    await Promise.race(under);
    process.kill(servers[0]!.pid, 'SIGSTOP');
    // Whoever has no answer asks the other server, under the same token. What the frozen one holds locked is let go
    // when the database ends its transaction.
    for (const claim of claims) {
      await eventually(
        'the other server answers',
        async () => (await answer(views[1]!, claim).catch(() => null))?.status === 200,
        90_000,
      );
    }
    const more = await views[1]!.post('/v1/predict/frozen', { input: { text: 'decided meanwhile' } });
    await eventually(
      'the other server feeds the queue',
      async () => (await views[1]!.get(`/v1/review/items/${more.json.review.item}`)).status === 200,
      90_000,
    );
  } finally {
    process.kill(servers[0]!.pid, 'SIGCONT');
  }
  await Promise.all(late);
  for (const decision of decisions) {
    const labels = await labelsOf(decision);
    assert.equal(labels.length, 1, JSON.stringify(labels));
  }
  const { json } = await views[0]!.get('/v1/review/queues?task=frozen');
  assert.equal(json.total.depth, 1);
  assert.equal((await views[0]!.verifyLedger()).ok, true);
});

/**
 * A reverse proxy as it stands before such servers: round robin over those that say that they are ready. It repeats a
 * request elsewhere only where it may (RFC 9110, 9.2.2): when the connection was never made.
 */
class RoundRobin {
  readonly #ready = [true, true];
  readonly #agents = [new Agent({ keepAlive: true }), new Agent({ keepAlive: true })];
  readonly #server: Server;
  readonly #probing: NodeJS.Timeout;
  #turn = 0;

  private constructor(server: Server) {
    this.#server = server;
    this.#probing = setInterval(() => void this.#probe(), 50);
  }

  static async start(): Promise<RoundRobin> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const proxy = new RoundRobin(server);
    server.on('request', (incoming, outgoing) => void proxy.#serve(incoming, outgoing));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as { port: number }).port}`;
  }

  async #probe(): Promise<void> {
    await Promise.all(
      servers.map(async ({ url }, index) => {
        const reply = await send(url, { path: '/healthz/ready', timeoutMs: 2000 }).catch(() => null);
        this.#ready[index] = reply?.status === 200;
      }),
    );
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of incoming) pieces.push(piece as Buffer);
    const start = this.#turn++;
    const order = [0, 1]
      .map((step) => (start + step) % 2)
      .sort((a, b) => Number(this.#ready[b]) - Number(this.#ready[a]));
    for (const index of order) {
      const outcome = await this.#forward(index, incoming, Buffer.concat(pieces), outgoing);
      if (outcome === 'done') return;
      this.#ready[index] = false;
    }
    outgoing.writeHead(502).end('no server could be reached');
  }

  #forward(
    index: number,
    incoming: IncomingMessage,
    body: Buffer,
    outgoing: ServerResponse,
  ): Promise<'done' | 'refused'> {
    const { hostname, port } = new URL(servers[index]!.url);
    return new Promise((resolve) => {
      const forward = request(
        {
          host: hostname,
          port,
          agent: this.#agents[index]!,
          method: incoming.method!,
          path: incoming.url!,
          headers: { ...incoming.headers, connection: 'keep-alive' },
        },
        (answer) => {
          const { connection: _, 'keep-alive': __, ...headers } = answer.headers;
          outgoing.writeHead(answer.statusCode!, headers);
          answer.pipe(outgoing).on('close', () => resolve('done'));
        },
      );
      forward.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ECONNREFUSED') return resolve('refused');
        if (!outgoing.headersSent) outgoing.writeHead(502).end(`${error.code}`);
        resolve('done');
      });
      forward.end(body);
    });
  }

  close(): void {
    clearInterval(this.#probing);
    for (const agent of this.#agents) agent.destroy();
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

test('row 16: three rolling restarts under 100 requests a second: none fails, each ends within 30 s', async () => {
  const proxy = await RoundRobin.start();
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const failures: string[] = [];
  const pending = new Set<Promise<void>>();
  let asked = 0;
  const ask = async () => {
    const name = `row16-${asked++}`;
    try {
      const reply = await send(proxy.url, {
        method: 'POST',
        path: '/v1/predict/inquiries',
        key: views[0]!.key,
        body: { input: { text: name }, external_id: name },
        agent,
      });
      if (reply.status !== 200) failures.push(`${name}: ${reply.status} ${reply.text.slice(0, 120)}`);
    } catch (error) {
      failures.push(`${name}: ${String(error)}`);
    }
  };
  const load = setInterval(() => {
    const one = ask();
    pending.add(one);
    void one.then(() => pending.delete(one));
  }, 10);
  try {
    for (const index of [0, 1, 0]) {
      const since = Date.now();
      const exit = await servers[index]!.stop();
      assert.deepEqual(exit, { code: 0, signal: null });
      assert.ok(Date.now() - since <= 30_000, `${Date.now() - since} ms to end`);
      servers[index] = await startServer(index);
      await eventually(
        'it is ready',
        async () => (await send(servers[index]!.url, { path: '/healthz/ready' })).status === 200,
      );
      const until = asked + 50;
      await eventually('it takes part', () => asked >= until);
    }
  } finally {
    clearInterval(load);
    await Promise.all(pending);
    proxy.close();
    agent.destroy();
  }
  assert.ok(asked > 200, `${asked} requests`);
  assert.deepEqual(failures, [], `${failures.length} of ${asked} failed`);
  const rows = (await views[0]!.decisions()).filter(({ external_id }) => external_id?.startsWith('row16-'));
  assert.equal(rows.length, asked);
  assert.equal((await views[1]!.verifyLedger()).ok, true);
});
