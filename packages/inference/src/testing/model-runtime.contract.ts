import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ModelRuntime } from '../ports.ts';

export interface RuntimeUnderTest {
  runtime: ModelRuntime;
  /** A sound artifact of one of its formats. */
  artifact: Uint8Array;
  /** The artifact's labels, in order. */
  labels: readonly string[];
}

const TEXTS = ['where is my card', '', 'Ünïcode 日本語 👍🏽', 'x'.repeat(50_000), 'a\u0000b\ud800', 'where is my card'];
const ROOM = { maxMemoryBytes: 1 << 30 };

/** What every ModelRuntime keeps to. */
export function modelRuntimeContract(name: string, open: () => RuntimeUnderTest | Promise<RuntimeUnderTest>): void {
  describe(`${name} keeps the ModelRuntime contract`, () => {
    const load = async () => {
      const { runtime, artifact, labels } = await open();
      return { model: await runtime.load(artifact, ROOM), labels, runtime, artifact };
    };

    test('it has a name and formats', async () => {
      const { runtime } = await open();
      assert.ok(runtime.name.length > 0 && runtime.formats.length > 0);
    });

    test('a loaded model has its labels and answers distributions over them', async () => {
      const { model, labels } = await load();
      assert.deepEqual([...model.labels], [...labels]);
      assert.ok(model.memoryBytes >= 0);
      const probabilities = await model.predict(TEXTS.map((text) => ({ text })));
      assert.equal(probabilities.length, TEXTS.length * labels.length);
      for (let row = 0; row < TEXTS.length; row++) {
        const own = probabilities.subarray(row * labels.length, (row + 1) * labels.length);
        assert.ok(own.every((p) => p >= 0 && p <= 1));
        assert.ok(Math.abs(own.reduce((sum, p) => sum + p, 0) - 1) < 1e-4, `row ${row} sums to 1`);
      }
      assert.equal((await model.predict([])).length, 0);
      await model.close();
    });

    test('a row gets the same bits alone, in a batch and again', async () => {
      const { model, labels } = await load();
      const batch = await model.predict(TEXTS.map((text) => ({ text })));
      for (const [row, text] of [...TEXTS.entries()].reverse()) {
        const alone = await model.predict([{ text }]);
        assert.deepEqual(alone, batch.slice(row * labels.length, (row + 1) * labels.length));
      }
      await model.close();
    });

    test('contributions add up to the score, and spans lie within the input', async () => {
      const { model, labels } = await load();
      const text = 'Where IS my card? 👍🏽';
      for (const [label, labelName] of labels.entries()) {
        for (const maxFeatures of [0, 3, 1000]) {
          const why = await model.explain({ text }, label, { maxFeatures });
          assert.equal(why.label, labelName);
          assert.ok(why.features.length <= Math.max(1, maxFeatures));
          const sum = why.features.reduce((total, feature) => total + feature.weight, why.bias + why.remainder);
          assert.ok(Math.abs(sum - why.score) <= 1e-6 * Math.max(1, Math.abs(why.score)));
          for (const { span } of why.features) {
            if (span) assert.ok(0 <= span[0] && span[0] <= span[1] && span[1] <= text.length);
          }
        }
      }
      await model.close();
    });

    test('a damaged artifact is refused by its code', async () => {
      const { runtime, artifact } = await open();
      const damaged = [new Uint8Array(0), Uint8Array.of(1, 2, 3), artifact.slice(0, artifact.length >> 1)];
      for (const bytes of damaged) {
        await assert.rejects(async () => runtime.load(bytes, ROOM), { code: 'model_artifact_invalid' });
      }
    });

    test('a closed model answers nothing', async () => {
      const { model } = await load();
      await model.close();
      await assert.rejects(async () => model.predict([{ text: 'x' }]));
      await assert.rejects(async () => model.explain({ text: 'x' }, 0, { maxFeatures: 1 }));
    });
  });
}
