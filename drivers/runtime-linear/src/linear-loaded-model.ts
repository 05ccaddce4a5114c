import { type Explanation, inferenceErrors, type LoadedModel, type ModelInput } from '@understudy/inference';
import { explainLinear, type LinearScorer } from '@understudy/text';

/** A linear model in memory; one thread at a time. */
export class LinearLoadedModel implements LoadedModel {
  readonly labels: readonly string[];
  readonly memoryBytes: number;
  #scorer: LinearScorer | undefined;

  constructor(scorer: LinearScorer) {
    this.#scorer = scorer;
    this.labels = scorer.labels;
    this.memoryBytes = scorer.memoryBytes;
  }

  predict(inputs: readonly ModelInput[]): Float32Array {
    const scorer = this.#open();
    const probabilities = new Float32Array(inputs.length * this.labels.length);
    for (let i = 0; i < inputs.length; i++) scorer.predict(inputs[i]!.text, probabilities, i * this.labels.length);
    return probabilities;
  }

  /** Throws a RangeError for a label that the model does not have. */
  explain(input: ModelInput, label: number, options: { maxFeatures: number }): Explanation {
    const scorer = this.#open();
    const name = this.labels[label];
    if (name === undefined) throw new RangeError(`the model has no label ${label}`);
    return {
      method: 'linear_contributions',
      label: name,
      unit: 'logit',
      ...explainLinear(scorer, input.text, label, options),
    };
  }

  close(): void {
    this.#scorer = undefined;
  }

  #open(): LinearScorer {
    if (!this.#scorer) throw inferenceErrors.model_unavailable('The model was closed.');
    return this.#scorer;
  }
}
