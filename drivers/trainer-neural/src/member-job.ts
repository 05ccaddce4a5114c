import { quantiseRows } from '@understudy/text';
import { type FitSettings, type LabelledRows, MemberNetwork } from './member-network.ts';

/** One network to be fitted: everything that decides its weights. The arrays may be in shared memory. */
export interface MemberJob {
  data: LabelledRows;
  features: number;
  labelCount: number;
  longestRow: number;
  settings: FitSettings;
  seed: number;
  /** Which of the random sequences under the seed. */
  stream: number;
  /** Rows to fit on and, if any, rows to score afterwards. */
  fitRows: Int32Array;
  scoreRows: Int32Array;
  /** Whether the weights are wanted; a member that is only to be validated keeps them to itself. */
  keepWeights: boolean;
}

export interface MemberResult {
  /** `[row of scoreRows][label]`. */
  scores: Float32Array;
  weights: MemberWeights | null;
}

/** The arrays of one member as the model file holds them. */
export interface MemberWeights {
  embeddings: Int8Array;
  embeddingScales: Float32Array;
  hiddenBias: Float32Array;
  /** `[hidden][label]`. */
  output: Float32Array;
  labelBias: Float32Array;
}

export function runMemberJob(job: MemberJob, onRows: (visited: number) => void): MemberResult {
  const { features, labelCount, longestRow, settings } = job;
  const network = new MemberNetwork(features, labelCount, longestRow, settings, job.seed, job.stream);
  network.fit(job.data, job.fitRows, onRows);
  const scores = new Float32Array(job.scoreRows.length * labelCount);
  for (let i = 0; i < job.scoreRows.length; i++) {
    scores.set(network.score(job.data, job.scoreRows[i]!).subarray(0, labelCount), i * labelCount);
  }
  return { scores, weights: job.keepWeights ? weightsOf(network) : null };
}

function weightsOf(network: MemberNetwork): MemberWeights {
  const { features, labelCount, stride } = network;
  const { hidden } = network.settings;
  const embeddings = new Int8Array(features * hidden);
  const embeddingScales = new Float32Array(features);
  quantiseRows(network.embeddings, hidden, embeddings, embeddingScales);
  const output = new Float32Array(hidden * labelCount);
  for (let j = 0; j < hidden; j++) {
    output.set(network.output.subarray(j * stride, j * stride + labelCount), j * labelCount);
  }
  return {
    embeddings,
    embeddingScales,
    hiddenBias: network.hiddenBias.slice(),
    output,
    labelBias: network.labelBias.slice(),
  };
}
