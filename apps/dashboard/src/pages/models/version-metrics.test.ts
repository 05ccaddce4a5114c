import assert from 'node:assert/strict';
import { test } from 'node:test';
import { certificateOf, metricsOf, pairedTestOf } from './version-metrics.ts';

const interval = { estimate: 0.9, low: 0.8, high: 0.95 };

test('reads an evaluation', () => {
  const metrics = metricsOf({
    metrics: {
      rows: 40,
      accuracy: 0.9,
      accuracy_interval: interval,
      macro_f1: 0.88,
      per_label: [{ label: 'spam', support: 12, precision: interval, recall: interval, f1: 0.9 }],
      confusion: { labels: ['spam', 'ok'], cells: [{ truth: 'spam', predicted: 'ok', count: 3 }] },
      worst_mistakes: [{ text: 'x', truth: 'spam', predicted: 'ok', confidence: 0.99 }],
    },
  });
  assert.equal(metrics.accuracy, 0.9);
  assert.deepEqual(metrics.accuracyInterval, interval);
  assert.deepEqual(metrics.labels[0], { label: 'spam', support: 12, precision: interval, recall: interval, f1: 0.9 });
  assert.deepEqual(metrics.cells, [{ truth: 'spam', predicted: 'ok', count: 3 }]);
  assert.equal(metrics.mistakes[0]?.confidence, 0.99);
});

test('a version that was evaluated on nothing has no accuracy, not one of 0 %', () => {
  const metrics = metricsOf({ metrics: { rows: 0, accuracy: 0, macro_f1: 0 } });
  assert.equal(metrics.accuracy, null);
  assert.equal(metrics.macroF1, null);
});

test('what has another shape is left out', () => {
  const metrics = metricsOf({ metrics: { rows: 'many', per_label: [{ label: 'spam' }, null, 7], confusion: 'none' } });
  assert.deepEqual([metrics.rows, metrics.labels, metrics.cells], [null, [], []]);
  assert.equal(certificateOf({ certification: null }), null);
  assert.equal(certificateOf({ certification: { status: 'certified', threshold: 0.9 } })?.threshold, 0.9);
});

test('only a paired test is taken for one', () => {
  assert.equal(pairedTestOf({ accuracy: 0.9, rows: 12 }), null);
  assert.deepEqual(
    pairedTestOf({ method: 'mcnemar_exact', rows: 90, gained: 7, lost: 2, p_value: 0.18, champion: '1' }),
    {
      rows: 90,
      gained: 7,
      lost: 2,
      p: 0.18,
      champion: '1',
    },
  );
});
