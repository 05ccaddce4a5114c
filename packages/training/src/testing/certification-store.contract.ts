import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CertificationStore, StoredScores } from '../certification/ports.ts';

const scores: StoredScores = {
  workspace: 'ws_1',
  taskId: 'task_1',
  taskRevision: 2,
  model: 'm',
  version: '3',
  dataset: 'sha256:1',
  rowsDigest: 'ab'.repeat(32),
  score: { kind: 'logistic', bias: 0.25, odds: 1, lead: 0, entropy: 0, labels: { 'é "x"': -0.5 } },
  byTime: true,
  scoredAt: 1_700_000_000_123,
  tune: [
    { score: 0.123456, right: true },
    { score: 1, right: false },
  ],
  rows: [
    { score: 0.999999, wrong: false, probability: null, source: 'import', group: 2 ** 48 - 1, occurredAt: null },
    { score: 0, wrong: true, probability: 0.02, source: 'audit', group: 7, occurredAt: 1_700_000_000_001 },
  ],
};

/** What every CertificationStore keeps to. */
export function certificationStoreContract(name: string, open: () => Promise<CertificationStore>): void {
  describe(`${name} keeps the CertificationStore contract`, () => {
    test('scores come back as they were kept, to the last digit', async () => {
      const store = await open();
      assert.equal(await store.find('ws_1', 'task_1', 'm', '3'), null);
      assert.equal(await store.seen('ws_1', 'task_1', 'm', '3'), null);
      await store.save(scores, Float64Array.of(1, 2 ** 48 - 1));
      assert.deepEqual(await store.find('ws_1', 'task_1', 'm', '3'), scores);
      assert.deepEqual(await store.seen('ws_1', 'task_1', 'm', '3'), Float64Array.of(1, 2 ** 48 - 1));
      assert.equal(await store.find('ws_2', 'task_1', 'm', '3'), null);
      assert.equal(await store.find('ws_1', 'task_1', 'm', '4'), null);
    });

    test('newer scores replace older ones, and what a version learnt from stays unless it is told anew', async () => {
      const store = await open();
      await store.save(scores, Float64Array.of(1));
      const newer = { ...scores, dataset: 'sha256:2', tune: [], rows: [] };
      await store.save(newer, null);
      assert.deepEqual(await store.find('ws_1', 'task_1', 'm', '3'), newer);
      assert.deepEqual(await store.seen('ws_1', 'task_1', 'm', '3'), Float64Array.of(1));
      await store.save(newer, new Float64Array(0));
      assert.deepEqual(await store.seen('ws_1', 'task_1', 'm', '3'), new Float64Array(0));
    });
  });
}
