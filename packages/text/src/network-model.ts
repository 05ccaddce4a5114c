import { ModelFileError } from './errors.ts';
import { encodeModelFile, type ModelFile, type SectionArray } from './model-file.ts';
import { decodeTextModel, encodeTextModel, integer, section, type TextModelBase } from './text-model.ts';

export const NETWORK_FORMAT = 'understudy-network/1';

/** Hidden units of one member must fill whole vectors of 16 bytes. */
export const HIDDEN_MULTIPLE = 16;

const MAX_HIDDEN = 4096;
const MAX_MEMBERS = 64;

/**
 * Several small networks whose label scores are added up:
 * score[k] = labelBias[k] + Σ_m Σ_j output[m][j][k] · max(0, hiddenBias[m][j] + Σ_i x_i · scale[m][i] · embedding[m][i][j]).
 * The 1/members of an average is already in `output` and `labelBias`, so this is one network of members × hidden units.
 */
export interface NetworkModel extends TextModelBase {
  /** Hidden units of one member. */
  hidden: number;
  members: number;
  /** `[member][feature][hidden]`. */
  embeddings: Int8Array;
  /** `[member][feature]`: what one step of the bytes of that row stands for. */
  embeddingScales: Float32Array;
  /** `[member][hidden]`. */
  hiddenBias: Float32Array;
  /** `[member][hidden][label]`. */
  output: Float32Array;
  /** `[label]`. */
  labelBias: Float32Array;
}

/** The bytes of a model, in pieces to be written one after the other; `training` says how it was made. */
export function encodeNetworkModel(model: NetworkModel, training: Record<string, unknown>): Uint8Array[] {
  const { meta, sections } = encodeTextModel(model);
  const { buffer, byteOffset, byteLength } = model.embeddings;
  return encodeModelFile({
    format: NETWORK_FORMAT,
    meta: { ...meta, network: { hidden: model.hidden, members: model.members }, training },
    sections: new Map<string, SectionArray>([
      ...sections,
      ['embeddings', new Uint8Array(buffer, byteOffset, byteLength)],
      ['embedding_scales', model.embeddingScales],
      ['hidden_bias', model.hiddenBias],
      ['output', model.output],
      ['label_bias', model.labelBias],
    ]),
  });
}

/** Throws ModelFileError if the file is not a network whose parts fit together. */
export function decodeNetworkModel(file: ModelFile): NetworkModel {
  if (file.format !== NETWORK_FORMAT) throw new ModelFileError(`the file is not of format ${NETWORK_FORMAT}`);
  const base = decodeTextModel(file);
  const network = file.meta.network as Record<string, unknown> | undefined;
  const hidden = integer(network?.hidden, HIDDEN_MULTIPLE, MAX_HIDDEN, 'hidden');
  if (hidden % HIDDEN_MULTIPLE !== 0) throw new ModelFileError(`hidden is not a multiple of ${HIDDEN_MULTIPLE}`);
  const members = integer(network?.members, 1, MAX_MEMBERS, 'members');
  const features = base.space.hashes.length;
  const labels = base.labels.length;
  const embeddings = section(file, 'embeddings', 'u8', members * features * hidden);
  return {
    ...base,
    hidden,
    members,
    embeddings: new Int8Array(embeddings.buffer, embeddings.byteOffset, embeddings.length),
    embeddingScales: section(file, 'embedding_scales', 'f32', members * features),
    hiddenBias: section(file, 'hidden_bias', 'f32', members * hidden),
    output: section(file, 'output', 'f32', members * hidden * labels),
    labelBias: section(file, 'label_bias', 'f32', labels),
  };
}

/**
 * Rows of 32-bit weights as signed bytes with one scale a row: value ≈ byte · scale, |error| ≤ scale / 2. A row of
 * zeros has scale 0.
 */
export function quantiseRows(weights: Float32Array, width: number, bytes: Int8Array, scales: Float32Array): void {
  for (let row = 0; row < scales.length; row++) {
    const from = row * width;
    let largest = 0;
    for (let j = from; j < from + width; j++) largest = Math.max(largest, Math.abs(weights[j]!));
    scales[row] = largest / 127;
    const inverse = largest > 0 ? 127 / largest : 0;
    for (let j = from; j < from + width; j++) bytes[j] = Math.round(weights[j]! * inverse);
  }
}
