import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Decision } from '@understudy/wire';
import protobuf from 'protobufjs';
import { protobufSchema } from './schema.ts';
import { writeDecisions } from './write-decisions.ts';

const { root } = protobuf.parse(protobufSchema());
const Decisions = root.lookupType('understudy.v1.Decisions');
/** As somebody else's implementation reads it, from the published schema. */
const seen = (decisions: Decision[]) =>
  Decisions.toObject(Decisions.decode(writeDecisions(decisions)), { enums: String, longs: Number, arrays: false });

const automated: Decision = {
  id: 'dec_1',
  task: 'inquiries',
  outcome: 'automated',
  label: 'Überweisung',
  confidence: 0.987654,
  threshold: 0.9,
  automation: 'certified',
  candidates: [
    { label: 'Überweisung', score: 0.987654 },
    { label: 'card', score: 0 },
  ],
  decided_by: { rung: 'own_model', model: 'inquiries', version: '7' },
  external_id: '',
  created_at: '2026-01-02T03:04:05.678Z',
  cost: { amount: '0.000000012', currency: 'EUR' },
};
const review: Decision = {
  ...automated,
  id: 'dec_2',
  outcome: 'review',
  label: null,
  threshold: null,
  automation: 'off',
  suggestion: { label: 'card', confidence: 0.4 },
  review: { item: 'itm_2', reason: 'automation_off' as never },
  explanation: {
    method: 'linear',
    label: 'card',
    score: 1.5,
    unit: 'logit',
    bias: -0.25,
    features: [
      { name: 'card', weight: 2, span: [3, 300] },
      { name: 'length', weight: -0.25 },
    ],
    remainder: 0,
  },
};
const nobody: Decision = {
  ...automated,
  id: 'dec_3',
  outcome: 'review',
  label: null,
  confidence: null,
  threshold: null,
  automation: 'uncertified',
  suggestion: null,
  review: { item: null, reason: 'no_model' as never },
  candidates: [],
  decided_by: null,
};
delete nobody.external_id;

test('another implementation reads what the published schema says', () => {
  // This reader leaves zeros out of what has no presence of its own: the first label, a score of 0.
  const both = [{ score: 0.987654 }, { label: 1 }];
  assert.deepEqual(seen([automated, review, nobody]), {
    task: 'inquiries',
    labels: ['Überweisung', 'card'],
    models: [{ rung: 'own_model', model: 'inquiries', version: '7' }],
    currency: 'EUR',
    decisions: [
      {
        id: 'dec_1',
        outcome: 'OUTCOME_AUTOMATED',
        label: 0,
        confidence: 0.987654,
        threshold: 0.9,
        automation: 'AUTOMATION_CERTIFIED',
        candidates: both,
        decidedBy: 0,
        externalId: '',
        createdAtMs: Date.parse(automated.created_at),
        cost: '0.000000012',
      },
      {
        id: 'dec_2',
        outcome: 'OUTCOME_REVIEW',
        confidence: 0.987654,
        automation: 'AUTOMATION_OFF',
        review: { item: 'itm_2', reason: 'automation_off', suggestion: { label: 1, score: 0.4 } },
        candidates: both,
        decidedBy: 0,
        externalId: '',
        createdAtMs: Date.parse(automated.created_at),
        cost: '0.000000012',
        explanation: {
          method: 'linear',
          label: 'card',
          score: 1.5,
          unit: 'logit',
          bias: -0.25,
          features: [
            { name: 'card', weight: 2, span: [3, 300] },
            { name: 'length', weight: -0.25 },
          ],
        },
      },
      {
        id: 'dec_3',
        outcome: 'OUTCOME_REVIEW',
        automation: 'AUTOMATION_UNCERTIFIED',
        review: { reason: 'no_model' },
        createdAtMs: Date.parse(automated.created_at),
        cost: '0.000000012',
      },
    ],
  });
});

test('more labels than one or two bytes can number', () => {
  const candidates = Array.from({ length: 20_000 }, (_, i) => ({ label: `l${i}`, score: i / 20_000 }));
  const { labels, decisions } = seen([{ ...automated, label: 'l19999', candidates }]);
  assert.equal(labels.length, 20_000);
  assert.equal(labels[decisions[0].label], 'l19999');
  for (const at of [0, 127, 128, 16_383, 16_384, 19_999]) {
    const { label = 0, score = 0 } = decisions[0].candidates[at];
    assert.deepEqual([labels[label], score], [`l${at}`, at / 20_000]);
  }
});

test('no decisions are an empty message', () => {
  assert.equal(writeDecisions([]).length, 0);
});
