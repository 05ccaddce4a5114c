import { type FeatureSpace, TextVectoriser } from '@understudy/text';

/**
 * Texts as dense vectors of any length: the model's own TF-IDF features, folded by signed feature hashing (Weinberger
 * et al. 2009, "Feature Hashing for Large Scale Multitask Learning"), which keeps inner products in expectation; the
 * error of a cosine shrinks as 1/√dimensions. Scaled to length 1; a text without any feature that the model knows is
 * the zero vector. The place and sign of a feature follow from its n-gram alone, not from the model's version.
 */
export class Embedder {
  readonly #vectoriser: TextVectoriser;

  constructor(space: FeatureSpace) {
    this.#vectoriser = new TextVectoriser(space);
  }

  embed(text: string, dimensions: number): Float32Array {
    const vectoriser = this.#vectoriser;
    const count = vectoriser.vectorise(text);
    const { columns, values } = vectoriser;
    const { hashes } = vectoriser.space;
    const sums = new Float64Array(dimensions);
    for (let i = 0; i < count; i++) {
      const mixed = mix(hashes[columns[i]!]!);
      const sign = (mixed & 1) === 0 ? 1 : -1;
      sums[(mixed >>> 1) % dimensions]! += sign * values[i]!;
    }
    let squares = 0;
    for (let i = 0; i < dimensions; i++) squares += sums[i]! * sums[i]!;
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    return Float32Array.from(sums, (sum) => sum * scale);
  }
}

/** The finaliser of MurmurHash3 (Appleby): every bit of the n-gram's hash reaches place and sign. */
function mix(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Little-endian float32 in base64, as OpenAI's clients read it on every machine. */
export function base64Of(vector: Float32Array): string {
  const bytes = Buffer.allocUnsafe(vector.length * 4);
  for (let i = 0; i < vector.length; i++) bytes.writeFloatLE(vector[i]!, i * 4);
  return bytes.toString('base64');
}

/** What `usage` counts as a token: a run of anything but white space. */
export function wordsOf(text: string): number {
  return text.match(/\S+/gu)?.length ?? 0;
}
