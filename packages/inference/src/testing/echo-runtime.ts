import { inferenceErrors } from '../errors.ts';
import type { LoadedModel, ModelRuntime } from '../ports.ts';

/** What an `echo/1` artifact says, as JSON. */
export interface EchoArtifact {
  labels: string[];
  /** Memory that the loaded model holds besides, filled so that it is really there. */
  ballastBytes?: number;
}

/** The artifact of a model that answers with the label at `text.length % labels.length`, at 0.9. */
export function echoArtifact(artifact: EchoArtifact): Uint8Array {
  return Buffer.from(JSON.stringify(artifact));
}

/** Row-major probabilities of the echo model. */
export function echoProbabilities(texts: readonly string[], width: number): Float32Array {
  const rest = width === 1 ? 0 : 0.1 / (width - 1);
  const probabilities = new Float32Array(texts.length * width).fill(rest);
  for (const [row, text] of texts.entries())
    probabilities[row * width + (text.length % width)] = 1 - rest * (width - 1);
  return probabilities;
}

/** The text on which a model fails that runs in the process that asks for it. */
export const FAILS_HERE = 'fails here';

/** The echo runtime as one whose models may run in the process that asks. */
export const tameRuntime: ModelRuntime = {
  name: 'echo',
  formats: ['echo/1'],
  tame: true,
  async load(bytes, options) {
    const model = await runtime.load(bytes, options);
    return {
      ...model,
      predict(inputs) {
        if (inputs.some(({ text }) => text === FAILS_HERE)) throw new Error('it fails here');
        return model.predict(inputs);
      },
    };
  },
};

/** A runtime for tests and for measuring what serving costs without a model. */
export const runtime: ModelRuntime = {
  name: 'echo',
  formats: ['echo/1'],
  load(bytes): LoadedModel {
    let artifact: EchoArtifact;
    try {
      artifact = JSON.parse(Buffer.from(bytes).toString()) as EchoArtifact;
    } catch (cause) {
      throw inferenceErrors.model_artifact_invalid('an echo model is a JSON document', { cause });
    }
    const { labels } = artifact;
    let ballast: Buffer | null = Buffer.alloc(artifact.ballastBytes ?? 0, 1);
    return {
      labels,
      memoryBytes: ballast.length,
      predict: (inputs) => {
        if (!ballast) throw inferenceErrors.model_unavailable('the model was closed');
        return echoProbabilities(
          inputs.map(({ text }) => text),
          labels.length,
        );
      },
      explain: ({ text }, label) => {
        if (!ballast) throw inferenceErrors.model_unavailable('the model was closed');
        return {
          method: 'linear_contributions',
          label: labels[label]!,
          score: text.length,
          unit: 'margin',
          bias: 0,
          features: [{ name: text, weight: text.length, span: [0, text.length] }],
          remainder: 0,
        };
      },
      close: () => {
        ballast = null;
      },
    };
  },
};
