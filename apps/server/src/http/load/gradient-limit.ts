/** How a {@link GradientLimit} behaves. */
export interface GradientOptions {
  /** Requests at once, to begin with, at least and at most. */
  initial: number;
  least: number;
  most: number;
  /** How many times the usual time an answer may take before the limit shrinks. Default 2. */
  tolerance?: number;
  /** Milliseconds, and samples, that make one measurement. Default 100 and 10. */
  windowMs?: number;
  windowSamples?: number;
}

/** Share of the way to the new limit that one measurement goes. */
const SMOOTHING = 0.2;
/** The usual time follows the measured one so slowly: a minute of windows of 100 ms. */
const USUAL_WINDOWS = 600;
/** And so slowly while requests are turned away: times under overload say little about what is usual. */
const USUAL_WINDOWS_OVERLOADED = 3_000;
/** The first measurements are taken for what they are. */
const WARM_UP = 10;
/** A measurement shrinks the limit to half at most. */
const STEEPEST = 0.5;

/**
 * How many requests a server takes on at once, found from how long its answers take: it grows while answers come in
 * their usual time and shrinks as soon as they begin to queue. After Netflix's Gradient2
 * (https://netflixtechblog.medium.com/performance-under-load-3e6fa9a60581), which compares a short average with a long
 * one and leaves room for a queue of the square root of the limit; unlike there, the long average hardly follows times
 * that were measured under overload, so that an overload that lasts does not become the usual.
 *
 * Pure: times come from the caller, in milliseconds of any monotonic clock.
 */
export class GradientLimit {
  readonly #options: Required<GradientOptions>;
  #limit: number;
  #usual = 0;
  #windows = 0;
  #windowFrom = Number.NEGATIVE_INFINITY;
  #sum = 0;
  #samples = 0;
  #peak = 0;
  #refused = false;

  constructor(options: GradientOptions) {
    this.#options = { tolerance: 2, windowMs: 100, windowSamples: 10, ...options };
    this.#limit = options.initial;
  }

  /** Requests that may be under way at once; whole. */
  get limit(): number {
    return Math.floor(this.#limit);
  }

  /** What an answer usually takes, in milliseconds; 0 before the first measurement. */
  get usualMs(): number {
    return this.#usual;
  }

  /** A request was turned away. */
  refuse(): void {
    this.#refused = true;
  }

  /** An answer took so long, while so many requests were under way. */
  observe(now: number, tookMs: number, inFlight: number): void {
    this.#sum += tookMs;
    this.#samples++;
    if (inFlight > this.#peak) this.#peak = inFlight;
    if (now - this.#windowFrom < this.#options.windowMs || this.#samples < this.#options.windowSamples) return;
    if (this.#windowFrom !== Number.NEGATIVE_INFINITY) this.#measure(this.#sum / this.#samples);
    this.#windowFrom = now;
    this.#sum = 0;
    this.#samples = 0;
    this.#peak = 0;
    this.#refused = false;
  }

  #measure(took: number): void {
    const { tolerance, least, most } = this.#options;
    this.#learn(took);
    // Fewer requests than half of what is allowed say nothing about the limit.
    if (this.#peak < this.#limit / 2) return;
    const gradient = Math.max(STEEPEST, Math.min(1, (tolerance * this.#usual) / took));
    const wanted = this.#limit * gradient + Math.max(4, Math.sqrt(this.#limit));
    const next = this.#limit * (1 - SMOOTHING) + wanted * SMOOTHING;
    this.#limit = Math.max(least, Math.min(most, next));
  }

  #learn(took: number): void {
    this.#windows++;
    if (this.#windows <= WARM_UP) {
      this.#usual += (took - this.#usual) / this.#windows;
      return;
    }
    const slow = this.#refused && took > this.#usual;
    this.#usual += (took - this.#usual) / (slow ? USUAL_WINDOWS_OVERLOADED : USUAL_WINDOWS);
    // Long after an overload the average may still hold it: it comes down faster than it went up.
    if (this.#usual > 2 * took) this.#usual *= 0.95;
  }
}
