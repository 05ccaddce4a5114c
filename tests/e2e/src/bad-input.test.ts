import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import {
  eventually,
  makeWorkspace,
  operationsOf,
  pathOf,
  type Reply,
  rawHttp,
  ServerProcess,
  scratchFolder,
  second,
  send,
  topicLabels,
  topicRows,
  type Workspace,
} from './index.ts';

const scratch = scratchFolder();
const dataDir = join(scratch, 'data');
let server: ServerProcess;
let shop: Workspace;

before(async () => {
  server = await ServerProcess.start({ dataDir, settings: { UNDERSTUDY_MAX_BODY_MB: '2' } });
  shop = await makeWorkspace(server, server.operatorKey!, 'Shop');
  await shop.makeTask('inquiries', topicLabels);
  await shop.import('inquiries', topicRows(30));
});
after(() => server?.stop());

/** What no answer may ever contain: a place in the code, a table, a driver's words. */
const INSIDE =
  /\bat .*\.(ts|js):\d+|node_modules|file:\/\/|\/src\/|kysely|fastify|FST_|postgres|pg_|SQLSTATE|syntax error|relation "|ECONN|ENOENT|EACCES|undefined is not|Cannot read propert|[a-z]+_pkey|ajv/i;

/** `echoed`: what the caller sent and may get back, whatever it looks like. */
function assertProblem(reply: Reply, statuses: number | number[], what: string, echoed = ''): void {
  const expected = [statuses].flat();
  assert.ok(expected.includes(reply.status), `${what}: ${reply.status} ${reply.text.slice(0, 500)}`);
  assert.match(String(reply.headers['content-type']), /^application\/problem\+json/, what);
  assert.equal(reply.json.status, reply.status, what);
  assert.equal(typeof reply.json.code, 'string', what);
  assert.equal(reply.json.request_id, reply.headers['x-request-id'], what);
  // A request id is random letters: now and then they spell something.
  const { request_id: _random, ...said } = reply.json;
  const words = JSON.stringify(said).replaceAll(JSON.stringify(echoed).slice(1, -1) || '\n', '…');
  assert.doesNotMatch(words, INSIDE, what);
}

/** Runs every check and throws one error that names all that failed: one hole must not hide the next. */
class Checks {
  readonly #wrong: string[] = [];

  that(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.#wrong.push((error as Error).message.split('\n')[0]!.slice(0, 400));
    }
  }

  end(): void {
    assert.deepEqual(this.#wrong, []);
  }
}

const predict = (body: unknown, headers: Record<string, string> = {}) =>
  shop.post('/v1/predict/inquiries', body, { headers });
const importRaw = (type: string, body: string | Buffer, headers: Record<string, string> = {}, query = '') =>
  shop.post(`/v1/tasks/inquiries/examples${query}`, body, { headers: { 'Content-Type': type, ...headers } });
const examples = async () => (await shop.get('/v1/tasks/inquiries/examples/stats')).json.examples as number;

describe('fields and types', () => {
  test('unknown and missing fields and wrong types → 400 with a pointer to each', async () => {
    const cases: [string, string, unknown, [string, string][]][] = [
      ['POST', '/v1/predict/inquiries', { input: { text: 'x' }, inputs: 1 }, [['/inputs', 'unknown_field']]],
      ['POST', '/v1/predict/inquiries', { input: { text: 'x', lang: 'en' } }, [['/input/lang', 'unknown_field']]],
      ['POST', '/v1/predict/inquiries', {}, [['/input', 'missing_field']]],
      ['POST', '/v1/predict/inquiries', { input: { text: null } }, [['/input/text', 'wrong_type']]],
      ['POST', '/v1/predict/inquiries', { input: { text: ['x'] } }, [['/input/text', 'wrong_type']]],
      ['POST', '/v1/predict/inquiries', { input: 'x' }, [['/input', 'wrong_type']]],
      ['POST', '/v1/predict/inquiries', { input: { text: 'x' }, explain: 'true' }, [['/explain', 'wrong_type']]],
      ['POST', '/v1/predict/inquiries', { input: { text: 'x' }, subject: 5 }, [['/subject', 'wrong_type']]],
      ['POST', '/v1/predict/inquiries', [], [['', 'wrong_type']]],
      ['POST', '/v1/predict/inquiries', 'null', [['', 'wrong_type']]],
      ['POST', '/v1/predict/inquiries', '7', [['', 'wrong_type']]],
      ['POST', '/v1/predict/inquiries', { input: { text: 'x' }, 'a/b~c': 1 }, [['/a~1b~0c', 'unknown_field']]],
      ['POST', '/v1/predict/inquiries/batch', { items: [] }, [['/items', 'invalid_value']]],
      ['POST', '/v1/predict/inquiries/batch', { items: {} }, [['/items', 'wrong_type']]],
      ['PUT', '/v1/tasks/t', { kind: 'text_classification' }, [['/labels', 'missing_field']]],
      ['PUT', '/v1/tasks/t', { kind: 'text_classification', labels: ['a'] }, [['/labels/0', 'wrong_type']]],
      [
        'PUT',
        '/v1/tasks/t',
        { kind: 'text_classification', labels: [{ name: '' }] },
        [['/labels/0/name', 'invalid_value']],
      ],
      ['POST', '/v1/keys', { name: 'x', scopes: 'all' }, [['/scopes', 'wrong_type']]],
      ['POST', '/v1/tasks/inquiries/training-runs', { seed: 1.5 }, [['/seed', 'wrong_type']]],
      ['POST', '/v1/tasks/inquiries/training-runs', { seed: -1 }, [['/seed', 'invalid_value']]],
      ['POST', '/v1/tasks/inquiries/training-runs', { trainers: 'linear' }, [['/trainers', 'unknown_field']]],
      ['PUT', '/v1/models/inquiries/aliases/champion', { version: 1 }, [['/version', 'wrong_type']]],
    ];
    for (const [method, path, body, expected] of cases) {
      const reply = await shop.call(method, path, body);
      const what = `${method} ${path} ${JSON.stringify(body)}`;
      assertProblem(reply, 400, what);
      const found = new Map((reply.json.errors ?? []).map((error: any) => [error.pointer, error.code]));
      assert.deepEqual([...found], expected, what);
    }
  });

  test('unknown and wrong query parameters → 400', async () => {
    const checks = new Checks();
    for (const path of [
      '/v1/tasks?limits=5',
      '/v1/tasks?limit=0',
      '/v1/tasks?limit=1e9',
      '/v1/tasks?limit=Infinity',
      '/v1/decisions?limit=1e999',
      '/v1/ledger/consistency?from=0&to=Infinity',
      '/v1/tasks?limit=abc',
      '/v1/decisions?outcome=maybe',
      '/v1/decisions?from=yesterday',
      '/v1/decisions?from=2024-02-30T00:00:00Z',
      '/v1/decisions?workspace=other',
      '/v1/decisions?cursor=%00',
      '/v1/decisions?cursor=AAAA',
      '/v1/keys?cursor=%F0%9F%92%A9',
      '/v1/audit-log?cursor=..%2F..',
      '/v1/tasks?cursor=%FF',
      '/v1/ledger/proof',
      '/v1/ledger/consistency?from=0',
      '/v1/ledger/consistency?from=99999999',
      '/v1/ledger/verify?trusted=1',
    ]) {
      const reply = await shop.get(path);
      checks.that(() => assertProblem(reply, 400, path));
    }
    checks.end();
  });

  test('settings that cannot be: a budget of 0 or 1, a confidence of 1, NaN, negative prices → 400 with a pointer', async () => {
    const checks = new Checks();
    const economics = { currency: 'EUR', minutes_per_item: 2, cost_per_hour: '30.00', cost_of_error: '1.50' };
    const review = { hide_suggestions: 0, double_review_rate: 0, gold_rate: 0 };
    const whole = { ...review, lease_seconds: 300, idle_limit_seconds: 300 };
    const retraining = { mode: 'auto', min_new_labels: 50, min_new_share: 0.1, min_hours_between: 0 };
    const settings: [setting: string, field: string, value: unknown, rest: object][] = [
      ...[0, 1, -0.1, 2, '0.05', null].map((value) => {
        return ['error_budget', 'max_error', value, { confidence: 0.95 }] as [string, string, unknown, object];
      }),
      ...[0.5, 1, 0, 95, '0.95'].map((value) => {
        return ['error_budget', 'confidence', value, { max_error: 0.05 }] as [string, string, unknown, object];
      }),
      ...['-30.00', '-0', 'NaN', 'Infinity', '1e9', '', '30,00', ' 30', '9'.repeat(40), 30, null].flatMap((value) =>
        ['cost_per_hour', 'cost_of_error', 'infrastructure_per_month'].map((field) => {
          return ['economics', field, value, economics] as [string, string, unknown, object];
        }),
      ),
      ...[-1, 10_001, '2', null].map((value) => {
        return ['economics', 'minutes_per_item', value, economics] as [string, string, unknown, object];
      }),
      ['economics', 'currency', 'euro', economics],
      ['audit', 'rate', -0.01, {}],
      ['audit', 'rate', 1.01, {}],
      ['audit', 'near_threshold_rate', 2, { rate: 0.1 }],
      ['certification', 'window_days', 0, { imports: 'excluded' }],
      ['certification', 'imports', 'all', {}],
      ['automation', 'min_confidence', 1.5, { mode: 'uncertified' }],
      ['retraining', 'min_new_labels', 0, retraining],
      ['retraining', 'min_new_share', -1, retraining],
      ['retraining', 'min_hours_between', -1, retraining],
      ['retraining', 'mode', 'always', retraining],
      ['review', 'gold_rate', -1, whole],
      ['review', 'double_review_rate', 1.5, whole],
      ['review', 'lease_seconds', 0, whole],
      ['review', 'idle_limit_seconds', 1e9, whole],
    ];
    const before = (await shop.get('/v1/tasks/inquiries')).text;
    for (const [setting, field, value, rest] of settings) {
      const body = {
        kind: 'text_classification',
        labels: topicLabels.map((name) => ({ name })),
        [setting]: { ...rest, [field]: value },
      };
      const what = `${setting}.${field} = ${JSON.stringify(value)}`;
      const reply = await shop.put('/v1/tasks/inquiries', body);
      checks.that(() => {
        assertProblem(reply, 400, what);
        assert.ok(
          reply.json.errors.some(({ pointer }: any) => pointer.startsWith(`/${setting}`)),
          `${what}: ${reply.text}`,
        );
      });
    }
    // A number that JSON does not have.
    for (const value of ['NaN', 'Infinity', '1e999']) {
      const text = `{"kind":"text_classification","labels":[{"name":"a"}],"error_budget":{"max_error":${value},"confidence":0.9}}`;
      const reply = await shop.put('/v1/tasks/inquiries', text);
      checks.that(() => assertProblem(reply, 400, value));
    }
    assert.equal((await shop.get('/v1/tasks/inquiries')).text, before);
    checks.end();
  });

  test('figures and verdicts that cannot be → 400', async () => {
    const checks = new Checks();
    const { json } = await predict({ input: { text: 'to be claimed' } });
    const verdict = `/v1/review/items/${json.review.item}/verdict`;
    const given = { claim_token: 'x', label: 'billing' };
    for (const [path, body] of [
      [verdict, { ...given, seconds: -1 }],
      [verdict, { ...given, seconds: '4' }],
      [verdict, { ...given, claim_token: '' }],
      [verdict, { ...given, label: 7 }],
      [verdict, { ...given, note: '' }],
      ['/v1/review/claims', { limit: 0 }],
      ['/v1/review/claims', { limit: 51 }],
      ['/v1/review/claims', { items: [] }],
      ['/v1/review/claims', { queue: 'all' }],
      ['/v1/tasks/inquiries/replays', { what: { max_error: 0 } }],
      ['/v1/tasks/inquiries/replays', { what: { max_error: 1 } }],
      ['/v1/tasks/inquiries/replays', { what: { confidence: 1 } }],
      ['/v1/tasks/inquiries/replays', { what: { threshold: -0.1 } }],
      ['/v1/tasks/inquiries/replays', { what: { threshold: 1.1 } }],
      ['/v1/tasks/inquiries/replays', { from: 'NaN' }],
      [`/v1/decisions/${json.id}/labels`, { label: 'billing', source: 'audit' }],
      [`/v1/decisions/${json.id}/labels`, { label: 'billing', source: 'reviewer' }],
    ] as const) {
      const reply = await shop.post(path, body);
      checks.that(() => assertProblem(reply, 400, `${path} ${JSON.stringify(body)}`));
    }
    for (const path of [
      '/v1/overview?from=NaN',
      '/v1/overview?bucket=',
      '/v1/tasks/inquiries/quality?confidence=1',
      '/v1/tasks/inquiries/quality?confidence=NaN',
      '/v1/tasks/inquiries/quality?by=everything',
      '/v1/tasks/inquiries/certification/preview?max_error=0',
      '/v1/tasks/inquiries/certification/preview?max_error=1',
      '/v1/tasks/inquiries/certification/preview?confidence=1',
      '/v1/tasks/inquiries/certification/preview?max_error=Infinity',
      '/v1/value?from=2031-01-02T00:00:00Z&to=2031-01-01T00:00:00Z',
      '/v1/value?bucket=century',
      '/v1/alerts?open=1e999',
      '/v1/review/items?status=lost',
      '/v1/review/agreement',
      '/v1/tasks/inquiries/replays?limit=-1',
    ]) {
      const reply = await shop.get(path);
      checks.that(() => assertProblem(reply, 400, path));
    }
    checks.end();
  });

  test('a task that is deleted under its replay, its claim and its figures is told as gone', async () => {
    await shop.makeTask('passing', topicLabels);
    const items = Array.from({ length: 200 }, (_, i) => ({ input: { text: `item ${i}` } }));
    await shop.post('/v1/predict/passing/batch', { items });
    const [held] = await eventually('an item can be claimed', async () => {
      const { json } = await shop.post('/v1/review/claims', { task: 'passing' });
      return json.claims.length > 0 ? json.claims : null;
    });
    const replay = await shop.post('/v1/tasks/passing/replays', {});
    assert.equal(replay.status, 202, replay.text);
    assert.equal((await shop.delete('/v1/tasks/passing')).status, 204);
    const ended = await eventually('the replay ends', async () => {
      const { json } = await shop.get(`/v1/replays/${replay.json.id}`);
      return ['succeeded', 'failed', 'cancelled'].includes(json.status) ? json : null;
    });
    assert.notEqual(ended.error?.code, 'internal_error', JSON.stringify(ended));
    const checks = new Checks();
    for (const path of [
      '/v1/tasks/passing/quality',
      '/v1/tasks/passing/certification',
      '/v1/tasks/passing/certification/preview',
      '/v1/tasks/passing/retraining',
      '/v1/tasks/passing/replays',
      '/v1/value?task=passing',
    ]) {
      const reply = await shop.get(path);
      checks.that(() => assertProblem(reply, 404, path));
      checks.that(() => assert.equal(reply.json.code, 'task_not_found', path));
    }
    const late = await eventually('the queue knows', async () => {
      const reply = await shop.post(`/v1/review/items/${held.item}/verdict`, {
        claim_token: held.claim_token,
        label: topicLabels[0],
      });
      return reply.status === 200 ? null : reply;
    });
    checks.that(() => assertProblem(late, 409, 'a verdict'));
    for (const path of ['/v1/overview', '/v1/value', '/v1/review/queues', '/v1/alerts']) {
      const reply = await shop.get(path);
      checks.that(() => assert.equal(reply.status, 200, `${path}: ${reply.text}`));
    }
    checks.end();
  });

  test('unpaired surrogates and NUL → invalid_text, wherever a text goes', async () => {
    const checks = new Checks();
    for (const bad of ['\\ud800', '\\udc00x', 'a\\u0000b', '\\udfff\\ud800']) {
      for (const [path, body] of [
        ['/v1/predict/inquiries', `{"input":{"text":"${bad}"}}`],
        ['/v1/predict/inquiries/batch', `{"items":[{"input":{"text":"${bad}"}}]}`],
      ] as const) {
        const reply = await shop.post(path, body);
        assertProblem(reply, 400, `${path} ${bad}`);
        assert.equal(reply.json.code, 'invalid_text', `${path} ${bad}`);
      }
      for (const [method, path, body] of [
        ['POST', '/v1/predict/inquiries', `{"input":{"text":"x"},"subject":"${bad}"}`],
        ['POST', '/v1/predict/inquiries', `{"input":{"text":"x"},"external_id":"${bad}"}`],
        ['POST', '/v1/predict/inquiries', `{"input":{"text":"x"},"attributes":{"k":"${bad}"}}`],
        ['POST', '/v1/predict/inquiries', `{"input":{"text":"x"},"attributes":{"${bad}":"v"}}`],
        ['PUT', '/v1/tasks/odd', `{"kind":"text_classification","labels":[{"name":"a${bad}"},{"name":"b"}]}`],
        [
          'PUT',
          '/v1/tasks/odd',
          `{"kind":"text_classification","labels":[{"name":"a"},{"name":"b"}],"title":"t${bad}"}`,
        ],
        [
          'PUT',
          '/v1/tasks/odd',
          `{"kind":"text_classification","labels":[{"name":"a"},{"name":"b"}],"instructions":"${bad}"}`,
        ],
        [
          'PUT',
          '/v1/tasks/odd',
          `{"kind":"text_classification","labels":[{"name":"a"},{"name":"b"}],"owner":"${bad}"}`,
        ],
        ['POST', '/v1/keys', `{"name":"k${bad}","scopes":["tasks:read"]}`],
        ['POST', '/v1/tasks/inquiries/training-runs', `{"trainer":"${bad}"}`],
        ['POST', '/v1/tasks/inquiries/training-runs', `{"trainer":"linear","parameters":{"${bad}":1}}`],
      ] as const) {
        const reply = await shop.call(method, path, body);
        checks.that(() => assertProblem(reply, 400, `${method} ${path} ${body}`));
      }
      const row = await importRaw('application/x-ndjson', `{"input":{"text":"x ${bad}"},"label":"billing"}\n`);
      checks.that(() => assertProblem(row, [400, 422], `import ${bad}`));
    }
    for (const path of [
      '/v1/decisions?subject=a%00b',
      '/v1/decisions?label=%00',
      '/v1/audit-log?resource=%00',
      '/v1/ledger/proof?decision=%00',
      '/v1/tasks/inquiries/examples?label=%00',
    ]) {
      const reply = await shop.get(path);
      checks.that(() => assert.ok(reply.status < 500, `${path}: ${reply.status} ${reply.text}`));
    }
    const decision = (await predict({ input: { text: 'x' } })).json.id;
    const note = await shop.post(
      `/v1/decisions/${decision}/labels`,
      '{"label":"billing","source":"appeal","note":"\\u0000"}',
    );
    checks.that(() => assertProblem(note, 400, 'note'));
    const report = await shop.verifyLedger();
    checks.that(() => assert.equal(report.ok, true, JSON.stringify(report.found)));
    checks.end();
  });
});

describe('bodies', () => {
  test('too large → 413, another type → 415, no body → 400', async () => {
    assertProblem(await predict(JSON.stringify({ input: { text: 'x'.repeat(3 << 20) } })), 413, 'large');
    for (const type of [
      'text/plain',
      'application/xml',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/jsonp',
      'text/html',
    ]) {
      const reply = await shop.post('/v1/predict/inquiries', '{"input":{"text":"x"}}', {
        headers: { 'Content-Type': type },
      });
      assertProblem(reply, 415, type);
    }
    assertProblem(await predict(''), 400, 'empty');
    assertProblem(await predict(undefined), [400, 415], 'none');
    assertProblem(await importRaw('image/png', 'text,label\nx,billing\n'), 415, 'image');
  });

  test('broken JSON and broken UTF-8 → 400', async () => {
    const bodies: (string | Buffer)[] = [
      '{',
      '{"input":{"text":"x"}',
      '{"input":{"text":"x"}}}',
      "{'input':{'text':'x'}}",
      '{"input":{"text":NaN}}',
      '\ufeff\ufeff{}',
      'undefined',
      '{"input":{"text":"\\x41"}}',
      '{"input":{"text":"x"},}',
      Buffer.from([0x7b, 0xff, 0xfe, 0x7d]),
      Buffer.concat([Buffer.from('{"input":{"text":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}}')]),
      Buffer.concat([Buffer.from('{"input":{"text":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}}')]),
      Buffer.from('{"input":{"text":"x"}}', 'utf16le'),
    ];
    for (const body of bodies) {
      const reply = await shop.post('/v1/predict/inquiries', body, { headers: { 'Content-Type': 'application/json' } });
      assertProblem(reply, 400, JSON.stringify(body.toString()));
      assert.ok(reply.milliseconds < second());
    }
    const bad = Buffer.concat([Buffer.from('text,label\nab'), Buffer.from([0xff]), Buffer.from('c,billing\n')]);
    assertProblem(await importRaw('text/csv', bad), [400, 422], 'CSV');
  });

  test('a hundred thousand levels of JSON → 4xx at once', async () => {
    const checks = new Checks();
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const objects = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
    for (const [what, ask] of [
      ['predict', () => predict(`{"input":${deep}}`)],
      ['predict objects', () => predict(objects)],
      ['attributes', () => predict(`{"input":{"text":"x"},"attributes":{"k":${deep}}}`)],
      [
        'parameters',
        () => shop.post('/v1/tasks/inquiries/training-runs', `{"trainer":"linear","parameters":{"k":${deep}}}`),
      ],
      ['import JSON', () => importRaw('application/json', `{"examples":[${deep}]}`)],
      ['import NDJSON', () => importRaw('application/x-ndjson', `{"input":${deep},"label":"billing"}\n`)],
    ] as const) {
      const reply = await ask();
      checks.that(() => assertProblem(reply, [400, 413, 422], what));
      checks.that(() => assert.ok(reply.milliseconds < second(), `${what} took ${reply.milliseconds} ms`));
    }
    checks.end();
  });

  test('__proto__, constructor and prototype are refused and poison nothing', async () => {
    for (const body of [
      '{"__proto__":{"input":{"text":"x"}}}',
      '{"input":{"text":"x"},"__proto__":{"explain":true}}',
      '{"input":{"text":"x","__proto__":{"polluted":1}}}',
      '{"input":{"text":"x"},"constructor":{"prototype":{"polluted":1}}}',
      '{"input":{"text":"x"},"attributes":{"__proto__":{"polluted":1}}}',
      '{"input":{"text":"x"},"attributes":{"__proto__":"v"}}',
    ]) {
      assertProblem(await predict(body), 400, body);
    }
    for (const [type, body] of [
      ['application/x-ndjson', '{"__proto__":{"polluted":1},"input":{"text":"x"},"label":"billing"}\n'],
      ['application/json', '{"examples":[{"input":{"text":"x"},"label":"billing","__proto__":{"polluted":1}}]}'],
      ['text/csv', 'text,label,__proto__\nx,billing,y\n'],
    ] as const) {
      assertProblem(await importRaw(type, body), [400, 422], body);
    }
    // Names of Object.prototype as data: values like any other.
    for (const key of ['toString', 'hasOwnProperty', 'constructor', 'valueOf']) {
      const reply = await predict({ input: { text: 'x' }, attributes: { [key]: 'v' } });
      assert.equal(reply.status < 500, true, `${key} ${reply.text}`);
      if (reply.status === 200) {
        assert.deepEqual((await shop.get(`/v1/decisions/${reply.json.id}`)).json.attributes, { [key]: 'v' });
      }
    }
    assert.equal((await shop.get('/v1/tasks/constructor')).status, 404);
    assert.equal((await predict({ input: { text: 'x' } })).status, 200);
  });

  test('attributes have names of 1 to 200 characters, and at most a hundred', async () => {
    const named = (...names: string[]) =>
      predict({ input: { text: 'x' }, attributes: Object.fromEntries(names.map((name) => [name, 1])) });
    assert.equal((await named('n'.repeat(200))).status, 200);
    assertProblem(await named(''), [400, 422], 'an empty name');
    assertProblem(await named('fine', 'n'.repeat(201)), [400, 422], 'a long name');
    assertProblem(await named(...Array.from({ length: 101 }, (_, n) => `n${n}`)), [400, 422], 'too many');
  });

  test('gzip bombs, stacked and false encodings → 4xx within a bounded memory', async () => {
    const before = server.residentBytes;
    const stored = await examples();
    const zeros = Buffer.alloc(200 << 20, 'a');
    const bomb = gzipSync(zeros, { level: 9 });
    const csvBomb = gzipSync(Buffer.concat([Buffer.from('text,label\n'), zeros]), { level: 9 });
    const rows = gzipSync('text,label\nx,billing\n'.repeat(1));
    const gz = { 'Content-Encoding': 'gzip' };
    for (const [what, ask] of [
      ['bomb', () => importRaw('text/csv', csvBomb, gz)],
      ['bomb NDJSON', () => importRaw('application/x-ndjson', bomb, gz)],
      ['bomb JSON', () => importRaw('application/json', bomb, gz)],
      ['stacked', () => importRaw('text/csv', gzipSync(csvBomb), { 'Content-Encoding': 'gzip, gzip' })],
      ['many', () => importRaw('text/csv', rows, { 'Content-Encoding': Array(200).fill('gzip').join(', ') })],
      [
        'deflate',
        () => importRaw('text/csv', deflateSync('text,label\nx,billing\n'), { 'Content-Encoding': 'deflate' }),
      ],
      ['unknown', () => importRaw('text/csv', 'text,label\nx,billing\n', { 'Content-Encoding': 'zebra' })],
      ['not gzip', () => importRaw('text/csv', 'text,label\nx,billing\n', gz)],
      ['truncated', () => importRaw('text/csv', rows.subarray(0, -6), gz)],
      ['gzip in gzip', () => importRaw('text/csv', gzipSync(rows), gz)],
      ['gzip undeclared', () => importRaw('text/csv', rows)],
      [
        'gzip predict',
        () => predict(gzipSync('{"input":{"text":"x"}}'), { ...gz, 'Content-Type': 'application/json' }),
      ],
    ] as const) {
      const reply = await ask();
      assertProblem(reply, [400, 413, 415, 422], what);
      assert.ok(reply.milliseconds < second(), `${what} took ${reply.milliseconds} ms`);
    }
    assert.equal(await examples(), stored);
    const grown = server.residentBytes - before;
    assert.ok(grown < 100 << 20, `${Math.round(grown / 2 ** 20)} MB more`);
  });

  test('one type that poses as another is read as what it says it is, and refused', async () => {
    const stored = await examples();
    for (const [type, body] of [
      ['text/csv', '{"examples":[{"input":{"text":"x"},"label":"billing"}]}'],
      ['text/csv', '%PDF-1.7 binary\u0001'],
      ['application/json', 'text,label\nx,billing\n'],
      [
        'application/json',
        '--x\r\nContent-Disposition: form-data; name="file"; filename="/etc/passwd"\r\n\r\nx\r\n--x--',
      ],
      ['application/x-ndjson', 'text,label\nx,billing\n'],
      ['application/x-ndjson', '[{"input":{"text":"x"},"label":"billing"}]'],
      ['application/json', '{"examples":[{"input":{"text":"x"},"label":"billing","file":{"path":"/etc/passwd"}}]}'],
      ['application/json', '{"files":{"f":{"filepath":"/etc/passwd"}}}'],
      [
        'multipart/form-data; boundary=x',
        '--x\r\nContent-Disposition: form-data; name="file"\r\n\r\ntext,label\r\n--x',
      ],
      ['application/zip', 'PK\u0003\u0004'],
    ] as const) {
      assertProblem(await importRaw(type, body), [400, 415, 422], `${type} ${body.slice(0, 40)}`);
    }
    assert.equal(await examples(), stored);
  });

  test('a body that stops in the middle → the connection ends, and nothing is stored', async () => {
    const stored = await examples();
    const head = (path: string, type: string) =>
      `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${shop.key}\r\nContent-Type: ${type}\r\n`;
    for (const bytes of [
      `${head('/v1/predict/inquiries', 'application/json')}Content-Length: 500\r\n\r\n{"input":`,
      `${head('/v1/predict/inquiries', 'application/json')}Transfer-Encoding: chunked\r\n\r\n5\r\n{"inp`,
      `${head('/v1/tasks/inquiries/examples', 'text/csv')}Content-Length: 500\r\n\r\ntext,label\nunfinished row,billing\nanother`,
      `${head('/v1/tasks/inquiries/examples', 'text/csv')}Transfer-Encoding: chunked\r\n\r\n20\r\ntext,label\nunfinished row,billing\n`,
      `${head('/v1/tasks/inquiries/examples', 'multipart/form-data; boundary=b')}Content-Length: 99\r\n\r\n--b\r\nContent-Dis`,
    ]) {
      const reply = await rawHttp(server.url, bytes, { end: true });
      assert.ok(reply.closed, `still open: ${bytes.slice(0, 60)}`);
      assert.ok(
        reply.statuses.every((status) => status >= 400 && status < 500),
        reply.text,
      );
    }
    assert.equal(await examples(), stored);
  });
});

describe('row 31: SQL in every input', () => {
  const INJECTIONS = [
    "' OR '1'='1",
    "'; DROP TABLE decisions.tasks; --",
    '1; SELECT pg_sleep(300)--',
    "' UNION SELECT usename, passwd FROM pg_shadow --",
    "'||(SELECT pg_sleep(300))||'",
    '$1; COMMIT; DELETE FROM ledger.entries',
    "\\'; SELECT version(); --",
    '"; SELECT current_user; --',
    "') OR 1=1 --",
    "%' AND 1=CAST((SELECT version()) AS int) --",
    "{}'::jsonb || pg_sleep(300)",
  ];

  test('is text and nothing else', async () => {
    const tasks = (await shop.get('/v1/tasks')).json.data.length;
    const operations = (await operationsOf(server.url)).filter(
      ({ policy }) => policy !== 'public' && policy !== 'operator',
    );
    const count = (await shop.decisions()).length;
    for (const injection of INJECTIONS) {
      const encoded = encodeURIComponent(injection);
      for (const operation of operations) {
        const path = pathOf(operation, Object.fromEntries(operation.pathParameters.map((name) => [name, injection])));
        if (operation.pathParameters.length > 0) {
          const reply = await shop.call(operation.method, path, operation.takesBody ? {} : undefined);
          assertProblem(reply, [400, 404], `${operation.method} ${path}`, injection);
        }
        if (operation.method !== 'GET' || operation.pathParameters.length > 0) continue;
        for (const name of operation.queryParameters) {
          const reply = await shop.get(`${operation.template}?${name}=${encoded}`);
          assert.ok(reply.status < 500, `${operation.template}?${name}=${injection}: ${reply.text}`);
          if (reply.status >= 400) assertProblem(reply, [400, 404], `${name}=${injection}`, injection);
        }
      }
      for (const headers of [
        { Authorization: `Bearer ${injection}` },
        { Authorization: injection },
        { Authorization: `Bearer ${shop.key}${injection.replaceAll(' ', '/**/')}` },
        { Authorization: `Basic ${Buffer.from(`admin:${injection}`).toString('base64')}` },
      ]) {
        const reply = await send(server.url, { path: '/v1/tasks', headers });
        assertProblem(reply, 401, JSON.stringify(headers));
      }
      const decided = await predict(
        {
          input: { text: injection },
          subject: injection,
          external_id: injection,
          attributes: { [injection]: injection },
        },
        { 'Idempotency-Key': injection.replaceAll('"', "'"), 'X-Request-Id': injection, traceparent: injection },
      );
      assert.equal(decided.status, 200, decided.text);
      const row = (await shop.get(`/v1/decisions/${decided.json.id}`)).json;
      assert.deepEqual([row.input.text, row.subject, row.external_id], [injection, injection, injection]);
      const found = await shop.decisions(`&subject=${encoded}`);
      assert.deepEqual(
        found.map(({ id }) => id),
        [decided.json.id],
      );
    }
    assert.equal((await shop.get('/v1/tasks')).json.data.length, tasks);
    assert.equal((await shop.decisions()).length, count + INJECTIONS.length);
    assert.equal((await shop.verifyLedger()).ok, true);
  });
});

describe('row 33: traversal in every name', () => {
  const core = [
    '../../../../etc/passwd',
    '..\\..\\..\\etc\\passwd',
    '/etc/passwd',
    'C:\\windows\\win.ini',
    '....//....//etc/passwd',
    '..',
    '.',
    '~root',
    'file:///etc/passwd',
    '/proc/self/environ',
    '//etc/passwd',
    '..;/..;/etc/passwd',
  ];
  const wraps: ((value: string) => string)[] = [
    (value) => encodeURIComponent(value),
    (value) => encodeURIComponent(encodeURIComponent(value)),
    (value) => encodeURIComponent(encodeURIComponent(encodeURIComponent(value))),
    (value) => encodeURIComponent(value).replaceAll('.', '%2e'),
    (value) => encodeURIComponent(`${value}\0`),
    (value) => encodeURIComponent(`inquiries/${value}`),
    (value) => value.replaceAll('.', '%c0%ae'),
    (value) => `${encodeURIComponent(value)}%00.csv`,
  ];
  const spellings = core.flatMap((value) => wraps.map((wrap) => wrap(value)));

  test('gives 4xx, no file, and no file outside', async () => {
    const checks = new Checks();
    const listing = () =>
      readdirSync(dataDir, { recursive: true, encoding: 'utf8' })
        .filter((path) => !path.startsWith('postgres'))
        .sort()
        .join('\n');
    const outside = readdirSync(scratch).sort().join();
    const before = listing();
    let asked = 0;
    for (const value of spellings) {
      for (const path of [
        `/v1/tasks/${value}`,
        `/v1/tasks/inquiries/datasets/${value}`,
        `/v1/tasks/inquiries/datasets/${value}/data`,
        `/v1/models/${value}/versions/${value}`,
        `/v1/training-runs/${value}`,
        `/v1/decisions/${value}`,
        `/v1/ledger/proof?decision=${value}`,
        `/v1/tasks/inquiries/examples/${value}`,
      ]) {
        const method = path.includes('/examples/') ? 'DELETE' : 'GET';
        const reply = await shop.call(method, path);
        // `.` and `..` as whole segments are other, known paths for some clients; here they are nothing at all.
        checks.that(() =>
          assert.ok(reply.status >= 400 && reply.status < 500, `${path}: ${reply.status} ${reply.text.slice(0, 200)}`),
        );
        assert.doesNotMatch(reply.text, /root:.*:0:0|PATH=/);
        asked++;
      }
    }
    assert.ok(asked >= 500, `${asked} asked`);
    for (const value of core) {
      const task = await shop.put('/v1/tasks/named', {
        kind: 'text_classification',
        labels: [{ name: value }, { name: 'b' }],
      });
      assert.ok(task.status < 500, task.text);
      const trainer = await shop.post('/v1/tasks/inquiries/training-runs', { trainer: value });
      assertProblem(trainer, 400, value, value);
      const dataset = await shop.post('/v1/tasks/inquiries/training-runs', { dataset: value });
      assertProblem(dataset, 400, value, value);
      const prediction = await predict({ input: { text: value }, external_id: value, subject: value });
      assert.equal(prediction.status, 200);
    }
    assert.equal(listing(), before);
    assert.equal(readdirSync(scratch).sort().join(), outside);
    checks.end();
  });
});

describe('row 46: malformed and smuggled HTTP', () => {
  const request = (lines: string[], body = '') => `${lines.join('\r\n')}\r\n\r\n${body}`;
  const post = (...lines: string[]) => [
    'POST /v1/predict/inquiries HTTP/1.1',
    'Host: x',
    'Content-Type: application/json',
    ...lines,
  ];
  const SMUGGLED = 'GET /v1/keys HTTP/1.1\r\nHost: x\r\n\r\n';
  const chunked = (...lines: string[]) => post('Transfer-Encoding: chunked', ...lines);

  const attacks: [string, string][] = [
    ['CL and TE', request(post('Content-Length: 5', 'Transfer-Encoding: chunked'), `0\r\n\r\n${SMUGGLED}`)],
    ['TE and CL', request(post('Transfer-Encoding: chunked', 'Content-Length: 6'), `0\r\n\r\nG${SMUGGLED}`)],
    ['two different CL', request(post('Content-Length: 5', 'Content-Length: 50'), `hello${SMUGGLED}`)],
    ['two equal CL', request(post('Content-Length: 5', 'Content-Length: 5'), `hello${SMUGGLED}`)],
    ['CL list', request(post('Content-Length: 5, 5'), `hello${SMUGGLED}`)],
    ['CL plus', request(post('Content-Length: +5'), 'hello')],
    ['CL minus', request(post('Content-Length: -5'), 'hello')],
    ['CL hexadecimal', request(post('Content-Length: 0x5'), 'hello')],
    ['CL with space inside', request(post('Content-Length: 5 0'), 'hello')],
    ['CL letters', request(post('Content-Length: five'), 'hello')],
    ['CL overflow', request(post('Content-Length: 99999999999999999999999999'), 'hello')],
    ['CL space before colon', request(post('Content-Length : 5'), 'hello')],
    ['TE space before colon', request(post('Transfer-Encoding : chunked'), `0\r\n\r\n${SMUGGLED}`)],
    ['TE xchunked', request(post('Transfer-Encoding: xchunked'), `0\r\n\r\n${SMUGGLED}`)],
    ['TE identity and chunked', request(post('Transfer-Encoding: chunked, identity'), `0\r\n\r\n${SMUGGLED}`)],
    ['TE twice', request(post('Transfer-Encoding: chunked', 'Transfer-Encoding: cow'), `0\r\n\r\n${SMUGGLED}`)],
    ['TE line folding', request(post('Transfer-Encoding:', ' chunked'), `0\r\n\r\n${SMUGGLED}`)],
    ['TE vertical tab', request(post('Transfer-Encoding:\u000bchunked'), `0\r\n\r\n${SMUGGLED}`)],
    [
      'TE in HTTP/1.0',
      request(
        ['POST /v1/predict/inquiries HTTP/1.0', 'Host: x', 'Transfer-Encoding: chunked', 'Content-Length: 3'],
        `0\r\n\r\n${SMUGGLED}`,
      ),
    ],
    ['chunk size negative', request(chunked(), `-5\r\nhello\r\n0\r\n\r\n`)],
    ['chunk size letters', request(chunked(), `zz\r\nhello\r\n0\r\n\r\n`)],
    ['chunk size overflow', request(chunked(), `FFFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n`)],
    ['chunk size with 0x', request(chunked(), `0x5\r\nhello\r\n0\r\n\r\n`)],
    ['chunk size space', request(chunked(), `5 5\r\nhello\r\n0\r\n\r\n`)],
    ['chunk too short', request(chunked(), `3\r\nhello\r\n0\r\n\r\n`)],
    ['chunk bare LF', request(chunked(), `5\nhello\n0\n\n`)],
    ['chunk without end', request(chunked(), `5\r\nhello0\r\n\r\n`)],
    ['chunk extension with CR', request(chunked(), `5;a=\rb\r\nhello\r\n0\r\n\r\n`)],
    ['header bare LF', `POST /v1/predict/inquiries HTTP/1.1\nHost: x\nContent-Length: 5\n\nhello`],
    ['header bare CR', `GET /v1/me HTTP/1.1\r\nHost: x\r\nX: a\rInjected: b\r\n\r\n`],
    ['header NUL', `GET /v1/me HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n`],
    ['header without colon', request(['GET /v1/me HTTP/1.1', 'Host: x', 'Nonsense'])],
    ['header with space in its name', request(['GET /v1/me HTTP/1.1', 'Host: x', 'Bad Name: x'])],
    ['header without name', request(['GET /v1/me HTTP/1.1', 'Host: x', ': x'])],
    ['folded first header', request(['GET /v1/me HTTP/1.1', ' Host: x'])],
    ['no Host', request(['GET /v1/me HTTP/1.1'])],
    ['unknown version', request(['GET /v1/me HTTP/9.9', 'Host: x'])],
    ['lower-case version', request(['GET /v1/me http/1.1', 'Host: x'])],
    ['unknown method', request(['HACK /v1/me HTTP/1.1', 'Host: x'])],
    ['lower-case method', request(['get /v1/me HTTP/1.1', 'Host: x'])],
    ['space in target', request(['GET /v1/ me HTTP/1.1', 'Host: x'])],
    ['control character in target', `GET /v1/\u0001me HTTP/1.1\r\nHost: x\r\n\r\n`],
    ['target not a path', request(['GET v1/me HTTP/1.1', 'Host: x'])],
    ['TLS hello', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003'],
    ['HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['nonsense', 'hello\r\n\r\n'],
    ['headers too large', request(['GET /v1/me HTTP/1.1', 'Host: x', `X: ${'a'.repeat(100_000)}`])],
    [
      'too many headers',
      request(['GET /v1/me HTTP/1.1', 'Host: x', ...Array.from({ length: 5000 }, (_, index) => `X-${index}: 1`)]),
    ],
    ['target too long', request([`GET /${'a'.repeat(100_000)} HTTP/1.1`, 'Host: x'])],
  ];

  test('each is one 4xx and the end of the connection', async () => {
    const replies = await Promise.all(
      attacks.map(([, bytes]) => rawHttp(server.url, Buffer.from(bytes, 'latin1'), { silenceMs: 3000 })),
    );
    const wrong: string[] = [];
    for (const [index, { text, statuses, closed }] of replies.entries()) {
      const [name] = attacks[index]!;
      const status = statuses[0];
      // A refusal may go out before the body is read; the body’s own 400 then ends the connection. Anything else means
      // that the body was taken for a request.
      if (statuses.slice(1).some((later) => later !== 400))
        wrong.push(`${name}: read as ${statuses.length} requests (${statuses})`);
      else if (status === undefined || status < 400 || status >= 500) wrong.push(`${name}: ${status}`);
      else if (!closed) wrong.push(`${name}: the connection stays open after ${status}`);
      const body = text.slice(text.indexOf('\r\n\r\n') + 4);
      if (INSIDE.test(body.replaceAll(/req_[0-9a-z]{26}/g, ''))) wrong.push(`${name}: ${body}`);
    }
    assert.deepEqual(wrong, []);
    assert.ok(attacks.length >= 40);
    assert.equal((await shop.get('/v1/me')).status, 200);
  });

  test('two whole requests in one packet are two answers', async () => {
    const one = `GET /healthz/live HTTP/1.1\r\nHost: x\r\n\r\n`;
    assert.deepEqual((await rawHttp(server.url, one + one, { silenceMs: 800 })).statuses, [200, 200]);
  });

  test('no error that a client can make shows the inside', async () => {
    const checks = new Checks();
    for (const operation of await operationsOf(server.url)) {
      for (const value of [
        '%',
        '%zz',
        '\u{1f4a9}',
        'x'.repeat(2000),
        '%00',
        'ünï',
        '0',
        '-1',
        '1e309',
        '{}',
        '[]',
        '*',
      ]) {
        const path = pathOf(operation, Object.fromEntries(operation.pathParameters.map((name) => [name, value])));
        for (const candidate of [path, path.replaceAll('%25', '%')]) {
          if (operation.pathParameters.length === 0 || (operation.method === 'PUT' && value === '0')) continue;
          const reply = await shop.call(operation.method, candidate, operation.takesBody ? { a: value } : undefined);
          const what = `${operation.method} ${candidate.slice(0, 80)}`;
          checks.that(() => assertProblem(reply, [400, 403, 404, 405, 413, 414, 415, 422, 431], what));
        }
      }
    }
    checks.end();
  });

  test('a caller’s request id is kept when it is well formed, else replaced', async () => {
    const kept = await send(server.url, { path: '/healthz/live', headers: { 'X-Request-Id': 'abc-1.2:3' } });
    assert.equal(kept.headers['x-request-id'], 'abc-1.2:3');
    for (const bad of ['a b', '<script>', 'x'.repeat(129), '"', 'a\tb']) {
      const reply = await send(server.url, { path: '/healthz/live', headers: { 'X-Request-Id': bad } });
      assert.match(String(reply.headers['x-request-id']), /^req_/);
    }
  });

  test('no server error happened in all of this', () => {
    const errors = server.log.split('\n').filter((line) => /"level":"(error|fatal)"/.test(line));
    const causes = errors.map((line) => {
      const { err } = JSON.parse(line) as { err?: { code?: string; message?: string; stack?: string[] } };
      const place = err?.stack?.find(
        (frame) => /\/(packages|drivers|apps)\/(?!database)/.test(frame) && !frame.includes('database-postgres'),
      );
      return `${err?.code} ${err?.message} ${place?.replace(/^.*\/(?=packages|drivers|apps)/, '')}`;
    });
    assert.deepEqual([...new Set(causes)], []);
  });
});
