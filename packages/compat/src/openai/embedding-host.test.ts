import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { DEFAULT_NGRAMS, encodeLinearModel, type LinearModel, NgramExtractor, paddedLabels } from '@understudy/text';
import { Embedder } from './embedding.ts';
import { EmbeddingHost } from './embedding-host.ts';

const host = new EmbeddingHost();
after(() => host.close());

function modelOf(text: string): LinearModel {
  const extractor = new NgramExtractor(DEFAULT_NGRAMS);
  const count = extractor.extract(text);
  const hashes = Uint32Array.from(new Set(extractor.hashes.subarray(0, count))).sort();
  return {
    labels: ['a', 'b'],
    space: {
      ngrams: DEFAULT_NGRAMS,
      hashes,
      idf: new Float32Array(hashes.length).fill(1),
      wordWeight: 1,
      charWeight: 1,
    },
    temperature: 1,
    weights: new Float32Array((hashes.length + 1) * paddedLabels(2)),
  };
}
const fileOf = (model: LinearModel) => Buffer.concat(encodeLinearModel(model, {}));

const WORDS = 'the invoice was charged twice';
const model = modelOf(WORDS);
const file = fileOf(model);
const nobodyAsks = () => Promise.reject(new Error('the file was asked for'));

describe('embeddings on a thread of their own', () => {
  test('the same numbers as here, and the file is read once', async () => {
    const texts = [WORDS, 'charged', 'x'];
    const vectors = await host.embed('model-1', async () => file, texts, 64);
    const here = new Embedder(model.space);
    assert.deepEqual(vectors, Float32Array.from(texts.flatMap((text) => [...here.embed(text, 64)])));
    assert.deepEqual(await host.embed('model-1', nobodyAsks, ['charged'], 64), here.embed('charged', 64));
  });

  test('of many models those used last are kept', async () => {
    for (let i = 0; i < 8; i++) await host.embed(`other-${i}`, async () => file, ['x'], 8);
    await assert.rejects(host.embed('model-1', nobodyAsks, ['x'], 8), /was asked for/);
    await host.embed('other-7', nobodyAsks, ['x'], 8);
  });

  test('a damaged file is refused with our code, and the thread goes on', async () => {
    for (const damaged of [file.subarray(0, 100), Buffer.alloc(0), Buffer.alloc(1000, 7)]) {
      const call = host.embed(`damaged-${damaged.length}`, async () => damaged, ['x'], 8);
      await assert.rejects(call, { code: 'model_artifact_invalid' });
    }
    assert.equal((await host.embed('other-7', nobodyAsks, ['x'], 8)).length, 8);
  });

  test('who waits when the thread ends is told, and the next call starts another', async () => {
    const one = new EmbeddingHost();
    const waiting = one.embed('model', async () => file, [WORDS], 8);
    const told = assert.rejects(waiting, { code: 'model_unavailable' });
    await one.close();
    await told;
    assert.equal((await one.embed('model', async () => file, [WORDS], 8)).length, 8);
    await one.close();
  });

  test('a thread that says nothing for too long is ended; more calls than it can have are turned away', async () => {
    const hurried = new EmbeddingHost(1);
    const long = 'word '.repeat(200_000);
    const calls = Array.from({ length: 65 }, () =>
      hurried
        .embed('model', async () => file, [long], 8)
        .then(
          () => 'answered',
          (error) => error.code as string,
        ),
    );
    const ends = await Promise.all(calls);
    assert.equal(ends.at(-1), 'model_overloaded');
    assert.ok(
      ends.slice(0, -1).every((end) => end === 'model_unavailable'),
      String(ends),
    );
    await hurried.close();
  });
});
