import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { type Case, CONTRACTS, ConformanceServer, loadTopics, methods } from '@understudy/conformance';
import { type Arguments, calls } from './conformance-calls.ts';
import {
  Conflict,
  ConnectionFailed,
  Forbidden,
  InvalidRequest,
  InvalidWebhook,
  type List,
  NotFound,
  RateLimited,
  ServerError,
  StaleVersion,
  TimeLimitExceeded,
  Unauthenticated,
  UnderstudyClient,
  UnderstudyError,
  UnexpectedAnswer,
  verifyWebhook,
} from './index.ts';

const topics = loadTopics();
const server = new ConformanceServer(topics.flatMap(({ cases }) => cases));
before(() => server.listen());
after(() => server[Symbol.asyncDispose]());

for (const { topic, cases } of topics) {
  describe(topic, () => {
    for (const one of cases) test(one.id, () => (one.webhook === undefined ? replay(one) : verify(one)));
  });
}

test('every operation of the contract has a method here, and every method a case', () => {
  const { paths } = JSON.parse(readFileSync(new URL('openapi.json', CONTRACTS), 'utf8')) as {
    paths: Record<string, object>;
  };
  const operations = Object.entries(paths).flatMap(([path, of]) =>
    Object.keys(of).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const reached = Object.values(methods).map(({ operation }) => operation);
  assert.deepEqual(
    operations.filter((operation) => !reached.includes(operation)),
    [],
  );
  assert.deepEqual(Object.keys(calls).sort(), Object.keys(methods).sort());
  const called = new Set(topics.flatMap(({ cases }) => cases.map(({ call }) => call?.method)));
  assert.deepEqual(
    Object.keys(methods).filter((method) => !called.has(method)),
    [],
  );
});

async function replay(one: Case): Promise<void> {
  server.begin(one.id);
  const { client: settings = {}, call } = one;
  assert.ok(call !== undefined);
  const client = new UnderstudyClient({
    baseUrl: settings.base_url ?? server.url,
    ...(settings.api_key === null ? {} : { apiKey: settings.api_key ?? 'us_conformance' }),
    // Only where a case measures it, a wait is waited for.
    ...(one.min_elapsed_ms === undefined ? { wait: async () => {} } : {}),
    ...(settings.max_retries === undefined ? {} : { maxRetries: settings.max_retries }),
    ...(settings.timeout_ms === undefined ? {} : { timeoutMs: settings.timeout_ms }),
    ...(settings.total_timeout_ms === undefined ? {} : { totalTimeoutMs: settings.total_timeout_ms }),
  });
  const method = calls[call.method];
  assert.ok(method !== undefined, `the client has no ${call.method}`);
  await compare(one, async () => consume(call, method(client, call.arguments as Arguments)));
  const { problems } = server.verdict();
  assert.deepEqual(problems, []);
}

function verify(one: Case): Promise<void> {
  const { secrets, headers, body, body_base64: bytes, now, tolerance_seconds: toleranceSeconds } = one.webhook!;
  const received = { headers, body: body ?? Buffer.from(bytes ?? '', 'base64') };
  const options = { now: now * 1000, ...(toleranceSeconds === undefined ? {} : { toleranceSeconds }) };
  return compare(one, () => verifyWebhook(secrets, received, options));
}

async function consume({ consume = 'value', take }: NonNullable<Case['call']>, given: unknown): Promise<unknown> {
  switch (consume) {
    case 'items': {
      const items: unknown[] = [];
      for await (const item of given as AsyncIterable<unknown>) if (items.push(item) === take) break;
      return items;
    }
    case 'events': {
      const events: unknown[] = [];
      for await (const { id, event, ...state } of given as AsyncIterable<{ id: string; event: string }>) {
        if (events.push({ id, event, data: Object.values(state)[0] }) === take) break;
      }
      return events;
    }
    case 'text':
      return new Response((await given) as ReadableStream<Uint8Array> | string).text();
    case 'page':
      return await (given as List<unknown>);
    case 'value':
      return await given;
  }
}

/** Of an error, in the words of the suite. */
function classOf(error: unknown): string {
  const classes: [abstract new (...facts: never[]) => Error, string][] = [
    [InvalidRequest, 'invalid_request'],
    [Unauthenticated, 'unauthenticated'],
    [Forbidden, 'forbidden'],
    [NotFound, 'not_found'],
    [Conflict, 'conflict'],
    [StaleVersion, 'stale_version'],
    [RateLimited, 'rate_limited'],
    [ServerError, 'server_error'],
    [ConnectionFailed, 'connection_failed'],
    [TimeLimitExceeded, 'time_limit_exceeded'],
    [UnexpectedAnswer, 'unexpected_answer'],
    [InvalidWebhook, 'invalid_webhook'],
    [TypeError, 'invalid_secret'],
  ];
  return classes.find(([type]) => error instanceof type)?.[1] ?? String(error);
}

async function compare({ result }: Case, act: () => Promise<unknown>): Promise<void> {
  let value: unknown;
  try {
    value = await act();
  } catch (error) {
    if (!('error' in result)) throw error;
    const { class: name, status, code, detail, request_id, retry_after, errors } = result.error;
    assert.equal(classOf(error), name, String(error));
    if (!(error instanceof UnderstudyError)) return;
    const wanted = { status, code, detail, request_id, retry_after, errors };
    const seen = {
      status: error.status,
      code: error.code,
      detail: error.detail,
      request_id: error.requestId,
      retry_after: error.retryAfter,
      errors: error.problem?.errors,
    };
    for (const [key, expected] of Object.entries(wanted)) {
      if (expected !== undefined) assert.deepEqual(seen[key as keyof typeof seen], expected, key);
    }
    return;
  }
  assert.ok('json' in result, `it gave ${JSON.stringify(value)}, not an error`);
  assertHas(value === undefined ? null : value, result.json, '');
}

/** Every member of `expected` is in `value` and equal. */
function assertHas(value: unknown, expected: unknown, at: string): void {
  if (Array.isArray(expected)) {
    assert.ok(Array.isArray(value), `${at} is not a list`);
    assert.equal(value.length, expected.length, `length of ${at}`);
    for (const [index, item] of expected.entries()) assertHas(value[index], item, `${at}/${index}`);
  } else if (typeof expected === 'object' && expected !== null) {
    assert.ok(typeof value === 'object' && value !== null && !Array.isArray(value), `${at} is not an object`);
    for (const [key, item] of Object.entries(expected)) {
      assertHas((value as Record<string, unknown>)[key], item, `${at}/${key}`);
    }
  } else assert.equal(value, expected, at);
}
