import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Decision, moderationCategories } from '@understudy/wire';
import { type ModerationRules, moderationResult } from './moderation.ts';

const labels = ['ok', 'spam', 'insult', 'harassment'];
const rules = (more: Partial<ModerationRules> = {}): ModerationRules => ({
  task: 'comments',
  flagged_labels: ['spam', 'insult', 'harassment'],
  review: 'flag',
  categories: { insult: 'harassment' },
  ...more,
});
const decided = (label: string | null, suggestion?: string | null) =>
  ({
    outcome: label === null ? 'review' : 'automated',
    label,
    ...(label === null && suggestion != null ? { suggestion: { label: suggestion, confidence: 0.6 } } : {}),
    candidates: [
      { label: 'insult', score: 0.6 },
      { label: 'harassment', score: 0.3 },
      { label: 'ok', score: 0.1 },
    ],
  }) as unknown as Decision;

describe('a decision as OpenAI’s moderation', () => {
  test('all 13 categories and our labels, in every map', () => {
    const result = moderationResult(decided('ok'), rules(), labels);
    for (const map of [result.categories, result.category_scores, result.category_applied_input_types]) {
      assert.deepEqual(Object.keys(map), [...moderationCategories, 'ok', 'spam', 'insult']);
    }
    assert.equal(result.flagged, false);
    assert.ok(Object.values(result.categories).every((value) => value === false));
  });

  test('a flagged label is its own category and the standard one that it counts for', () => {
    const { flagged, categories, category_scores: scores } = moderationResult(decided('insult'), rules(), labels);
    assert.equal(flagged, true);
    const hit = Object.entries(categories).flatMap(([name, value]) => (value ? [name] : []));
    assert.deepEqual(hit, ['harassment', 'insult']);
    assert.deepEqual(
      [scores.harassment, scores.insult, scores.ok, scores.spam, scores.violence],
      [0.9, 0.6, 0.1, 0, 0],
    );
  });

  test('a category that no label counts for was not looked at, and says so', () => {
    const { category_applied_input_types: applied } = moderationResult(decided('ok'), rules(), labels);
    assert.deepEqual([applied.harassment, applied.spam, applied.violence], [['text'], ['text'], []]);
  });

  test('review: flag, pass, or as the suggestion would be, and flagged without one', () => {
    const flagged = (review: ModerationRules['review'], suggestion: string | null) =>
      moderationResult(decided(null, suggestion), rules({ review }), labels).flagged;
    assert.deepEqual(
      [flagged('flag', 'ok'), flagged('pass', 'spam'), flagged('suggestion', 'spam'), flagged('suggestion', 'ok')],
      [true, false, true, false],
    );
    assert.equal(flagged('suggestion', null), true);
    const passed = moderationResult(decided(null, 'spam'), rules({ review: 'pass' }), labels);
    assert.equal(passed.categories.spam, false, 'a category is true only when the item is flagged');
  });

  test('a label may be called anything', () => {
    const { categories } = moderationResult(decided('ok'), rules(), ['__proto__', 'constructor']);
    assert.ok(Object.hasOwn(categories, '__proto__') && Object.hasOwn(categories, 'constructor'));
  });
});
