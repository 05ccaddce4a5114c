import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FieldProblem } from '@understudy/kernel';
import type { Decision } from '@understudy/wire';
import { compileRoute } from './compiled-route.ts';
import type { PredictRouteDefinition } from './predict-route.ts';

const automated = (more: object = {}) =>
  ({
    id: 'dec_1',
    task: 'sentiment',
    outcome: 'automated',
    label: 'positive',
    confidence: 0.97,
    threshold: 0.9,
    automation: 'certified',
    candidates: [
      { label: 'positive', score: 0.97 },
      { label: 'negative', score: 0.03 },
    ],
    decided_by: { rung: 'own_model', model: 'sentiment', version: '3' },
    created_at: '2026-01-01T00:00:00.000Z',
    cost: { amount: '0.000001', currency: 'EUR' },
    ...more,
  }) as Decision;

const inReview = (suggestion: Decision['suggestion']) =>
  automated({ outcome: 'review', label: null, suggestion, review: { item: 'itm_1', reason: 'below_threshold' } });

const definition = (more: Partial<PredictRouteDefinition> = {}): PredictRouteDefinition => ({
  task: 'sentiment',
  path: 'sentiment',
  request: { text: '$.text' },
  labels: {},
  response: { sentiment: '{{$.label}}' },
  review: { response: { sentiment: null }, status: 200 },
  ...more,
});

function ready(more: Partial<PredictRouteDefinition>) {
  const problems: FieldProblem[] = [];
  const route = compileRoute(definition(more), problems);
  assert.deepEqual(problems, []);
  return route;
}

const answerOf = (more: Partial<PredictRouteDefinition>, body: unknown, decisions: Decision[]) => {
  const { status, body: text } = ready(more).map(body).answer(decisions);
  return { status, json: JSON.parse(text) };
};

/** The error that a call of a route throws. */
function refusalOf(more: Partial<PredictRouteDefinition>, body: unknown): { code: string; problems: FieldProblem[] } {
  let refusal: unknown;
  assert.throws(
    () => ready(more).map(body),
    (error) => {
      refusal = error;
      return true;
    },
  );
  return refusal as { code: string; problems: FieldProblem[] };
}

describe('shapes that applications have', () => {
  test('Flask: {"text"} → {"label", "score"}', () => {
    const shape = { response: { label: '{{$.label}}', score: '{{$.confidence}}' } };
    const { status, json } = answerOf(shape, { text: 'great' }, [automated()]);
    assert.deepEqual([status, json], [200, { label: 'positive', score: 0.97 }]);
  });

  test('FastAPI: nested request, our labels as theirs, numbers stay numbers', () => {
    const { items } = ready({ request: { text: '$.data.review["body text"]', external_id: '$.data.id' } }).map({
      data: { id: 77, review: { 'body text': 'fine' } },
    });
    assert.deepEqual(items, [{ input: { text: 'fine' }, external_id: '77' }]);
    const shape = {
      labels: { positive: 1, negative: -1 },
      response: { sentiment: '{{ $.value }}', p: '{{$.scores.negative}}' },
    };
    assert.deepEqual(answerOf(shape, { text: 'x' }, [automated()]).json, { sentiment: 1, p: 0.03 });
  });

  test('{"instances": […]} → {"predictions": […]}, with what the caller sent along', () => {
    const shape: Partial<PredictRouteDefinition> = {
      request: { items: '$.instances', text: '$.content', subject: '$.author' },
      response: {
        n: '{{$.item.n}}',
        class: '{{$.label}}',
        note: '{{$.label}} ({{$.confidence}}) for {{$.request.tenant}}',
      },
      review: { response: { n: '{{$.item.n}}', class: 'unknown' }, status: 200 },
      envelope: { predictions: '{{$.answers}}', total: '{{$.count}}' },
    };
    const body = {
      tenant: 't1',
      instances: [
        { n: 1, content: 'a', author: 'ann' },
        { n: 2, content: 'b' },
      ],
    };
    assert.deepEqual(ready(shape).map(body).items, [
      { input: { text: 'a' }, subject: 'ann' },
      { input: { text: 'b' } },
    ]);
    assert.deepEqual(answerOf(shape, body, [automated(), inReview(null)]).json, {
      predictions: [
        { n: 1, class: 'positive', note: 'positive (0.97) for t1' },
        { n: 2, class: 'unknown' },
      ],
      total: 2,
    });
  });

  test('an array of texts, and a bare array back', () => {
    const shape = { request: { items: '$', text: '$' }, response: '{{$.label}}' };
    assert.deepEqual(answerOf(shape, ['a', 'b'], [automated(), automated({ label: 'negative' })]).json, [
      'positive',
      'negative',
    ]);
  });
});

describe('what a person has to decide', () => {
  const review = {
    response: { label: '{{$.suggestion.value}}', sure: false, why: '{{$.review.reason}}' },
    status: 202,
  };
  test('has a template and a status of its own', () => {
    const suggested = inReview({ label: 'negative', confidence: 0.6 });
    const { status, json } = answerOf({ labels: { negative: 'NEG' }, review }, { text: 'x' }, [suggested]);
    assert.deepEqual([status, json], [202, { label: 'NEG', sure: false, why: 'below_threshold' }]);
  });
  test('a fact that is not there is null, or no text', () => {
    const { json } = answerOf(
      { review: { ...review, response: ['{{$.suggestion.label}}', 'is {{$.label}}'] } },
      { text: 'x' },
      [inReview(null)],
    );
    assert.deepEqual(json, [null, 'is ']);
  });
});

describe('a request that does not fit is refused before anything is decided', () => {
  test('every place is named, no value is', () => {
    const shape: Partial<PredictRouteDefinition> = {
      request: { items: '$.rows', text: '$.t', external_id: '$.id', attributes: { shop: '$.shop' } },
    };
    const refusal = refusalOf(shape, { rows: [{ t: 'ok', id: {}, shop: [] }, { t: 5 }, 'secret'] });
    assert.equal(refusal.code, 'request_unmapped');
    assert.deepEqual(
      refusal.problems.map(({ pointer }) => pointer),
      ['/items/0/external_id', '/items/0/attributes/shop', '/items/1/text', '/items/2/text'],
    );
    assert.doesNotMatch(JSON.stringify(refusal.problems), /secret/);
  });
  test('no array, an empty one, one that is too long, no body at all', () => {
    const shape = { request: { items: '$.rows', text: '$' } };
    for (const rows of ['x', [], {}, null, Array.from({ length: 1001 }, () => 'x')]) {
      assert.deepEqual(
        refusalOf(shape, { rows }).problems.map(({ pointer }) => pointer),
        ['/items'],
      );
    }
    for (const body of [undefined, null, 'text', 7, []]) assert.equal(refusalOf({}, body).code, 'request_unmapped');
  });
  test('fields that JavaScript adds are not found', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'length']) {
      assert.equal(refusalOf({ request: { text: `$.${name}.name` } }, { text: 'x' }).code, 'request_unmapped');
    }
  });
  test('what is repeated is a short single value, and the answer has an end', () => {
    const echo = { response: { echo: '{{$.request.a}}' } };
    assert.deepEqual(refusalOf(echo, { text: 'x', a: { deep: 1 } }).problems[0]?.pointer, '/a');
    assert.deepEqual(refusalOf(echo, { text: 'x', a: 'y'.repeat(2001) }).problems[0]?.pointer, '/a');
    assert.deepEqual(answerOf(echo, { text: 'x', a: 'y'.repeat(2000) }, [automated()]).json.echo.length, 2000);
    const many = Array.from({ length: 100 }, () => '{{$.request.a}}');
    const wide = { request: { items: '$.rows', text: '$' }, response: many };
    const refusal = refusalOf(wide, { a: 'y'.repeat(2000), rows: Array.from({ length: 1000 }, () => 'x') });
    assert.match(refusal.problems[0]!.detail, /send fewer items/);
  });
});

describe('a route that cannot work is refused when it is written', () => {
  const problemsOf = (more: Partial<PredictRouteDefinition>) => {
    const problems: FieldProblem[] = [];
    compileRoute(definition(more), problems);
    return problems.map(({ pointer, code }) => `${code} ${pointer}`);
  };
  const cases: [string, Partial<PredictRouteDefinition>, string][] = [
    ['a path with a wildcard', { request: { text: '$.a[*]' } }, '/request/text'],
    ['a path with a filter', { request: { text: '$.a', subject: '$.a[?@.b]' } }, '/request/subject'],
    ['a path that descends', { request: { items: '$..a', text: '$' } }, '/request/items'],
    ['a path without $', { request: { text: 'text' } }, '/request/text'],
    ['an unknown fact', { response: { a: ['{{$.lable}}'] } }, '/response/a/0'],
    ['a fact that JavaScript adds', { response: '{{$.constructor}}' }, '/response'],
    ['too deep in a fact', { response: '{{$.suggestion.label.x}}' }, '/response'],
    ['an unknown part', { review: { response: '{{$.review.why}}', status: 200 } }, '/review/response'],
    ['code', { response: '{{$.label | upper}}' }, '/response'],
    ['a long way of nothing', { response: `{{${' '.repeat(16_000)}` }, '/response'],
    ['a long path', { response: `{{$.scores${'.a'.repeat(400)}}}` }, '/response'],
    ['parentheses', { response: `{{$[?${'('.repeat(400)}]}}` }, '/response'],
    ['a brace left over', { response: 'a {{$.label' }, '/response'],
    ['a fact of an item in the envelope', { request: { items: '$', text: '$' }, envelope: '{{$.label}}' }, '/envelope'],
    ['an envelope around one', { envelope: { a: '{{$.answers}}' } }, '/envelope'],
    [
      'a status for many',
      { request: { items: '$', text: '$' }, review: { response: 1, status: 202 } },
      '/review/status',
    ],
    ['too large', { response: 'x'.repeat(20_000) }, '/response'],
    ['too many places', { response: Array.from({ length: 101 }, () => '{{$.id}}') }, '/response'],
  ];
  for (const [name, more, pointer] of cases) {
    test(name, () => assert.deepEqual(problemsOf(more), [`predict_route_invalid ${pointer}`]));
  }
  test('too deep', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 30; i++) deep = [deep];
    assert.equal(problemsOf({ response: deep }).length, 1);
  });
});

test('the fields of a template keep their order, whatever they are called', () => {
  const response = JSON.parse('{"z": 1, "a": "{{$.label}}", "__proto__": {"x": "{{$.id}}"}}');
  const { body } = ready({ response }).map({ text: 'x' }).answer([automated()]);
  assert.equal(body, '{"z":1,"a":"positive","__proto__":{"x":"dec_1"}}');
});
