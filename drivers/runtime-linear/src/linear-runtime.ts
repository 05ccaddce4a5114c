import type { LoadedModel, ModelRuntime } from '@understudy/inference';
import { inferenceErrors } from '@understudy/inference';
import {
  decodeLinearModel,
  decodeModelFile,
  featureTableBytes,
  LINEAR_FORMAT,
  LinearScorer,
  ModelFileError,
} from '@understudy/text';
import { LinearLoadedModel } from './linear-loaded-model.ts';

/** Opens linear text models (`understudy-linear/1`). Trusts no byte of a file: see decodeModelFile. */
export class LinearRuntime implements ModelRuntime {
  readonly name = 'linear';
  readonly formats = [LINEAR_FORMAT] as const;
  readonly tame = true;

  /** Throws `model_artifact_invalid` if the file is damaged or would hold more than `maxMemoryBytes`. */
  load(bytes: Uint8Array, { maxMemoryBytes }: { maxMemoryBytes: number }): LoadedModel {
    // While loading, the file's sections are held once more beside the scorer's copy.
    if (bytes.length > maxMemoryBytes) throw tooLarge(bytes.length, maxMemoryBytes);
    try {
      const model = decodeLinearModel(decodeModelFile(bytes));
      const needed = model.weights.byteLength + featureTableBytes(model.space.hashes.length);
      if (needed > maxMemoryBytes) throw tooLarge(needed, maxMemoryBytes);
      const scorer = new LinearScorer(model);
      if (scorer.memoryBytes > maxMemoryBytes) throw tooLarge(scorer.memoryBytes, maxMemoryBytes);
      return new LinearLoadedModel(scorer);
    } catch (error) {
      if (error instanceof ModelFileError || error instanceof RangeError) {
        throw inferenceErrors.model_artifact_invalid(`The linear model cannot be loaded: ${error.message}.`);
      }
      throw error;
    }
  }
}

function tooLarge(bytes: number, limit: number) {
  return inferenceErrors.model_artifact_invalid(`The linear model needs ${bytes} bytes and may hold ${limit}.`, {
    details: { needed_bytes: bytes, limit_bytes: limit },
  });
}
