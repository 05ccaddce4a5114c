import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import {
  makeWorkspace,
  ServerProcess,
  scratchFolder,
  send,
  topicLabels,
  topicRows,
  trainedByHand,
  type Workspace,
} from './index.ts';

const scratch = scratchFolder();
let server: ServerProcess;
let shop: Workspace;

before(async () => {
  server = await ServerProcess.start({ dataDir: join(scratch, 'data') });
  shop = await makeWorkspace(() => server, server.operatorKey!, 'Shop');
  const automation = { mode: 'uncertified', min_confidence: 0.5 };
  const input = { text: { type: 'string', max_length: 5000 } };
  await shop.makeTask('inquiries', topicLabels, { ...trainedByHand, automation, input });
  await shop.makeTask('untrained', ['good', 'bad'], trainedByHand);
  await shop.import('inquiries', topicRows(300));
  const run = await shop.train('inquiries', { trainer: 'linear' });
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
});
after(() => server?.stop());

const BILLING = 'invoice refund charged payment receipt price card subscription';
const DELIVERY = 'parcel courier shipped tracking doorstep package arrived driver';

/** What a Flask service with `request.json["text"]` answered. */
const flask = {
  task: 'inquiries',
  path: 'predict',
  request: { text: '$.text', external_id: '$.id' },
  labels: { billing: 'BILLING', delivery: 'DELIVERY' },
  response: { prediction: '{{$.value}}', probability: '{{$.confidence}}', id: '{{$.request.id}}' },
  review: { response: { prediction: null, reason: '{{$.review.reason}}' } },
};
/** What a FastAPI service with a list of documents answered. */
const fastApi = {
  task: 'inquiries',
  path: 'api/v1/sentiment',
  request: { items: '$.documents', text: '$.content', subject: '$.author', attributes: { shop: '$.shop' } },
  response: { label: '{{$.label}}', scores: '{{$.scores}}', model: '{{$.decided_by.model}}/{{$.decided_by.version}}' },
  review: { response: { label: 'unknown', guess: '{{$.suggestion.label}}' } },
  envelope: { results: '{{$.answers}}', count: '{{$.count}}', tenant: '{{$.request.tenant}}' },
};

const put = (name: string, definition: object, headers: Record<string, string> = {}) =>
  shop.put(`/v1/predict-routes/${name}`, definition, { headers });

describe('setting a route up', () => {
  test('made, read, listed, edited with its ETag, deleted', async () => {
    const made = await put('flask', flask);
    assert.equal(made.status, 201, made.text);
    assert.deepEqual([made.json.url, made.json.task, made.json.review.status], ['/compat/predict', 'inquiries', 200]);
    const read = await shop.get('/v1/predict-routes/flask');
    assert.deepEqual([read.json, read.headers.etag], [made.json, made.headers.etag]);
    const same = await put('flask', flask);
    assert.deepEqual([same.status, same.headers.etag], [200, made.headers.etag]);
    assert.equal((await put('flask', flask, { 'If-None-Match': '*' })).json.code, 'predict_route_exists');
    assert.equal((await put('flask', fastApi, { 'If-Match': '"x"' })).json.code, 'stale_version');
    assert.equal((await put('fast-api', fastApi)).status, 201);
    const page = await shop.get('/v1/predict-routes?limit=1');
    assert.deepEqual([page.json.data.length, page.json.data[0].route], [1, 'fast-api']);
    const rest = await shop.get(`/v1/predict-routes?cursor=${page.json.next_cursor}`);
    assert.deepEqual([rest.json.data[0].route, rest.json.next_cursor], ['flask', null]);

    assert.equal((await put('brief', { ...flask, path: 'brief' })).status, 201);
    assert.equal((await shop.delete('/v1/predict-routes/brief', { headers: { 'If-Match': '"x"' } })).status, 412);
    assert.equal((await shop.delete('/v1/predict-routes/brief')).status, 204);
    assert.equal((await shop.get('/v1/predict-routes/brief')).json.code, 'predict_route_not_found');
    assert.equal((await shop.post('/compat/brief', { text: 'x' })).json.code, 'predict_route_not_found');
    const audit = await shop.get('/v1/audit-log');
    const actions = new Set(audit.json.data.map(({ action }: { action: string }) => action));
    assert.ok(actions.has('predict_route.created') && actions.has('predict_route.deleted'));
  });

  test('what cannot work is refused with a pointer to each place', async () => {
    const wrong = await put('wrong', {
      ...flask,
      path: 'wrong',
      request: { text: '$..text' },
      labels: { spam: 1 },
      response: { a: '{{$.lable}}' },
    });
    assert.deepEqual([wrong.status, wrong.json.code], [422, 'predict_route_invalid'], wrong.text);
    const pointers = wrong.json.errors.map(({ pointer }: { pointer: string }) => pointer);
    assert.deepEqual(pointers, ['/labels', '/request/text', '/response/a']);
    assert.deepEqual((await put('other', flask)).json.code, 'predict_route_path_taken');
    assert.deepEqual((await put('other', { ...flask, task: 'nobody', path: 'o' })).json.code, 'task_not_found');
    for (const path of ['', '/x', 'a/../b', '..', 'a/b/c/d', 'a b', 'a%2fb', 'x'.repeat(64)]) {
      const reply = await put('other', { ...flask, path });
      assert.ok(reply.status === 400 || reply.status === 422, `${path}: ${reply.text}`);
    }
    for (const missing of ['task', 'request', 'response', 'review']) {
      const reply = await put('other', { ...flask, path: 'o', [missing]: undefined });
      assert.deepEqual([reply.status, reply.json.errors[0].pointer], [400, `/${missing}`], reply.text);
    }
    assert.equal((await put('other', { ...flask, path: 'o', code: 'x' })).json.code, 'unknown_field');
  });

  test('who may: settings need tasks:write, calls predictions:write, and nobody sees another workspace’s', async () => {
    const key = async (...scopes: string[]) => {
      const { json } = await shop.post('/v1/keys', { name: 'narrow', scopes });
      return shop.withKey(json.secret, json.id);
    };
    const caller = await key('predictions:write');
    assert.equal((await caller.post('/compat/predict', { text: BILLING })).status, 200);
    assert.equal((await caller.put('/v1/predict-routes/flask', flask)).status, 403);
    assert.equal((await caller.get('/v1/predict-routes')).status, 403);
    const reader = await key('tasks:read');
    assert.equal((await reader.get('/v1/predict-routes/flask')).status, 200);
    assert.equal((await reader.delete('/v1/predict-routes/flask')).status, 403);
    assert.equal((await reader.post('/compat/predict', { text: 'x' })).status, 403);
    const other = await makeWorkspace(() => server, server.operatorKey!, 'Other');
    assert.deepEqual((await other.get('/v1/predict-routes')).json.data, []);
    for (const reply of [
      await other.get('/v1/predict-routes/flask'),
      await other.delete('/v1/predict-routes/flask'),
      await other.post('/compat/predict', { text: 'x' }),
    ]) {
      assert.deepEqual([reply.status, reply.json.code], [404, 'predict_route_not_found']);
    }
    // The same path in two workspaces is two routes.
    await other.makeTask('inquiries', topicLabels, trainedByHand);
    assert.equal((await other.put('/v1/predict-routes/flask', flask)).status, 201);
    assert.deepEqual((await other.post('/compat/predict', { text: 'x' })).json, {
      prediction: null,
      reason: 'no_model',
    });
  });
});

describe('calls in somebody else’s shape', () => {
  test('Flask: JSON in, their labels out, and the row in the ledger', async () => {
    const reply = await shop.post('/compat/predict', { text: BILLING, id: 991, whatever: { they: 'send' } });
    assert.equal(reply.status, 200, reply.text);
    assert.deepEqual([reply.json.prediction, reply.json.id], ['BILLING', 991]);
    assert.ok(reply.json.probability > 0.5);
    assert.match(reply.text, /^\{"prediction":"BILLING","probability":[\d.]+,"id":991\}$/);
    const [row] = await shop.decisions('&external_id=991');
    const stored = await shop.get(`/v1/decisions/${row.id}`);
    assert.deepEqual(
      [stored.json.input.text, stored.json.label, stored.json.confidence],
      [BILLING, 'billing', reply.json.probability],
    );
    assert.equal((await shop.verifyLedger()).ok, true);
  });

  test('as a form, and with the key in the URL', async () => {
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const reply = await shop.post(
      '/compat/predict',
      Buffer.from(new URLSearchParams({ text: DELIVERY, id: 'f-1' }).toString()),
      {
        headers: form,
      },
    );
    assert.deepEqual([reply.status, reply.json.prediction, reply.json.id], [200, 'DELIVERY', 'f-1'], reply.text);
    const latin = await shop.post('/compat/predict', Buffer.from('text=%E4pfel'), { headers: form });
    assert.deepEqual([latin.status, latin.json.code], [422, 'request_unmapped']);
    const basic = (password: string) => ({
      Authorization: `Basic ${Buffer.from(`key:${password}`).toString('base64')}`,
    });
    const call = { method: 'POST', path: '/compat/predict', body: { text: BILLING } };
    assert.equal((await send(server.url, { ...call, headers: basic(shop.key) })).json.prediction, 'BILLING');
    for (const password of ['us_nobody', '', shop.key.slice(0, -1), `${shop.key} `]) {
      assert.equal((await send(server.url, { ...call, headers: basic(password) })).status, 401, password);
    }
    // Nowhere else.
    assert.equal((await send(server.url, { path: '/v1/tasks', headers: basic(shop.key) })).status, 401);
    assert.equal((await send(server.url, call)).status, 401);
  });

  test('FastAPI: many documents in one commit, in order', async () => {
    const documents = [
      { content: BILLING, author: 'ann', shop: 7 },
      { content: DELIVERY, author: 'bob' },
    ];
    const reply = await shop.post('/compat/api/v1/sentiment', { tenant: 't-1', documents });
    assert.equal(reply.status, 200, reply.text);
    const { results, ...around } = reply.json;
    assert.deepEqual(around, { count: 2, tenant: 't-1' });
    assert.deepEqual(
      results.map(({ label, model }: any) => [label, model]),
      [
        ['billing', 'inquiries/1'],
        ['delivery', 'inquiries/1'],
      ],
    );
    assert.deepEqual(Object.keys(results[0].scores).sort(), [...topicLabels].sort());
    const [row] = await shop.decisions('&subject=ann');
    assert.deepEqual((await shop.get(`/v1/decisions/${row.id}`)).json.attributes, { shop: 7 });
    const before = (await shop.decisions()).length;
    const bad = await shop.post('/compat/api/v1/sentiment', {
      documents: [{ content: 'ok' }, { content: 'x'.repeat(5001) }, {}],
    });
    assert.deepEqual([bad.status, bad.json.code], [422, 'request_unmapped'], bad.text);
    const long = await shop.post('/compat/api/v1/sentiment', {
      documents: [{ content: 'ok' }, { content: 'x'.repeat(5001) }],
    });
    assert.deepEqual([long.status, long.json.errors[0].pointer], [400, '/items/1/input/text'], long.text);
    assert.equal((await shop.decisions()).length, before);
  });

  test('what a person decides is answered by its own template and status', async () => {
    const review = { status: 202, response: { pending: true, id: '{{$.id}}', label: '{{$.label}}' } };
    assert.equal((await put('waits', { ...flask, task: 'untrained', labels: {}, path: 'waits', review })).status, 201);
    const reply = await shop.post('/compat/waits', { text: 'anything' });
    assert.deepEqual([reply.status, reply.json.pending, reply.json.label], [202, true, null], reply.text);
    assert.equal((await shop.get(`/v1/decisions/${reply.json.id}`)).json.outcome, 'review');
  });

  test('an edit is served at once, and a task that is gone says so', async () => {
    await shop.makeTask('fleeting', ['a', 'b'], trainedByHand);
    const route = { ...flask, task: 'fleeting', labels: {}, path: 'fleeting', review: { response: 'one' } };
    await put('fleeting', route);
    assert.equal((await shop.post('/compat/fleeting', { text: 'x' })).json, 'one');
    await put('fleeting', { ...route, review: { response: 'two' } });
    assert.equal((await shop.post('/compat/fleeting', { text: 'x' })).json, 'two');
    await put('fleeting', { ...route, path: 'elsewhere' });
    assert.equal((await shop.post('/compat/fleeting', { text: 'x' })).status, 404);
    await shop.delete('/v1/tasks/fleeting');
    const gone = await shop.post('/compat/elsewhere', { text: 'x' });
    assert.deepEqual([gone.status, gone.json.code], [404, 'task_not_found']);
  });

  test('an Idempotency-Key decides once, as JSON and as a form', async () => {
    const before = (await shop.decisions()).length;
    const form = Buffer.from(`text=${BILLING.replaceAll(' ', '+')}`);
    for (const [key, body, type] of [
      ['j', { text: BILLING }, 'application/json'],
      ['f', form, 'application/x-www-form-urlencoded'],
    ] as const) {
      const headers = { 'Idempotency-Key': key, 'Content-Type': type };
      const first = await shop.post('/compat/predict', body, { headers });
      const again = await shop.post('/compat/predict', body, { headers });
      assert.deepEqual([again.text, again.headers['idempotency-replayed']], [first.text, 'true']);
      const other = await shop.post(
        '/compat/predict',
        type === 'application/json' ? { text: 'x' } : Buffer.from('text=x'),
        { headers },
      );
      assert.equal(other.json.code, 'idempotency_key_reused');
    }
    assert.equal((await shop.decisions()).length, before + 2);
  });

  test('bad requests: clear, and nothing is decided', async () => {
    const before = (await shop.decisions()).length;
    for (const [body, code] of [
      ['{', 'invalid_json'],
      ['', 'request_unmapped'],
      ['null', 'request_unmapped'],
      ['[]', 'request_unmapped'],
      ['{"text": 5}', 'request_unmapped'],
      ['{"text": ["a"]}', 'request_unmapped'],
      ['{"text": "a", "id": {}}', 'request_unmapped'],
      ['{"text": "\\u0000"}', 'invalid_text'],
      [`{"text": "${'x'.repeat(5001)}"}`, 'input_too_long'],
    ] as const) {
      const reply = await shop.post('/compat/predict', Buffer.from(body), {
        headers: { 'Content-Type': 'application/json' },
      });
      assert.deepEqual(
        [reply.json.code, reply.json.status],
        [code, reply.status],
        `${body.slice(0, 30)}: ${reply.text}`,
      );
      assert.ok(reply.status >= 400 && reply.status < 500);
    }
    const long = await shop.post('/compat/predict', { text: 'x'.repeat(5001) });
    assert.equal(long.json.errors[0].pointer, '/input/text');
    const type = await shop.post('/compat/predict', Buffer.from('text'), { headers: { 'Content-Type': 'text/plain' } });
    assert.equal(type.json.code, 'unsupported_media_type');
    for (const path of ['/compat', '/compat/', '/compat/a/b/c/d', '/compat/%2e%2e/v1/tasks', '/compat/predict/']) {
      assert.ok([404, 400].includes((await shop.post(path, { text: 'x' })).status), path);
    }
    assert.equal((await shop.decisions()).length, before);
  });

  test('an old PHP application changes its URL, and nothing else', async (t) => {
    const run = promisify(execFile);
    const found = await run('php', ['-m']).catch(() => null);
    if (found === null || !found.stdout.includes('json')) {
      assert.notEqual(process.env.CI, 'true', 'php is missing');
      t.skip('NOT TESTED: php is missing');
      return;
    }
    const application = `
      $context = stream_context_create(['http' => [
        'method' => 'POST',
        'header' => 'Content-Type: application/x-www-form-urlencoded',
        'content' => http_build_query(['text' => $argv[2], 'id' => 'php-1']),
      ]]);
      echo json_decode(file_get_contents($argv[1], false, $context), true)['prediction'];`;
    const url = `${server.url.replace('//', `//key:${shop.key}@`)}/compat/predict`;
    const { stdout } = await run('php', ['-r', application, url, DELIVERY]);
    assert.equal(stdout, 'DELIVERY');
    assert.equal((await shop.decisions('&external_id=php-1')).length, 1);
  });
});
