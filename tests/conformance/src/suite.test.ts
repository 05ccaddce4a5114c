import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { type Case, CONTRACTS, type ExpectedRequest, loadTopics, type Step } from './case.ts';
import { methods } from './methods.ts';

const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, CONTRACTS), 'utf8'));

interface Operation {
  parameters?: { name: string; in: string; required?: boolean; schema: object }[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}

const contract = read('openapi.json') as { paths: Record<string, Record<string, Operation>> };
const topics = loadTopics();
const cases = topics.flatMap((topic) => topic.cases);

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(contract as object, 'contract');

const compiled = new Map<string, ValidateFunction>();

/** Why `value` is not what a schema inside the contract says; empty = it is. */
function wrong(schema: object, value: unknown): string {
  // References of the contract point into the contract: `#/components/…`.
  const text = JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"contract#/');
  const validate = compiled.get(text) ?? ajv.compile(JSON.parse(text) as object);
  compiled.set(text, validate);
  return validate(value) ? '' : ajv.errorsText(validate.errors);
}

const templates = Object.keys(contract.paths)
  .map((path) => ({
    path,
    pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{[^}]+\}/g, '[^/]+')}$`),
    fixed: path.replaceAll(/\{[^}]+\}/g, '').length,
  }))
  .sort((a, b) => b.fixed - a.fixed); // a literal segment wins over a parameter

function operationOf({ method, path }: ExpectedRequest): Operation {
  const found = templates.find(({ pattern }) => pattern.test(path));
  const operation = found === undefined ? undefined : contract.paths[found.path]?.[method.toLowerCase()];
  assert.ok(operation !== undefined, `${method} ${path} is not in the contract`);
  return operation;
}

const stepsOf = (names: readonly string[]): [Case, Step][] =>
  topics
    .filter(({ topic }) => names.includes(topic))
    .flatMap((topic) => topic.cases.flatMap((one) => (one.exchange ?? []).map((step): [Case, Step] => [one, step])));

test('every file is as the schema says', () => {
  const validate = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(validate);
  const schema = validate.compile(read('conformance/schema.json') as object);
  for (const topic of topics) assert.ok(schema(topic), `${topic.topic}: ${validate.errorsText(schema.errors)}`);
  assert.ok(schema({ methods }), validate.errorsText(schema.errors));
});

test('a case has a name of its own, in its topic, and calls a method with arguments that it has', () => {
  assert.equal(new Set(cases.map(({ id }) => id)).size, cases.length);
  for (const { topic, cases: own } of topics) {
    for (const { id, call } of own) {
      assert.ok(id.startsWith(`${topic}/`), id);
      if (call === undefined) continue;
      const method = methods[call.method];
      assert.ok(method !== undefined, `${id}: there is no ${call.method}`);
      const names = method.arguments.map((name) => name.replace('?', ''));
      const required = method.arguments.filter((name) => !name.endsWith('?'));
      for (const name of Object.keys(call.arguments)) assert.ok(names.includes(name), `${id}: argument ${name}`);
      for (const name of required) assert.ok(name in call.arguments, `${id}: argument ${name} is missing`);
    }
  }
});

test('every request is one that the contract has: path, query, body', () => {
  for (const [one, { expect }] of stepsOf(topics.map(({ topic }) => topic))) {
    const operation = operationOf(expect);
    const parameters = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query');
    for (const name of Object.keys(expect.query ?? {})) {
      assert.ok(
        parameters.some((parameter) => parameter.name === name),
        `${one.id}: ${expect.path} has no parameter ${name}`,
      );
    }
    for (const { name, required } of parameters) {
      assert.ok(required !== true || expect.query?.[name] !== undefined, `${one.id}: ${name} is missing`);
    }
    const body = operation.requestBody?.content['application/json'];
    if (body !== undefined) assert.equal(wrong(body.schema, expect.json), '', one.id);
    else if (operation.requestBody === undefined && expect.path.endsWith('/examples') === false) {
      assert.equal(expect.json, undefined, `${one.id}: the contract has no body here`);
    }
  }
});

/** Topics whose good answers are to the letter; the others have what a client is not to rely on. */
const EXACT = ['resources', 'predict', 'pagination', 'retries', 'idempotency', 'etags', 'time-limits', 'unicode'];

test('every good answer is one that the contract has', () => {
  for (const [one, { expect, answer }] of stepsOf(EXACT)) {
    const status = answer.status ?? 200;
    if (status >= 300 || answer.json === undefined || expect.path.startsWith('/openapi')) continue;
    const { responses } = operationOf(expect);
    const schema = responses[String(status)]?.content?.['application/json']?.schema;
    assert.ok(schema !== undefined, `${one.id}: the contract has no ${status}`);
    assert.equal(wrong(schema, answer.json), '', one.id);
  }
});

test('every operation of the contract has a method, and every method a case', () => {
  const operations = Object.entries(contract.paths).flatMap(([path, of]) =>
    Object.keys(of).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const reached = new Set(Object.values(methods).map(({ operation }) => operation));
  assert.deepEqual(
    operations.filter((operation) => !reached.has(operation)),
    [],
  );
  const called = new Set(cases.map(({ call }) => call?.method));
  assert.deepEqual(
    Object.keys(methods).filter((method) => !called.has(method)),
    [],
  );
});
