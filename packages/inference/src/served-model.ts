import {
  type CircuitBreakerPolicy,
  ConsecutiveBreaker,
  circuitBreaker,
  handleAll,
  isBrokenCircuitError,
} from 'cockatiel';
import { Batcher, type ItemAnswer } from './batcher.ts';
import { inferenceErrors } from './errors.ts';
import { encodeTexts, Op } from './host/frames.ts';
import { HostGone, type ModelHost } from './host/model-host.ts';
import type { Explanation } from './ports.ts';

export interface Limits {
  /** Longest that a batch may take, in ms. */
  timeoutMs: number;
  /** Longest that loading may take, in ms. */
  loadTimeoutMs: number;
  /** Items that may wait for one model. */
  maxWaiting: number;
  /** Failures in a row that open the circuit, and how long it stays open. */
  breakerFailures: number;
  breakerOpenMs: number;
}

/** What a model version is and where its bytes come from. */
export interface ModelFile {
  format: string;
  /** Reads the artifact; the bytes are checked against the recorded SHA-256 before they are handed out. */
  read(): Promise<Uint8Array>;
}

/**
 * One model as the gateway sees it: loads on first use and again after a crash, batches, limits time and queue,
 * breaks the circuit when it keeps failing.
 */
export class ServedModel {
  readonly number: number;
  labels: readonly string[] = [];
  memoryBytes = 0;
  lastUsedAt = 0;
  /** How often its host process died while this model was at work. */
  strikes = 0;
  readonly #file: ModelFile;
  readonly #limits: Limits;
  readonly #batcher: Batcher;
  readonly #breaker: CircuitBreakerPolicy;
  #host: ModelHost;
  #loaded: Promise<void> | null = null;

  constructor(number: number, file: ModelFile, host: ModelHost, limits: Limits) {
    this.number = number;
    this.#file = file;
    this.#host = host;
    this.#limits = limits;
    this.#batcher = new Batcher((texts) => this.#runBatch(texts), limits.maxWaiting);
    this.#breaker = circuitBreaker(handleAll, {
      halfOpenAfter: limits.breakerOpenMs,
      breaker: new ConsecutiveBreaker(limits.breakerFailures),
    });
  }

  get host(): ModelHost {
    return this.#host;
  }

  get waiting(): number {
    return this.#batcher.waiting;
  }

  /** Its thread or process is gone: the next use loads it again. */
  lost(): void {
    this.#loaded = null;
  }

  moveTo(host: ModelHost): void {
    this.#host = host;
    this.#loaded = null;
  }

  /** Loads the model unless it is. Throws model_artifact_invalid, model_unavailable. */
  load(): Promise<void> {
    this.#loaded ??= this.#load().catch((error: unknown) => {
      this.#loaded = null;
      throw error;
    });
    return this.#loaded;
  }

  async #load(): Promise<void> {
    const bytes = await this.#file.read();
    const format = Buffer.from(this.#file.format);
    const head = Buffer.allocUnsafe(4);
    head.writeUInt32LE(format.length);
    const payload = Buffer.concat([head, format, bytes]);
    const call = this.#host.call(this.number, Op.load, payload);
    const answer = await this.#within(call, this.#limits.loadTimeoutMs, 'loading');
    const { labels, memoryBytes } = JSON.parse(Buffer.from(answer).toString()) as {
      labels: string[];
      memoryBytes: number;
    };
    this.labels = labels;
    this.memoryBytes = memoryBytes;
  }

  /** Rejects with model_unavailable (circuit open, time limit, crash) or model_overloaded (queue full). */
  predict(text: string): Promise<ItemAnswer> {
    const answer = this.#batcher.add(text);
    if (answer === null) {
      return Promise.reject(
        inferenceErrors.model_overloaded(`${this.#limits.maxWaiting} items wait for this model already`),
      );
    }
    return answer;
  }

  #runBatch(texts: string[]): Promise<{ probabilities: Float32Array; microseconds: number; labels: number }> {
    return this.#guarded(async () => {
      const answer = await this.#call(Op.predict, encodeTexts(texts));
      const floats = new Float32Array(answer.slice().buffer);
      const labels = this.labels.length;
      if (floats.length !== 1 + texts.length * labels) {
        throw inferenceErrors.model_unavailable('the model answered with another number of scores');
      }
      return { microseconds: floats[0]!, probabilities: floats.subarray(1), labels };
    });
  }

  explain(text: string, label: string, maxFeatures: number): Promise<Explanation> {
    return this.#guarded(async () => {
      const answer = await this.#call(Op.explain, Buffer.from(JSON.stringify({ text, label, maxFeatures })));
      return JSON.parse(Buffer.from(answer).toString()) as Explanation;
    });
  }

  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.#breaker.execute(work);
    } catch (error) {
      if (isBrokenCircuitError(error)) {
        throw inferenceErrors.model_unavailable('the model failed repeatedly and rests for a moment');
      }
      throw error;
    }
  }

  async #call(op: Op, payload: Uint8Array): Promise<Uint8Array> {
    for (let attempt = 0; ; attempt++) {
      await this.load();
      try {
        return await this.#within(this.#host.call(this.number, op, payload), this.#limits.timeoutMs, 'answering');
      } catch (error) {
        // The process died, perhaps under another model: an answer has no side effect, so once more is safe.
        if (!(error instanceof HostGone)) throw error;
        if (attempt > 0) throw inferenceErrors.model_unavailable('the model’s process died twice', { cause: error });
      }
    }
  }

  /** At the limit the thread is ended, which frees it from any loop; a host that cannot even do that is killed. */
  async #within<T>(call: Promise<T>, milliseconds: number, doing: string): Promise<T> {
    const host = this.#host;
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.#loaded = null;
        const stuck = setTimeout(() => host.kill(), 1000);
        void host.unload(this.number).then(() => clearTimeout(stuck));
        reject(inferenceErrors.model_unavailable(`the model took longer than ${milliseconds} ms for ${doing}`));
      }, milliseconds);
    });
    call.catch(() => {}); // after the limit nobody listens any more
    try {
      return await Promise.race([call, limit]);
    } finally {
      clearTimeout(timer);
    }
  }

  async unload(): Promise<void> {
    this.#loaded = null;
    await this.#host.unload(this.number);
  }
}
