import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { ConnectionFailed, NotFound, UnderstudyClient } from '../index.ts';
import { collect, problem, type Script, ScriptedServer } from '../testing/index.ts';

const serve = (scripts: Record<string, Script>) => new ScriptedServer(scripts).start();
const clientOf = (server: ScriptedServer, maxRetries = 3) =>
  new UnderstudyClient({ baseUrl: server.url, apiKey: 'us_test', maxRetries, wait: async () => {} });

const EVENTS = 'GET /v1/training-runs/run_1/events';
const event = (id: number, status: string) =>
  `id: ${id}\nevent: ${status === 'running' ? 'progress' : status}\ndata: ${JSON.stringify({ id: 'run_1', status, progress: { done: id } })}\n\n`;

test('a list is awaited as a page and iterated as rows of all pages', async () => {
  await using server = await serve({
    'GET /v1/tasks': ({ query }) =>
      query.get('cursor') === null
        ? { body: { data: [{ task: 'a' }, { task: 'b' }], next_cursor: 'more' } }
        : { body: { data: [{ task: 'c' }], next_cursor: null } },
  });
  const client = clientOf(server);
  const page = await client.tasks.list({ limit: 2 });
  assert.equal(page.next_cursor, 'more');
  const names = await collect(client.tasks.list({ limit: 2 }), ({ task }) => task);
  assert.deepEqual(names, ['a', 'b', 'c']);
  assert.deepEqual(
    server.seen.map(({ query }) => query.toString()),
    ['limit=2', 'limit=2', 'limit=2&cursor=more'],
  );
});

test('a server that repeats its cursor does not hold the iterator for ever', async () => {
  await using server = await serve({ 'GET /v1/tasks': { body: { data: [{ task: 'a' }], next_cursor: 'same' } } });
  assert.equal((await collect(clientOf(server).tasks.list())).length, 2);
});

test('preconditions and names in paths', async () => {
  await using server = await serve({ 'PUT /v1/tasks/a/b': { body: {} }, 'DELETE /v1/tasks/a': { status: 204 } });
  const client = clientOf(server);
  await client.tasks.put('a/b', { kind: 'text_classification', labels: [] }, { createOnly: true });
  assert.equal(await client.tasks.delete('a', { ifMatch: '"3"' }), undefined);
  assert.equal(server.seen[0]!.headers['if-none-match'], '*');
  assert.equal(server.seen[1]!.headers['if-match'], '"3"');
});

test('events resume behind the last one after the connection dropped', async () => {
  await using server = await serve({
    [EVENTS]: (_request, count, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      if (count === 0) {
        response.write(event(1, 'running'));
        response.write(event(2, 'running'), () => response.destroy());
      } else if (count === 1) response.write(': nothing yet\n\n', () => response.destroy());
      else response.end(event(3, 'running') + event(4, 'succeeded'));
      return undefined;
    },
  });
  const seen: number[] = [];
  const run = await clientOf(server).trainingRuns.wait('run_1', {
    onProgress: ({ progress }) => seen.push(progress.done),
  });
  assert.equal(run.status, 'succeeded');
  assert.deepEqual(seen, [1, 2, 3, 4]);
  assert.deepEqual(
    server.requests(EVENTS).map(({ headers }) => headers['last-event-id']),
    [undefined, '2', '2'],
  );
});

test('events that never come are given up', async () => {
  await using server = await serve({
    [EVENTS]: (_request, _count, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end();
      return undefined;
    },
  });
  await assert.rejects(clientOf(server, 2).trainingRuns.wait('run_1'), ConnectionFailed);
  assert.equal(server.seen.length, 3);
});

test('a run that is not there is not asked for again; leaving the loop closes the connection', async () => {
  let closed: () => void = () => {};
  const gone = new Promise<void>((resolve) => {
    closed = resolve;
  });
  await using server = await serve({
    [EVENTS]: (_request, _count, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(event(1, 'running'));
      response.on('close', closed);
      return undefined;
    },
  });
  const client = clientOf(server);
  await assert.rejects(client.trainingRuns.wait('run_none'), NotFound);
  for await (const { run } of client.trainingRuns.events('run_1')) {
    assert.equal(run.status, 'running');
    break;
  }
  await gone;
});

const IMPORT = 'POST /v1/tasks/spam/examples';
const accepted = { body: { accepted: 2, duplicates: 0, rejected: 0, problems: [] } };

test('rows, text and gzip arrive as they should', async () => {
  let compressed = Buffer.alloc(0);
  await using server = await serve({
    [IMPORT]: accepted,
    'POST /v1/tasks/zip/examples': {
      raw: (request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk) => chunks.push(chunk));
        request.on('end', () => {
          compressed = Buffer.concat(chunks);
          response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(accepted.body));
        });
      },
    },
  });
  const client = clientOf(server);
  const rows = [
    { input: { text: 'a' }, label: 'x' },
    { input: { text: 'b' }, label: 'y' },
  ];
  await client.examples.import('spam', rows, { onInvalid: 'skip', newLabels: 'add' });
  await client.examples.import('spam', 'text,label\na,x\n', { format: 'csv' });
  const [first, second] = server.seen;
  assert.equal(first!.headers['content-type'], 'application/x-ndjson');
  assert.equal(first!.query.toString(), 'on_invalid=skip&new_labels=add');
  assert.deepEqual(
    first!.body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
    rows,
  );
  assert.equal(second!.headers['content-type'], 'text/csv');
  assert.equal(second!.body, 'text,label\na,x\n');
  let sent = 0;
  await client.examples.import('zip', 'x'.repeat(300_000), {
    format: 'csv',
    gzip: true,
    onProgress: (bytes) => (sent = bytes),
  });
  assert.equal(gunzipSync(compressed).toString(), 'x'.repeat(300_000));
  assert.equal(sent, 300_000);
  assert.ok(compressed.length < 5000);
});

test('a stream is read no faster than the server takes it', async () => {
  const block = new Uint8Array(64 * 1024);
  const blocks = 2000; // 125 MiB
  let produced = 0;
  let release: () => void = () => {};
  const idle = new Promise<void>((resolve) => {
    release = resolve;
  });
  async function* source() {
    for (; produced < blocks; produced++) {
      // Nothing was taken for a while: the buffers are full.
      const stalled = setTimeout(release, 300);
      yield block;
      clearTimeout(stalled);
    }
  }
  let heldBack = 0;
  await using server = await serve({
    [IMPORT]: {
      raw: (request, response) => {
        void idle.then(() => {
          heldBack = produced;
          request.resume();
          request.on('end', () => response.writeHead(200).end(JSON.stringify(accepted.body)));
        });
      },
    },
  });
  await clientOf(server).examples.import('spam', source(), { format: 'csv' });
  assert.equal(produced, blocks);
  assert.ok(heldBack < blocks / 4, `the source was read ${heldBack} blocks ahead`);
});

test('a source that can be opened again is sent again, a stream is not', async () => {
  const flaky: Script = (_request, count) => (count % 2 === 0 ? problem(503, 'overloaded', 'busy') : accepted);
  await using server = await serve({ [IMPORT]: flaky });
  const client = clientOf(server);
  const stream = () => new Blob(['text,label\n']).stream() as unknown as ReadableStream<Uint8Array>;
  await client.examples.import('spam', stream, { format: 'csv' });
  assert.equal(server.seen.length, 2);
  assert.equal(server.seen[0]!.body, server.seen[1]!.body);
  assert.equal(server.seen[0]!.headers['idempotency-key'], server.seen[1]!.headers['idempotency-key']);
  await assert.rejects(client.examples.import('spam', stream(), { format: 'csv' }), { status: 503 });
  assert.equal(server.seen.length, 3);
});

test('the error of a source that breaks comes out as it is, and nothing is repeated', async () => {
  await using server = await serve({ [IMPORT]: accepted });
  const broken = new Error('row 7 is not a row');
  async function* source() {
    yield 'text,label\n';
    throw broken;
  }
  await assert.rejects(
    clientOf(server).examples.import('spam', () => source(), { format: 'csv' }),
    broken,
  );
});

test('items are decided in batches, a few at a time, in order', async () => {
  let open = 0;
  let most = 0;
  await using server = await serve({
    'POST /v1/predict/spam/batch': async ({ body }) => {
      open++;
      most = Math.max(most, open);
      await new Promise((resolve) => setImmediate(resolve));
      open--;
      const { items } = JSON.parse(body) as { items: { external_id: string }[] };
      return { body: { decisions: items.map(({ external_id }) => ({ id: `dec_${external_id}` })) } };
    },
  });
  const items = Array.from({ length: 23 }, (_, i) => ({ input: { text: 't' }, external_id: String(i) }));
  const decided = await collect(
    clientOf(server).predictAll('spam', items, { batchSize: 5, concurrency: 2 }),
    ({ item, decision }) => [item.external_id, decision.id],
  );
  assert.deepEqual(
    decided,
    items.map(({ external_id }) => [external_id, `dec_${external_id}`]),
  );
  assert.equal(server.seen.length, 5);
  assert.ok(most <= 2);
});

test('a stream of data breaks with a typed error', async () => {
  await using server = await serve({
    'GET /v1/tasks/spam/datasets/sha256:aa/data': (_request, _count, response) => {
      response.writeHead(200);
      response.write('half', () => response.destroy());
      return undefined;
    },
  });
  const data = await clientOf(server).datasets.data('spam', 'sha256:aa', { format: 'csv' });
  await assert.rejects(collect(data as unknown as AsyncIterable<Uint8Array>), ConnectionFailed);
});

test('not being ready is an answer', async () => {
  await using server = await serve({
    'GET /healthz/ready': { status: 503, body: { status: 'not_ready', not_ready: ['database'] } },
  });
  const { ready, details } = await clientOf(server).health.ready();
  assert.equal(ready, false);
  assert.deepEqual(details.not_ready, ['database']);
});
