import {
  type Explanation,
  inferenceErrors,
  type LoadedModel,
  type ModelInput,
  type ModelRuntime,
} from '@understudy/inference';
import {
  decodeModelFile,
  decodeNetworkModel,
  explainNetwork,
  ModelFileError,
  NETWORK_FORMAT,
  type NetworkModel,
  NetworkScorer,
  networkScorerBytes,
} from '@understudy/text';

/** Serves `understudy-network/1`: small networks over hashed n-grams, in WebAssembly SIMD. */
export class NeuralRuntime implements ModelRuntime {
  readonly name = 'neural';
  readonly formats: readonly string[] = [NETWORK_FORMAT];

  load(bytes: Uint8Array, { maxMemoryBytes }: { maxMemoryBytes: number }): LoadedModel {
    if (bytes.length > maxMemoryBytes) throw tooLarge(bytes.length, maxMemoryBytes);
    try {
      const model = decodeNetworkModel(decodeModelFile(bytes));
      const needed = networkScorerBytes(model);
      if (needed > maxMemoryBytes) throw tooLarge(needed, maxMemoryBytes);
      return new NeuralModel(model);
    } catch (error) {
      // A RangeError is what a feature table or a memory says to numbers that pass the checks one by one.
      if (error instanceof ModelFileError || error instanceof RangeError) {
        throw inferenceErrors.model_artifact_invalid(error.message, { cause: error });
      }
      throw error;
    }
  }
}

function tooLarge(needed: number, limit: number): Error {
  return inferenceErrors.model_artifact_invalid(`the model needs ${needed} bytes and may use ${limit}`);
}

class NeuralModel implements LoadedModel {
  readonly labels: readonly string[];
  readonly memoryBytes: number;
  #scorer: NetworkScorer | undefined;

  constructor(model: NetworkModel) {
    this.#scorer = new NetworkScorer(model);
    this.labels = model.labels;
    this.memoryBytes = this.#scorer.memoryBytes;
  }

  predict(inputs: readonly ModelInput[]): Float32Array {
    const scorer = this.#open();
    const probabilities = new Float32Array(inputs.length * this.labels.length);
    for (let i = 0; i < inputs.length; i++) scorer.predict(inputs[i]!.text, probabilities, i * this.labels.length);
    return probabilities;
  }

  explain({ text }: ModelInput, label: number, { maxFeatures }: { maxFeatures: number }): Explanation {
    const name = this.labels[label];
    if (name === undefined) throw new RangeError(`there is no label ${label}`);
    const explanation = explainNetwork(this.#open(), text, label, { maxFeatures });
    return { method: 'integrated_gradients', label: name, unit: 'logit', ...explanation };
  }

  close(): void {
    this.#scorer = undefined;
  }

  #open(): NetworkScorer {
    if (!this.#scorer) throw new Error('the model is closed');
    return this.#scorer;
  }
}

/** The runtime of this package, as model hosts look it up. */
export const runtime: ModelRuntime = new NeuralRuntime();
