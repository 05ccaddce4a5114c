import type { BatchAnswer } from './batcher.ts';
import type { LoadedModel, ModelRuntime } from './ports.ts';

/** What a batch may be so that the caller's own thread answers it: then nobody there waits a millisecond for it. */
const FEW_ITEMS = 8;
const FEW_CHARACTERS = 4_000;
const FEW_MICROSECONDS = 1_000;
/** What it may be while there is no other place yet. */
const SOME_CHARACTERS = 50_000;
/** A file that takes longer to open than callers should wait for each other. */
const SMALL_FILE_BYTES = 16 * 2 ** 20;
/** The share of the latest batch in the mean time of an item. */
const LATEST = 0.1;

/**
 * A model in the process that asks for it, for the few short texts that come at once when a service is not flooded: two
 * processes and two threads to wake cost several times what the answer does.
 */
export class NearModel {
  readonly memoryBytes: number;
  readonly #model: LoadedModel;
  /** Mean time of an item. */
  #microseconds = 100;

  private constructor(model: LoadedModel) {
    this.#model = model;
    this.memoryBytes = model.memoryBytes;
  }

  /** Null where the file is too large for that. Throws `model_artifact_invalid`. */
  static async load(runtime: ModelRuntime, bytes: Uint8Array, maxMemoryBytes: number): Promise<NearModel | null> {
    return bytes.length > SMALL_FILE_BYTES ? null : new NearModel(await runtime.load(bytes, { maxMemoryBytes }));
  }

  /** Whether these are few and short. */
  takes(texts: readonly string[]): boolean {
    return (
      texts.length <= FEW_ITEMS &&
      texts.length * this.#microseconds <= FEW_MICROSECONDS &&
      charactersOf(texts) <= FEW_CHARACTERS
    );
  }

  /** Whether these are short enough to be answered once, until the model is somewhere else, too. */
  bears(texts: readonly string[]): boolean {
    return charactersOf(texts) <= SOME_CHARACTERS;
  }

  /** Throws what the runtime throws. */
  async answer(texts: readonly string[]): Promise<BatchAnswer> {
    const startedAt = performance.now();
    const probabilities = await this.#model.predict(texts.map((text) => ({ text })));
    const microseconds = ((performance.now() - startedAt) * 1000) / texts.length;
    this.#microseconds += LATEST * (microseconds - this.#microseconds);
    return { microseconds, probabilities, labels: this.#model.labels };
  }

  close(): void {
    void this.#model.close();
  }
}

function charactersOf(texts: readonly string[]): number {
  let characters = 0;
  for (const text of texts) characters += text.length;
  return characters;
}
