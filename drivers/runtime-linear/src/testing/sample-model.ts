import { Corpus, encodeLinearModel, type LinearModel, paddedLabels } from '@understudy/text';

/** A small sound model for tests: real features, weights from a fixed sequence. */
export function sampleModel(): LinearModel {
  const labels = ['card', 'refund', '日本'];
  const corpus = new Corpus({ wordMax: 2, charMin: 2, charMax: 4 });
  for (const text of ['where is my card', 'Refund my money please', '私のカードはどこですか', 'card 👍🏽 lost'])
    corpus.add(text);
  const { ids: _, ...space } = corpus.space({ minRows: 1, maxFeatures: 10_000, wordWeight: 1, charWeight: 1 });
  const stride = paddedLabels(labels.length);
  const weights = new Float32Array((space.hashes.length + 1) * stride);
  for (let i = 0; i < weights.length; i++) if (i % stride < labels.length) weights[i] = Math.sin(i * 12.9898);
  return { labels, space, weights, temperature: 1.5 };
}

/** The bytes of a model's file. */
export function fileOf(model: LinearModel): Uint8Array {
  return Buffer.concat(encodeLinearModel(model, { seed: 1 }));
}
