export { bettingInterval } from './betting.ts';
export {
  binomialTail,
  binomialUpperTail,
  clopperPearson,
  clopperPearsonUpper,
  exactMcNemar,
  wilson,
} from './binomial.ts';
export { type DawidSkene, type DawidSkeneOptions, dawidSkene, type Rating } from './dawid-skene.ts';
export { ErrorProcess, type ErrorProcessState } from './error-process.ts';
export { fisherGreater } from './fisher.ts';
export { fixedSequence } from './fixed-sequence.ts';
export { incompleteBeta, inverseIncompleteBeta, logBinomialMass, logGamma } from './incomplete-beta.ts';
export type { Interval } from './interval.ts';
export { krippendorffAlpha } from './krippendorff.ts';
export { normalCdf, normalQuantile } from './normal.ts';
export { type CheckQuality, type CorrectedError, correctedError } from './reviewer-correction.ts';
export { uniform } from './simulation.ts';
export {
  anytimeErrorInterval,
  countByProbability,
  hajekError,
  logEvidenceAbove,
  logEvidenceBelow,
  type WeightedCounts,
  weightedErrorInterval,
  weightedErrorIntervalOfCounts,
} from './weighted-error.ts';
