import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Case, ExpectedRequest } from './case.ts';
import { ConformanceServer } from './conformance-server.ts';

const GOOD = {
  authorization: 'Bearer us_conformance',
  'user-agent': 'shop/1.0 understudy-test/1.2.3',
  'content-type': 'application/json',
};
const expect: ExpectedRequest = {
  method: 'POST',
  path: '/v1/a%2Fb/x',
  query: { q: 'ü +' },
  headers: { 'content-type': { matches: '^application/json' }, 'x-none': { absent: true } },
  json: { n: 1, list: [] },
};
const one: Case = {
  id: 'topic/one',
  about: 'one',
  call: { method: 'm', arguments: {} },
  exchange: [{ expect, answer: { json: { ok: true } } }],
  result: { json: {} },
};
const serve = (...cases: Case[]) => new ConformanceServer(cases).listen();
const PATH = '/v1/a%2Fb/x?q=%C3%BC%20%2B';
const send = (server: ConformanceServer, path = PATH, init: RequestInit = {}) =>
  fetch(`${server.url}${path}`, { method: 'POST', headers: GOOD, body: '{"list":[],"n":1}', ...init });

test('a request as expected is answered by the script, and the verdict is good', async () => {
  await using server = await serve(one);
  const begun = await fetch(`${server.url}/__case/topic/one`, { method: 'POST' });
  assert.equal(((await begun.json()) as Case).id, 'topic/one');
  assert.deepEqual(await (await send(server)).json(), { ok: true });
  const verdict = await fetch(`${server.url}/__verdict`);
  assert.deepEqual(await verdict.json(), { id: 'topic/one', ok: true, problems: [], requests: 1 });
  assert.deepEqual(await (await fetch(`${server.url}/__cases`)).json(), { cases: ['topic/one'] });
  assert.equal((await fetch(`${server.url}/__case/none`, { method: 'POST' })).status, 404);
});

test('whatever is not as expected is refused and named', async () => {
  await using server = await serve(one);
  const { authorization, ...anonymous } = GOOD;
  const attempts: [string, RegExp, string?, RequestInit?][] = [
    ['another method', /method PUT/, PATH, { method: 'PUT' }],
    ['another path', /path/, '/v1/a/b/x?q=%C3%BC%20%2B'],
    ['another query', /query/, '/v1/a%2Fb/x?q=u'],
    ['more of a query', /query/, `${PATH}&limit=1`],
    ['no query', /query/, '/v1/a%2Fb/x'],
    ['a header of another value', /content-type/, PATH, { headers: { ...GOOD, 'content-type': 'text/plain' } }],
    ['a header that shall not be', /x-none/, PATH, { headers: { ...GOOD, 'x-none': '' } }],
    ['no key', /authorization/, PATH, { headers: anonymous }],
    ['another key', /authorization/, PATH, { headers: { ...GOOD, authorization: `${authorization}x` } }],
    ['no name', /user-agent/, PATH, { headers: { ...GOOD, 'user-agent': 'curl/8' } }],
    ['an object for a list', /body/, PATH, { body: '{"list":{},"n":1}' }],
    ['text for a number', /body/, PATH, { body: '{"list":[],"n":"1"}' }],
    ['one member more', /body/, PATH, { body: '{"list":[],"n":1,"m":null}' }],
    ['one member less', /body/, PATH, { body: '{"n":1}' }],
    ['no JSON', /not JSON/, PATH, { body: '{' }],
  ];
  for (const [what, problem, path, init] of attempts) {
    server.begin('topic/one');
    const response = await send(server, path, init);
    assert.equal(response.status, 400, what);
    assert.match(((await response.json()) as { detail: string }).detail, problem, what);
    const verdict = server.verdict();
    assert.equal(verdict.ok, false, what);
    assert.match(verdict.problems.join(), problem, what);
  }
});

test('too few, too many and too early requests are named', async () => {
  await using server = await serve(
    { ...one, exchange: [...one.exchange!, ...one.exchange!], min_elapsed_ms: 60_000 },
    { ...one, id: 'topic/none', exchange: [] },
  );
  assert.match(server.verdict().problems.join(), /no case/);
  assert.equal((await send(server)).status, 400);
  server.begin('topic/one');
  await send(server);
  assert.match(server.verdict().problems.join(), /1 requests came, expected 2/);
  await send(server);
  assert.match(server.verdict().problems.join(), /after the first, not 60000 ms/);
  server.begin('topic/none');
  assert.equal(server.verdict().ok, true);
  await send(server);
  assert.match(server.verdict().problems.join(), /one too many/);
});

test('headers are compared over requests, and any order is any order', async () => {
  const step = (n: number, headers: ExpectedRequest['headers'] = {}) => ({
    expect: { method: 'POST', path: '/x', headers, json: { n } },
    answer: { json: { n } },
  });
  const keyed = (id: string, rule: 'same_as' | 'differs_from'): Case => ({
    ...one,
    id,
    exchange: [step(1), step(2, { 'idempotency-key': { [rule]: 0 } as { same_as: number } })],
  });
  await using server = await serve(keyed('topic/same', 'same_as'), keyed('topic/other', 'differs_from'), {
    ...one,
    id: 'topic/any',
    order: 'any',
    exchange: [step(1), step(2)],
  });
  const post = (n: number, key: string) =>
    send(server, '/x', { headers: { ...GOOD, 'idempotency-key': key }, body: JSON.stringify({ n }) });
  for (const [id, keys, ok] of [
    ['topic/same', ['a', 'a'], true],
    ['topic/same', ['a', 'b'], false],
    ['topic/other', ['a', 'b'], true],
    ['topic/other', ['a', 'a'], false],
  ] as const) {
    server.begin(id);
    await post(1, keys[0]);
    await post(2, keys[1]);
    assert.equal(server.verdict().ok, ok, `${id} ${keys}`);
  }
  server.begin('topic/any');
  assert.deepEqual(await (await post(2, 'a')).json(), { n: 2 });
  assert.deepEqual(await (await post(1, 'a')).json(), { n: 1 });
  assert.equal(server.verdict().ok, true);
  server.begin('topic/any');
  await post(2, 'a');
  await post(2, 'a');
  assert.equal(server.verdict().ok, false);
});

test('bodies of lines, packed bodies and no body', async () => {
  const expecting = (id: string, more: Partial<ExpectedRequest>): Case => ({
    ...one,
    id,
    exchange: [{ expect: { method: 'POST', path: '/x', ...more }, answer: { status: 204 } }],
  });
  await using server = await serve(
    expecting('topic/lines', { json_lines: [{ a: 1 }, { b: 2 }] }),
    expecting('topic/text', { text: 'ü' }),
    expecting('topic/empty', { empty: true }),
  );
  const cases: [string, string | Uint8Array<ArrayBuffer> | null, boolean, Record<string, string>?][] = [
    ['topic/lines', '{"a":1}\n{"b":2}\n', true],
    ['topic/lines', '{"a":1}\n{"b":3}\n', false],
    ['topic/lines', '{"a":1}{"b":2}', false],
    ['topic/text', 'ü', true],
    ['topic/text', 'ü\n', false],
    ['topic/text', new Uint8Array(gzipSync('ü')), true, { 'content-encoding': 'gzip' }],
    ['topic/text', 'ü', false, { 'content-encoding': 'gzip' }],
    ['topic/empty', null, true],
    ['topic/empty', '{}', false],
  ];
  for (const [id, body, ok, headers = {}] of cases) {
    server.begin(id);
    const response = await send(server, '/x', { body, headers: { ...GOOD, ...headers } });
    assert.equal(response.status, ok ? 204 : 400, `${id} ${body}`);
    assert.equal(server.verdict().ok, ok, `${id} ${body}`);
  }
});

test('faults are faults', async () => {
  const faulty = (fault: NonNullable<NonNullable<Case['exchange']>[number]['answer']['fault']>): Case => ({
    ...one,
    id: `topic/${fault}`,
    exchange: [{ expect, answer: { json: { text: 'long enough' }, fault } }],
  });
  await using server = await serve(...(['reset', 'hang', 'half_body', 'stall', 'html'] as const).map(faulty));
  server.begin('topic/reset');
  await assert.rejects(send(server));
  server.begin('topic/half_body');
  await assert.rejects((await send(server)).text());
  server.begin('topic/html');
  assert.equal((await send(server)).headers.get('content-type'), 'text/html');
  for (const fault of ['hang', 'stall']) {
    server.begin(`topic/${fault}`);
    const gone = send(server).then((response) => response.text());
    const settled = gone.catch(() => 'gone');
    while (server.verdict().requests === 0) await new Promise((resolve) => setImmediate(resolve));
    server.begin('topic/hang'); // the next case lets go of it
    assert.equal(await settled, 'gone', fault);
  }
});

test('the command prints where it listens, and stops when told', async () => {
  const path = fileURLToPath(new URL('server.ts', import.meta.url));
  const child = spawn(process.execPath, [path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const url = /^listening on (http:\/\/127\.0\.0\.1:\d+)$/.exec(line)?.[1];
  const answer = await fetch(`${url}/__cases`);
  assert.ok(((await answer.json()) as { cases: string[] }).cases.includes('retries/429-honours-retry-after'));
  child.kill('SIGTERM');
  assert.deepEqual(await ended, [0, null]);
});
