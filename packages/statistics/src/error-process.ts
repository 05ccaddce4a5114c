/** The state of an {@link ErrorProcess}: plain data, to store in a row. */
export interface ErrorProcessState {
  maxError: number;
  minProbability: number;
  observed: number;
  capitals: number[];
}

/** Alternatives as multiples of the budget: which true errors the process is quick to notice. */
const MULTIPLES = [1.25, 1.5, 2, 3, 5, 10, 20] as const;
/** No capital grows beyond this; holding less than one has is valid, and the sum stays finite. */
const ENOUGH = 1e250;

/**
 * E-process for H0 "the error is at most `maxError`" over audited decisions, each drawn with its own known
 * probability. Under H0 the chance that {@link value} ever reaches 1/α is at most α (Ville), however often it is
 * looked at; so suspend at `value >= 1/α`.
 *
 * Capital is multiplied by 1 + λ (wrong − maxError)/π for fixed stakes λ (predictable by being fixed; Waudby-Smith &
 * Ramdas 2023), mixed over stakes and over starting times with weights 1/(s(s+1)): what stays unstaked is kept, so
 * that a rise after a long good time is noticed nearly as fast as one at the start.
 */
export class ErrorProcess {
  readonly maxError: number;
  readonly minProbability: number;
  readonly #shares: number[];
  readonly #capitals: number[];
  #observed: number;

  /** `minProbability`: the least probability that the audit may ever use; smaller means slower. */
  constructor(maxError: number, minProbability: number, state?: ErrorProcessState) {
    if (!(maxError > 0 && maxError < 1)) throw new RangeError(`an error budget lies between 0 and 1, not ${maxError}`);
    if (!(minProbability > 0 && minProbability <= 1)) {
      throw new RangeError(`a probability lies in (0, 1], not ${minProbability}`);
    }
    this.maxError = maxError;
    this.minProbability = minProbability;
    this.#shares = MULTIPLES.flatMap((multiple) => {
      const error = multiple * maxError;
      return error < 1 ? [(error - maxError) / (1 - maxError)] : [];
    });
    if (this.#shares.length === 0) this.#shares.push(0.5);
    this.#observed = state?.observed ?? 0;
    this.#capitals = state === undefined ? this.#shares.map(() => 0) : [...state.capitals];
    if (this.#capitals.length !== this.#shares.length) throw new RangeError('the state is not one of this process');
  }

  static from(state: ErrorProcessState): ErrorProcess {
    return new ErrorProcess(state.maxError, state.minProbability, state);
  }

  /** One audited decision; returns the e-value after it. */
  observe(wrong: boolean, probability: number): number {
    if (!(probability >= this.minProbability && probability <= 1)) {
      throw new RangeError(`this process audits with at least ${this.minProbability}, not ${probability}`);
    }
    this.#observed++;
    const fresh = 1 / (this.#observed * (this.#observed + 1)) / this.#shares.length;
    const weight = this.minProbability / probability;
    for (let i = 0; i < this.#shares.length; i++) {
      const share = this.#shares[i]! * weight;
      const factor = wrong ? 1 + (share * (1 - this.maxError)) / this.maxError : 1 - share;
      this.#capitals[i] = Math.min(ENOUGH, (this.#capitals[i]! + fresh) * factor);
    }
    return this.value;
  }

  /** The evidence against H0: 1 at the start. */
  get value(): number {
    let sum = 1 / (this.#observed + 1);
    for (const capital of this.#capitals) sum += capital;
    return sum;
  }

  get observed(): number {
    return this.#observed;
  }

  toJSON(): ErrorProcessState {
    return {
      maxError: this.maxError,
      minProbability: this.minProbability,
      observed: this.#observed,
      capitals: [...this.#capitals],
    };
  }
}
