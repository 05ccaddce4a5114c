import { ModelFileError } from './errors.ts';
import { encodeModelFile, type ModelFile } from './model-file.ts';
import { decodeTextModel, encodeTextModel, section, type TextModelBase } from './text-model.ts';

export const LINEAR_FORMAT = 'understudy-linear/1';

/** A linear text classifier. */
export interface LinearModel extends TextModelBase {
  /** `[feature][label]`, row-major; the last row is the bias. A row has `paddedLabels(labels)` floats. */
  weights: Float32Array;
}

/** Labels are padded with zero columns to whole SIMD vectors. */
export function paddedLabels(labels: number): number {
  return Math.ceil(labels / 4) * 4;
}

export function encodeLinearModel(model: LinearModel, training: Record<string, unknown>): Uint8Array[] {
  const { meta, sections } = encodeTextModel(model);
  sections.set('weights', model.weights);
  return encodeModelFile({ format: LINEAR_FORMAT, meta: { ...meta, training }, sections });
}

/** Throws ModelFileError if the file is not a linear model whose parts fit together. */
export function decodeLinearModel(file: ModelFile): LinearModel {
  if (file.format !== LINEAR_FORMAT) throw new ModelFileError(`the file's format is not ${LINEAR_FORMAT}`);
  const base = decodeTextModel(file);
  const length = (base.space.hashes.length + 1) * paddedLabels(base.labels.length);
  return { ...base, weights: section(file, 'weights', 'f32', length) };
}
