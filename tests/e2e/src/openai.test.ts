import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import OpenAI from 'openai';
import {
  eventually,
  makeWorkspace,
  ServerProcess,
  scratchFolder,
  topicLabels,
  topicRows,
  trainedByHand,
  type Workspace,
} from './index.ts';

const scratch = scratchFolder();
let server: ServerProcess;
let shop: Workspace;
let client: OpenAI;

const STANDARD = [
  'harassment',
  'harassment/threatening',
  'hate',
  'hate/threatening',
  'illicit',
  'illicit/violent',
  'self-harm',
  'self-harm/intent',
  'self-harm/instructions',
  'sexual',
  'sexual/minors',
  'violence',
  'violence/graphic',
];
const rules = {
  task: 'comments',
  flagged_labels: ['billing', 'account'],
  review: 'suggestion',
  categories: { billing: 'harassment' },
};
/** One of each label, so plain that the model is sure. */
const texts = [
  'invoice refund charged payment receipt price card subscription',
  'parcel courier shipped tracking doorstep package arrived driver',
  'password login username profile email locked sign verification',
];
const flagged = [true, false, true];

const clientWith = (key: string, more: object = {}) =>
  new OpenAI({ baseURL: `${server.url}/openai/v1`, apiKey: key, maxRetries: 0, timeout: 30_000, ...more });

before(async () => {
  server = await ServerProcess.start({ dataDir: join(scratch, 'data') });
  shop = await makeWorkspace(() => server, server.operatorKey!, 'Shop');
  const automation = { mode: 'uncertified', min_confidence: 0.5 };
  await shop.makeTask('comments', topicLabels, {
    ...trainedByHand,
    automation,
    input: { text: { type: 'string', max_length: 5000 } },
  });
  await shop.makeTask('untrained', ['good', 'bad'], { ...trainedByHand, owner: 'trust-and-safety' });
  await shop.import('comments', topicRows(300));
  const run = await shop.train('comments', { trainer: 'linear' });
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
  client = clientWith(shop.key);
});
after(() => server?.stop());

/** The error of the official client. */
async function refusal(call: PromiseLike<unknown>): Promise<InstanceType<typeof OpenAI.APIError>> {
  try {
    await call;
  } catch (error) {
    assert.ok(error instanceof OpenAI.APIError, String(error));
    return error;
  }
  assert.fail('the call was answered');
}

const told = (error: InstanceType<typeof OpenAI.APIError>) => [error.status, error.code, error.type, error.param];

describe('before anything is set up', () => {
  test('tasks are models', async () => {
    const { data } = await client.models.list();
    assert.deepEqual(
      data.map(({ id, object, owned_by: owner }) => [id, object, owner]),
      [
        ['comments', 'model', 'understudy'],
        ['untrained', 'model', 'trust-and-safety'],
      ],
    );
    assert.ok(data.every(({ created }) => Number.isInteger(created) && created > 1_700_000_000));
    assert.deepEqual(await client.models.retrieve('comments'), data[0]);
    assert.deepEqual(told(await refusal(client.models.retrieve('nobody'))), [
      404,
      'model_not_found',
      'invalid_request_error',
      'model',
    ]);
  });

  test('what is flagged is not guessed, and OpenAI’s own models go nowhere yet', async () => {
    const unset = await refusal(client.moderations.create({ model: 'comments', input: 'x' }));
    assert.deepEqual(told(unset), [400, 'moderation_not_set_up', 'invalid_request_error', null]);
    assert.match(unset.message, /PUT \/v1\/openai-settings/);
    const standard = await refusal(client.moderations.create({ model: 'omni-moderation-latest', input: 'x' }));
    assert.deepEqual(told(standard), [404, 'model_not_found', 'invalid_request_error', 'model']);
    assert.deepEqual(await shop.decisions(), []);
  });

  test('settings: checked against the tasks, edited with an ETag', async () => {
    const empty = await shop.get('/v1/openai-settings');
    assert.deepEqual(empty.json, { default_moderation_task: null, moderation: [], updated_at: null });
    const wrong = await shop.put('/v1/openai-settings', {
      default_moderation_task: 'nobody',
      moderation: [
        { ...rules, flagged_labels: ['billing', 'spam'], categories: { spam: 'hate' } },
        rules,
        { ...rules, task: 'gone' },
      ],
    });
    assert.deepEqual([wrong.status, wrong.json.code], [422, 'openai_settings_invalid'], wrong.text);
    assert.deepEqual(
      wrong.json.errors.map(({ pointer }: { pointer: string }) => pointer),
      [
        '/moderation/0/flagged_labels/1',
        '/moderation/0/categories',
        '/moderation/1/task',
        '/moderation/2/task',
        '/default_moderation_task',
      ],
    );
    const untrained = { task: 'untrained', flagged_labels: ['bad'], review: 'flag' };
    const settings = { default_moderation_task: 'comments', moderation: [rules, untrained] };
    const stale = await shop.put('/v1/openai-settings', settings, { headers: { 'If-Match': '"other"' } });
    assert.equal(stale.status, 412, stale.text);
    const etag = String(empty.headers.etag);
    const made = await shop.put('/v1/openai-settings', settings, { headers: { 'If-Match': etag } });
    assert.equal(made.status, 200, made.text);
    const { json } = await shop.get('/v1/openai-settings');
    assert.deepEqual([json.default_moderation_task, json.moderation], ['comments', settings.moderation]);
    const again = await shop.put('/v1/openai-settings', settings, { headers: { 'If-Match': etag } });
    assert.equal(again.status, 412);
    for (const bad of [{}, { ...settings, more: 1 }, { ...settings, moderation: [{ ...rules, review: 'maybe' }] }]) {
      assert.equal((await shop.put('/v1/openai-settings', bad)).status, 400);
    }
    const audit = await shop.get('/v1/audit-log?action=openai_settings.updated');
    assert.equal(audit.json.data.length, 1);
  });
});

describe('moderations by the official client', () => {
  test('an array: one result each, the 13 categories and ours, and the rows in the ledger', async () => {
    const before = (await shop.decisions()).length;
    const answer = await client.moderations.create({ model: 'comments', input: texts });
    assert.match(answer.id, /^modr_/);
    assert.equal(answer.model, 'comments');
    assert.deepEqual(
      answer.results.map((result) => result.flagged),
      flagged,
    );
    for (const [index, result] of answer.results.entries()) {
      const maps = [result.categories, result.category_scores, result.category_applied_input_types];
      for (const map of maps) assert.deepEqual(Object.keys(map), [...STANDARD, ...topicLabels]);
      const { decision, ...own } = { decision: (result as any).understudy, label: topicLabels[index]! };
      assert.deepEqual([decision.outcome, decision.label], ['automated', own.label]);
      assert.equal((result.categories as any)[own.label], flagged[index]);
      assert.equal((result.category_scores as any)[own.label], decision.candidates[0].score);
      const stored = await shop.get(`/v1/decisions/${decision.id}`);
      assert.deepEqual([stored.json.input.text, stored.json.label], [texts[index], own.label]);
    }
    assert.equal(answer.results[0]!.categories.harassment, true);
    assert.equal(answer.results[1]!.categories.harassment, false);
    assert.deepEqual(answer.results[0]!.category_applied_input_types.violence, []);
    assert.equal((await shop.decisions()).length, before + 3);
    assert.equal((await shop.verifyLedger()).ok, true);
  });

  test('OpenAI’s own models and no model: the default moderation task', async () => {
    for (const model of ['omni-moderation-latest', 'text-moderation-stable', undefined]) {
      const { model: answered, results } = await client.moderations.create({
        input: texts[0]!,
        ...(model && { model }),
      });
      assert.deepEqual([answered, results.length, results[0]!.flagged], ['comments', 1, true]);
    }
  });

  test('an item for a person is flagged by the task’s policy, never automated by accident', async () => {
    const untrained = await client.moderations.create({ model: 'untrained', input: 'anything' });
    assert.deepEqual(
      [untrained.results[0]!.flagged, (untrained.results[0] as any).understudy.outcome],
      [true, 'review'],
    );
    assert.ok(Object.values(untrained.results[0]!.categories).every((value) => value === false));
  });

  test('one bad text refuses all, names it, and nothing is decided', async () => {
    const before = (await shop.decisions()).length;
    const error = await refusal(client.moderations.create({ model: 'comments', input: ['fine', 'x'.repeat(5001)] }));
    assert.deepEqual(told(error), [400, 'input_too_long', 'invalid_request_error', 'input[1]']);
    assert.equal((await shop.decisions()).length, before);
  });

  test('images, tokens and unknown fields are refused, never ignored', async () => {
    const image = { type: 'image_url' as const, image_url: { url: 'https://example.com/a.png' } };
    const part = await refusal(client.moderations.create({ input: [{ type: 'text', text: 'a' }, image] }));
    assert.deepEqual(told(part), [400, 'openai_input_unsupported', 'invalid_request_error', 'input[1]']);
    const field = await refusal(client.moderations.create({ input: 'a', temperature: 1 } as never));
    assert.deepEqual(told(field), [400, 'openai_request_invalid', 'invalid_request_error', 'temperature']);
    const one = await client.moderations.create({ input: [{ type: 'text', text: texts[1]! }] });
    assert.deepEqual(
      one.results.map((result) => result.flagged),
      [false],
    );
  });

  test('an Idempotency-Key decides once', async () => {
    const before = (await shop.decisions()).length;
    const options = { headers: { 'Idempotency-Key': 'comment-991' } };
    const first = await client.moderations.create({ input: texts }, options);
    const { data, response } = await client.moderations.create({ input: texts }, options).withResponse();
    assert.deepEqual([data, response.headers.get('idempotency-replayed')], [first, 'true']);
    assert.equal((await shop.decisions()).length, before + 3);
    const other = await refusal(client.moderations.create({ input: 'other' }, options));
    assert.deepEqual(told(other), [422, 'idempotency_key_reused', 'invalid_request_error', null]);
  });
});

describe('embeddings by the official client', () => {
  const cosine = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

  test('base64, as the client asks by itself, and float are the same numbers', async () => {
    const input = [...texts, `${texts[0]} again`];
    const { data, model, usage, object } = await client.embeddings.create({ model: 'comments', input });
    assert.deepEqual([object, model, usage], ['list', 'comments@1', { prompt_tokens: 33, total_tokens: 33 }]);
    assert.deepEqual(
      data.map(({ index, object: kind }) => [index, kind]),
      input.map((_, index) => [index, 'embedding']),
    );
    const floats = await client.embeddings.create({ model: 'comments', input, encoding_format: 'float' });
    for (const [index, { embedding }] of data.entries()) {
      assert.equal(embedding.length, 256);
      assert.ok(Math.abs(cosine(embedding, embedding) - 1) < 1e-5);
      assert.deepEqual([...embedding].map(Math.fround), floats.data[index]!.embedding.map(Math.fround));
    }
    const [billing, delivery, , billingAgain] = data.map(({ embedding }) => embedding) as [
      number[],
      number[],
      number[],
      number[],
    ];
    assert.ok(cosine(billing, billingAgain) > cosine(billing, delivery) + 0.3);
  });

  test('dimensions are honoured or refused; a version can be pinned', async () => {
    for (const dimensions of [8, 1536]) {
      const { data } = await client.embeddings.create({ model: 'comments@1', input: 'refund', dimensions });
      assert.equal(data[0]!.embedding.length, dimensions);
    }
    const error = await refusal(client.embeddings.create({ model: 'comments', input: 'x', dimensions: 5000 }));
    assert.deepEqual(told(error), [400, 'openai_request_invalid', 'invalid_request_error', 'dimensions']);
    for (const model of ['untrained', 'comments@99']) {
      const missing = await refusal(client.embeddings.create({ model, input: 'x' }));
      assert.deepEqual(told(missing), [400, 'embeddings_unavailable', 'invalid_request_error', 'model']);
    }
    for (const model of ['text-embedding-3-small', 'comments@', 'comments@1@1', 'comments@x', 'Comments', '@1']) {
      const nobody = await refusal(client.embeddings.create({ model, input: 'x' }));
      assert.deepEqual([nobody.status, nobody.code, nobody.param], [404, 'model_not_found', 'model'], model);
    }
    const tokens = await refusal(client.embeddings.create({ model: 'comments', input: [1, 2] }));
    assert.equal(tokens.code, 'openai_input_unsupported');
    const long = await refusal(client.embeddings.create({ model: 'comments', input: ['a', 'x'.repeat(5001)] }));
    assert.deepEqual(told(long), [400, 'input_too_long', 'invalid_request_error', 'input[1]']);
  });

  test('nothing is decided by it', async () => {
    const before = (await shop.decisions()).length;
    await client.embeddings.create({ model: 'comments', input: texts });
    assert.equal((await shop.decisions()).length, before);
  });
});

describe('errors as the official client reads them', () => {
  test('who it is and what they may', async () => {
    const stranger = await refusal(clientWith('us_nobody').models.list());
    assert.ok(stranger instanceof OpenAI.AuthenticationError);
    assert.deepEqual(told(stranger), [401, 'invalid_api_key', 'invalid_request_error', null]);
    const key = await shop.post('/v1/keys', { name: 'reader', scopes: ['tasks:read'] });
    const reader = await refusal(clientWith(key.json.secret).moderations.create({ input: 'x' }));
    assert.ok(reader instanceof OpenAI.PermissionDeniedError);
    assert.deepEqual(told(reader), [403, 'forbidden', 'insufficient_permissions', null]);
    assert.match(reader.message, /predictions:write/);
    const other = await makeWorkspace(() => server, server.operatorKey!, 'Other');
    const foreign = await refusal(clientWith(other.key).moderations.create({ model: 'comments', input: 'x' }));
    assert.deepEqual([foreign.status, foreign.code], [404, 'model_not_found']);
    assert.deepEqual((await clientWith(other.key).models.list()).data, []);
    assert.equal((await clientWith(other.key).models.list()).object, 'list');
  });

  test('the request id is the header and is in our log of it', async () => {
    const { response } = await client.models.list().withResponse();
    assert.match(String(response.headers.get('x-request-id')), /^req_/);
    const error = await refusal(client.moderations.create({ model: 'nobody', input: 'x' }));
    assert.match(String(error.requestID), /^req_/);
  });

  test('what is not there says so in the same shape', async () => {
    const chat = client.chat.completions.create({ model: 'comments', messages: [{ role: 'user', content: 'x' }] });
    assert.deepEqual(told(await refusal(chat)), [404, 'unknown_url', 'invalid_request_error', null]);
    for (const path of ['/openai/v1/%zz', '/openai/v1/nothing', '/openai/', `/openai/v1/models/${'x'.repeat(2000)}`]) {
      const { status, json } = await shop.get(path);
      assert.ok(status === 400 || status === 404, path);
      assert.deepEqual(Object.keys(json.error), ['message', 'type', 'param', 'code'], path);
    }
    const put = await shop.put('/openai/v1/moderations', {});
    assert.deepEqual([put.status, put.json.error.type], [404, 'invalid_request_error'], put.text);
    for (const [body, type] of [
      ['{', 'application/json'],
      ['a=b', 'text/plain'],
      ['', 'application/json'],
      ['[]', 'application/json'],
    ] as const) {
      const reply = await shop.post('/openai/v1/moderations', Buffer.from(body), { headers: { 'Content-Type': type } });
      assert.ok(reply.status === 400 || reply.status === 415, `${body}: ${reply.text}`);
      assert.deepEqual(Object.keys(reply.json.error), ['message', 'type', 'param', 'code']);
      assert.match(String(reply.headers['content-type']), /^application\/json/);
    }
  });

  test('429: retry-after, x-ratelimit-*, and a client that waits gets its answer', async () => {
    const busy = await makeWorkspace(() => server, server.operatorKey!, 'Busy');
    const quota = await busy.put(
      `/v1/workspaces/${busy.id}/quota`,
      { requests_per_minute: 60 },
      { key: server.operatorKey! },
    );
    assert.equal(quota.status, 200, quota.text);
    const hurried = clientWith(busy.key);
    // A gateway learns of a quota a moment after it first meets the workspace.
    const headers = await eventually('the quota is in force', async () => {
      const { response } = await hurried.models.list().withResponse();
      return response.headers.get('x-ratelimit-limit-requests') === '60' ? response.headers : null;
    });
    assert.ok(Number(headers.get('x-ratelimit-remaining-requests')) < 60);
    assert.match(String(headers.get('x-ratelimit-reset-requests')), /^\d+s$/);
    let refused: InstanceType<typeof OpenAI.APIError> | undefined;
    for (let sent = 0; sent < 200 && refused === undefined; sent++) {
      refused = await hurried.models.list().then(
        () => undefined,
        (error) => error,
      );
    }
    assert.ok(refused instanceof OpenAI.RateLimitError, String(refused));
    assert.deepEqual(told(refused), [429, 'rate_limit_exceeded', 'requests', null]);
    assert.ok(Number(refused.headers?.get('retry-after')) >= 1);
    assert.equal(refused.headers?.get('x-should-retry'), 'true');
    assert.equal(refused.headers?.get('x-ratelimit-remaining-requests'), '0');
    assert.equal((await clientWith(busy.key, { maxRetries: 5 }).models.list()).object, 'list');
  });
});

/** Bodies as these clients' sources build them; their packages are not to be had here. */
describe('recorded shapes of PHP clients', () => {
  const post = async (path: string, body: object) => {
    const reply = await shop.post(`/openai/v1${path}`, body, { headers: { Accept: 'application/json' } });
    assert.equal(reply.status, 200, reply.text);
    return reply.json;
  };

  test('symfony/ai, generic platform: embeddings as numbers unless base64 is asked for', async () => {
    const one = await post('/embeddings', { model: 'comments', input: texts[0] });
    assert.equal(one.data[0].embedding.length, 256);
    assert.ok(one.data[0].embedding.every((value: unknown) => typeof value === 'number'));
    const many = await post('/embeddings', { dimensions: 64, model: 'comments', input: texts });
    assert.deepEqual(
      many.data.map(({ embedding }: any) => embedding.length),
      [64, 64, 64],
    );
    const bad = await shop.post('/openai/v1/embeddings', { model: 'nobody', input: 'x' });
    assert.deepEqual([bad.status, typeof bad.json.error.message], [404, 'string']);
  });

  test('openai-php/client and Prism: every key that they read without asking is there', async () => {
    const moderation = await post('/moderations', { model: 'omni-moderation-latest', input: texts });
    assert.deepEqual(Object.keys(moderation), ['id', 'model', 'results']);
    for (const result of moderation.results) {
      for (const name of STANDARD) {
        assert.equal(typeof result.categories[name], 'boolean');
        assert.equal(typeof result.category_scores[name], 'number');
        assert.ok(Array.isArray(result.category_applied_input_types[name]));
      }
    }
    const embedding = await post('/embeddings', { model: 'comments', input: 'x', encoding_format: 'float' });
    assert.deepEqual(Object.keys(embedding), ['object', 'data', 'model', 'usage']);
    assert.deepEqual(Object.keys(embedding.usage), ['prompt_tokens', 'total_tokens']);
    const { json } = await shop.get('/openai/v1/models');
    assert.deepEqual(Object.keys(json.data[0]), ['id', 'object', 'created', 'owned_by']);
  });
});

/** Runs a program to its end. The server must stay answered meanwhile, so this does not block. */
function run(
  program: string,
  args: readonly string[],
  input = '',
): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => (out += chunk));
    child.stderr.on('data', (chunk) => (err += chunk));
    child.stdin.on('error', () => {}); // of a program that does not read
    child.on('error', (error) => resolve({ code: null, out, err: String(error) }));
    child.on('close', (code) => resolve({ code, out, err }));
    child.stdin.end(input);
  });
}

test('the official client for Python', async (t) => {
  const components = process.env.UNDERSTUDY_TEST_COMPONENTS ?? join(homedir(), '.cache', 'understudy-components');
  const installed = join(components, 'python-openai', 'bin', 'python');
  const python = existsSync(installed) ? installed : 'python3';
  const found = await run(python, ['-c', 'import openai']);
  if (found.code !== 0) {
    const how = `${python} has no package openai: tests/e2e/python/install.sh installs it`;
    assert.notEqual(process.env.CI, 'true', how);
    t.skip(`NOT TESTED: ${how}`);
    return;
  }
  const script = fileURLToPath(new URL('../python/openai_door.py', import.meta.url));
  const given = { base_url: `${server.url}/openai/v1`, key: shop.key, bad_key: 'us_nobody', task: 'comments', texts };
  const { code, out, err } = await run(python, [script], JSON.stringify(given));
  assert.equal(code, 0, err);
  const seen = JSON.parse(out);
  assert.deepEqual(
    seen.models.map(({ id }: any) => id),
    ['comments', 'untrained'],
  );
  assert.equal(seen.model, 'comments');
  const { moderation } = seen;
  assert.deepEqual([moderation.model, moderation.default, moderation.flagged], ['comments', 'comments', flagged]);
  assert.deepEqual(moderation.harassment, [true, false, false]);
  // The client keeps categories with a slash there, too.
  const own = Object.entries(moderation.own[0]).filter(([name]) => topicLabels.includes(name));
  assert.deepEqual(Object.fromEntries(own), { billing: true, delivery: false, account: false });
  assert.ok(moderation.own_scores[2].account > 0.5);
  assert.deepEqual(moderation.violence[0], []);
  assert.equal((await shop.get(`/v1/decisions/${moderation.decisions[1]}`)).json.label, 'delivery');
  assert.deepEqual(
    [seen.embedding.model, seen.embedding.lengths, seen.embedding.dimensions],
    ['comments@1', [256, 256, 256], 64],
  );
  for (const square of seen.embedding.squares) assert.ok(Math.abs(square - 1) < 1e-5);
  const errors = Object.entries<any>(seen.errors).map(([name, error]) => [
    name,
    error.class,
    error.status,
    error.code,
    error.param,
  ]);
  assert.deepEqual(errors, [
    ['key', 'AuthenticationError', 401, 'invalid_api_key', null],
    ['model', 'NotFoundError', 404, 'model_not_found', 'model'],
    ['image', 'BadRequestError', 400, 'openai_input_unsupported', 'input[0]'],
    ['tokens', 'BadRequestError', 400, 'openai_input_unsupported', 'input'],
    ['dimensions', 'BadRequestError', 400, 'openai_request_invalid', 'dimensions'],
    ['chat', 'NotFoundError', 404, 'unknown_url', null],
  ]);
  assert.match(seen.errors.model.request_id, /^req_/);
});
