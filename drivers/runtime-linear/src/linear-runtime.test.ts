import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelRuntimeContract } from '@understudy/inference/testing';
import fc from 'fast-check';
import { LinearRuntime } from './linear-runtime.ts';
import { fileOf, sampleModel } from './testing/sample-model.ts';

const runtime = new LinearRuntime();
const artifact = fileOf(sampleModel());
const ROOM = { maxMemoryBytes: 1 << 28 };

modelRuntimeContract('LinearRuntime', () => ({ runtime, artifact, labels: sampleModel().labels }));

const load = (bytes: Uint8Array) => runtime.load(bytes, ROOM);

/** Loads and uses whatever is accepted: the only refusal is the coded one. */
function survive(bytes: Uint8Array): boolean {
  try {
    const model = load(bytes);
    const row = model.predict([{ text: 'where is my card 👍🏽' }]) as Float32Array;
    assert.ok(row.every((p) => p >= 0 && p <= 1));
    return true;
  } catch (error) {
    assert.equal((error as { code?: string }).code, 'model_artifact_invalid');
    return false;
  }
}

test('thousands of damaged files neither crash, hang nor over-allocate', () => {
  const before = process.memoryUsage();
  let accepted = 0;
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(1100), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 6 }),
      fc.option(fc.nat(artifact.length), { nil: undefined, freq: 4 }),
      (edits, cut) => {
        const bytes = new Uint8Array(artifact);
        for (const [at, value] of edits) bytes[at] = value;
        if (survive(cut === undefined ? bytes : bytes.slice(0, cut))) accepted++;
      },
    ),
    { numRuns: 4000, seed: 11 },
  );
  assert.ok(accepted < 4000);
  const grown = process.memoryUsage().arrayBuffers - before.arrayBuffers;
  assert.ok(grown < 1 << 30, `held ${grown} bytes more`);
});

/** The file with its header changed, offsets kept. */
function withHeader(change: (header: any) => void): Uint8Array {
  const view = new DataView(artifact.buffer, artifact.byteOffset, artifact.byteLength);
  const length = view.getUint32(12, true);
  const base = Math.ceil((16 + length) / 64) * 64;
  const header = JSON.parse(Buffer.from(artifact.subarray(16, 16 + length)).toString());
  change(header);
  const text = Buffer.from(JSON.stringify(header));
  const start = Buffer.alloc(Math.ceil((16 + text.length) / 64) * 64);
  start.set(artifact.subarray(0, 12));
  start.writeUInt32LE(text.length, 12);
  start.set(text, 16);
  return Buffer.concat([start, artifact.subarray(base)]);
}

test('a header that lies is refused before anything is allocated by it', () => {
  assert.ok(load(withHeader(() => {})).labels.length === 3);
  const lies: Record<string, (header: any) => void> = {
    'absurd length': (h) => (h.sections.weights.length = 2 ** 52),
    'negative length': (h) => (h.sections.weights.length = -4),
    'fractional length': (h) => (h.sections.weights.length = 1.5),
    'offset behind the end': (h) => (h.sections.weights.offset = 2 ** 40),
    'unaligned offset': (h) => (h.sections.weights.offset += 4),
    overlap: (h) => (h.sections.feature_idf.offset = h.sections.feature_hashes.offset),
    'other type': (h) => (h.sections.weights.type = 'u32'),
    'inherited type': (h) => (h.sections.weights.type = 'constructor'),
    'missing section': (h) => delete h.sections.weights,
    'another format': (h) => (h.format = 'understudy-neural/1'),
    'a label more': (h) => h.labels.push('one', 'two', 'three'),
    'one label': (h) => (h.labels = ['only']),
    'labels twice': (h) => (h.labels = ['a', 'a', 'b']),
    'labels of numbers': (h) => (h.labels = [1, 2, 3]),
    'no labels': (h) => delete h.labels,
    'n-grams of 1,000': (h) => (h.features.char_max = 1000),
    'no features': (h) => delete h.features,
    'temperature 0': (h) => (h.calibration.temperature = 0),
    'temperature as text': (h) => (h.calibration.temperature = '1'),
    'sections as list': (h) => (h.sections = []),
  };
  for (const [name, lie] of Object.entries(lies)) {
    assert.throws(() => load(withHeader(lie)), { code: 'model_artifact_invalid' }, name);
  }
});

test('weights that are not finite and features that repeat are refused', () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const model = sampleModel();
    model.weights[7] = value;
    assert.throws(() => load(fileOf(model)), { code: 'model_artifact_invalid' });
  }
  const repeated = sampleModel();
  repeated.space.hashes[3] = repeated.space.hashes[4]!;
  assert.throws(() => load(fileOf(repeated)), { code: 'model_artifact_invalid' });
  const zero = sampleModel();
  zero.space.hashes[3] = 0;
  assert.throws(() => load(fileOf(zero)), { code: 'model_artifact_invalid' });
});

test('a model that exceeds its memory bound is refused', () => {
  assert.throws(() => runtime.load(artifact, { maxMemoryBytes: 1000 }), { code: 'model_artifact_invalid' });
});

test('an artifact may lie anywhere in a larger buffer', () => {
  const padded = Buffer.alloc(artifact.length + 13);
  padded.set(artifact, 7);
  const model = load(padded.subarray(7, 7 + artifact.length));
  padded.fill(0);
  const input = [{ text: 'where is my card' }];
  assert.deepEqual(model.predict(input), load(artifact).predict(input));
});
