export { Corpus } from './corpus.ts';
export {
  type CorpusData,
  type CorpusSpace,
  featureSpace,
  type SpaceOptions,
  type SparseMatrix,
  sharedArray,
  vectors,
} from './corpus-data.ts';
export { ModelFileError } from './errors.ts';
export { FeatureTable, featureTableBytes } from './feature-table.ts';
export { SIGNATURE_POSITIONS, type TextFingerprint, textFingerprint } from './fingerprint.ts';
export { explainLinear, type LinearExplanation } from './linear-explanation.ts';
export { decodeLinearModel, encodeLinearModel, LINEAR_FORMAT, type LinearModel, paddedLabels } from './linear-model.ts';
export { LinearScorer } from './linear-scorer.ts';
export { type LocatedFeature, locateFeatures } from './located-ngrams.ts';
export { decodeModelFile, encodeModelFile, type ModelFile, type SectionArray } from './model-file.ts';
export { explainNetwork } from './network-explanation.ts';
export { type NetworkKernel, networkKernel } from './network-kernel.ts';
export {
  decodeNetworkModel,
  encodeNetworkModel,
  HIDDEN_MULTIPLE,
  NETWORK_FORMAT,
  type NetworkModel,
  quantiseRows,
} from './network-model.ts';
export { NetworkScorer, networkScorerBytes } from './network-scorer.ts';
export { DEFAULT_NGRAMS, NgramExtractor, type NgramOptions } from './ngrams.ts';
export { MAX_TEXT_UNITS, Normaliser, normaliseWithOffsets } from './normalise.ts';
export { type SparseKernel, sparseKernel } from './sparse-kernel.ts';
export { decodeTextModel, encodeTextModel, integer, number, section, type TextModelBase } from './text-model.ts';
export { type FeatureSpace, TextVectoriser } from './vectoriser.ts';
