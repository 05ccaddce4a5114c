import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isUnderstudyError } from '@understudy/kernel';
import { openAiError, openAiLimitHeaders } from './error-shape.ts';
import { readEmbedding, readModeration } from './request.ts';

/** `code param` of what is refused. */
function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    assert.ok(isUnderstudyError(error));
    const { code, param } = openAiError(error, 400).error;
    return `${code} ${param}`;
  }
  return 'taken';
}

describe('moderations', () => {
  test('a text, texts, or one part of text', () => {
    assert.deepEqual(readModeration({ input: 'a' }), { model: null, texts: ['a'] });
    assert.deepEqual(readModeration({ model: 'm', input: ['a', ''] }), { model: 'm', texts: ['a', ''] });
    assert.deepEqual(readModeration({ input: [{ type: 'text', text: 'a' }] }).texts, ['a']);
  });
  const image = { type: 'image_url', image_url: { url: 'https://example.com/a.png' } };
  const cases: [string, unknown, string][] = [
    ['an image', { input: [image] }, 'openai_input_unsupported input[0]'],
    ['a text with an image', { input: [{ type: 'text', text: 'a' }, image] }, 'openai_input_unsupported input[1]'],
    [
      'two parts',
      {
        input: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
      'openai_input_unsupported input',
    ],
    ['a string among parts', { input: ['a', { type: 'text', text: 'b' }] }, 'openai_input_unsupported input[0]'],
    ['a part of nothing', { input: [{}] }, 'openai_input_unsupported input[0]'],
    ['a part with more', { input: [{ type: 'text', text: 'a', x: 1 }] }, 'openai_request_invalid input[0].x'],
    ['tokens', { input: [1, 2] }, 'openai_input_unsupported input'],
    ['nothing', {}, 'openai_request_invalid input'],
    ['an empty array', { input: [] }, 'openai_request_invalid input'],
    ['a number', { input: 5 }, 'openai_request_invalid input'],
    ['a null inside', { input: ['a', null] }, 'openai_request_invalid input[1]'],
    ['too many', { input: Array.from({ length: 1001 }, () => 'a') }, 'openai_request_invalid input'],
    ['an unknown field', { input: 'a', temperature: 1 }, 'openai_request_invalid temperature'],
    ['a model that is a number', { input: 'a', model: 4 }, 'openai_request_invalid model'],
    ['no object', 'a', 'openai_request_invalid null'],
    ['no body', undefined, 'openai_request_invalid null'],
  ];
  for (const [name, body, expected] of cases) {
    test(`refused: ${name}`, () =>
      assert.equal(
        refusal(() => readModeration(body)),
        expected,
      ));
  }
});

describe('embeddings', () => {
  test('defaults', () => {
    const read = readEmbedding({ model: 'm', input: 'a' });
    assert.deepEqual(read, { model: 'm', texts: ['a'], dimensions: 256, format: 'float' });
  });
  const cases: [string, object, string][] = [
    ['no model', { input: 'a' }, 'openai_request_invalid model'],
    ['tokens', { model: 'm', input: [[1, 2], [3]] }, 'openai_input_unsupported input'],
    ['no dimensions', { model: 'm', input: 'a', dimensions: 0 }, 'openai_request_invalid dimensions'],
    ['too many dimensions', { model: 'm', input: 'a', dimensions: 4096 }, 'openai_request_invalid dimensions'],
    ['half a dimension', { model: 'm', input: 'a', dimensions: 99.5 }, 'openai_request_invalid dimensions'],
    ['another format', { model: 'm', input: 'a', encoding_format: 'int8' }, 'openai_request_invalid encoding_format'],
    ['a user', { model: 'm', input: 'a', user: 'u' }, 'openai_request_invalid user'],
    ['an empty text', { model: 'm', input: ['a', ''] }, 'openai_request_invalid input[1]'],
    ['too much', { model: 'm', input: 'a'.repeat(2_000_001) }, 'openai_request_invalid input'],
    [
      'too many numbers',
      { model: 'm', input: Array.from({ length: 100 }, () => 'a'), dimensions: 3072 },
      'openai_request_invalid input',
    ],
  ];
  for (const [name, body, expected] of cases) {
    test(`refused: ${name}`, () =>
      assert.equal(
        refusal(() => readEmbedding(body)),
        expected,
      ));
  }
});

test('the limit that is nearest is shown as OpenAI shows it', () => {
  const shown = openAiLimitHeaders([
    { limit: 600, remaining: 599, resetSeconds: 1 },
    { limit: 900, remaining: 12, resetSeconds: 40 },
  ]);
  assert.deepEqual(shown, {
    'x-ratelimit-limit-requests': '900',
    'x-ratelimit-remaining-requests': '12',
    'x-ratelimit-reset-requests': '40s',
  });
  assert.deepEqual(openAiLimitHeaders([]), {});
});
