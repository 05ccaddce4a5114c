import {
  type CircuitBreakerPolicy,
  ConsecutiveBreaker,
  circuitBreaker,
  handleAll,
  isBrokenCircuitError,
} from 'cockatiel';
import { type BatchAnswer, Batcher, type ItemAnswer } from './batcher.ts';
import { inferenceErrors } from './errors.ts';
import { encodeTexts, Op } from './host/frames.ts';
import { HostGone, ModelFailed, type ModelHost } from './host/model-host.ts';
import { NearModel } from './near-model.ts';
import type { Explanation, ModelRuntime } from './ports.ts';

export interface Limits {
  /** Longest that a batch may take, in ms. */
  timeoutMs: number;
  /** Longest that reading the file, and then loading it, may take, in ms. */
  loadTimeoutMs: number;
  /** Items, and explanations, that may wait for one model. */
  maxWaiting: number;
  /** Failures in a row that open the circuit, and how long it stays open. */
  breakerFailures: number;
  breakerOpenMs: number;
  maxModelBytes: number;
}

/** What a model version is and where its bytes come from. */
export interface ModelFile {
  format: string;
  /** Reads the artifact; the bytes are checked against the recorded SHA-256 before they are handed out. */
  read(): Promise<Uint8Array>;
}

/**
 * How often a call is made when hosts die under it. Under repeated deaths every suspect gets a process of its own
 * (see Inference), so the last attempt of an innocent model meets nobody else's crash.
 */
const ATTEMPTS = 3;

/**
 * One model as the gateway sees it: loads on first use and again after a crash, batches, limits time and queue,
 * breaks the circuit when it keeps failing. Of a tame runtime, small batches are answered here, and the host is asked
 * only for large ones and for explanations.
 */
export class ServedModel {
  readonly number: number;
  lastUsedAt = 0;
  /** How often its host process died while this model was at work, and when it last did. */
  strikes = 0;
  struckAt = 0;
  readonly #file: ModelFile;
  readonly #limits: Limits;
  readonly #batcher: Batcher;
  readonly #breaker: CircuitBreakerPolicy;
  #labels: readonly string[] = [];
  #memoryBytes = 0;
  #host: ModelHost;
  /** Pending while it loads, resolved while it is loaded. */
  #ready: Promise<void> | null = null;
  #loaded = false;
  /** What opens the model here; null when only its host may. */
  #tame: ModelRuntime | null;
  /** Pending while it is opened here. */
  #opening: Promise<NearModel | null> | null = null;
  #near: NearModel | null = null;
  #explaining = 0;
  /** Batches, explanations and loads under way. */
  #working = 0;
  #onIdle: (() => void)[] = [];

  constructor(number: number, file: ModelFile, host: ModelHost, limits: Limits, tame: ModelRuntime | null) {
    this.number = number;
    this.#file = file;
    this.#tame = tame;
    this.#host = host;
    this.#limits = limits;
    this.#batcher = new Batcher((texts) => this.#runBatch(texts), {
      limit: limits.maxWaiting,
      splittable: (error) => error instanceof ModelFailed,
    });
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

  get loaded(): boolean {
    return this.#loaded || this.#near !== null;
  }

  /** Bytes that it holds, here and in its host; 0 while it is not loaded. */
  get memoryBytes(): number {
    return (this.#loaded ? this.#memoryBytes : 0) + (this.#near?.memoryBytes ?? 0);
  }

  /** Its thread or process is gone: the next use of its host loads it again. */
  lost(): void {
    this.#ready = null;
    this.#loaded = false;
  }

  moveTo(host: ModelHost): void {
    this.#host = host;
    this.lost();
  }

  /** Loads the model unless it is. Throws model_artifact_invalid, model_unavailable. */
  load(): Promise<void> {
    return this.#track(async () => {
      if ((await this.#ensureNear()) === null) await this.#loadInHost();
    });
  }

  #loadInHost(): Promise<void> {
    return this.#attempts(() => this.#ensureLoaded());
  }

  /** Opens it here unless it is. Null where that is not for this model. */
  #ensureNear(): Promise<NearModel | null> {
    if (this.#tame === null) return Promise.resolve(null);
    this.#opening ??= this.#open(this.#tame).then(
      (near) => {
        this.#near = near;
        if (near === null) this.#tame = null;
        return near;
      },
      (error: unknown) => {
        this.#opening = null;
        throw error;
      },
    );
    return this.#opening;
  }

  async #open(runtime: ModelRuntime): Promise<NearModel | null> {
    const { loadTimeoutMs, maxModelBytes } = this.#limits;
    const bytes = await withLimit(this.#file.read(), loadTimeoutMs, 'reading the model’s file');
    return NearModel.load(runtime, bytes, maxModelBytes);
  }

  #ensureLoaded(): Promise<void> {
    if (this.#ready !== null) return this.#ready;
    const host = this.#host;
    const ready: Promise<void> = this.#load(host).then(
      () => {
        if (this.#ready === ready) this.#loaded = true;
      },
      (error: unknown) => {
        if (this.#ready === ready) {
          this.lost();
          void host.unload(this.number); // a thread that failed to load holds memory all the same
        }
        throw error;
      },
    );
    this.#ready = ready;
    return ready;
  }

  /** Lets go of one loading, not of a later one. */
  #forget(ready: Promise<void>): void {
    if (this.#ready === ready) this.lost();
  }

  async #load(host: ModelHost): Promise<void> {
    const { loadTimeoutMs } = this.#limits;
    const bytes = await withLimit(this.#file.read(), loadTimeoutMs, 'reading the model’s file');
    const format = Buffer.from(this.#file.format);
    const head = Buffer.allocUnsafe(4);
    head.writeUInt32LE(format.length);
    const call = host.call(this.number, Op.load, Buffer.concat([head, format, bytes]));
    const answer = await withLimit(call, loadTimeoutMs, 'loading the model');
    const { labels, memoryBytes } = JSON.parse(Buffer.from(answer).toString()) as {
      labels: string[];
      memoryBytes: number;
    };
    this.#labels = labels;
    this.#memoryBytes = memoryBytes;
  }

  /** Rejects with model_unavailable (circuit open, time limit, crash) or model_overloaded (queue full). */
  predict(text: string): Promise<ItemAnswer> {
    return this.#batcher.add(text) ?? Promise.reject(this.#overloaded());
  }

  #overloaded() {
    const detail = `${this.#limits.maxWaiting} items wait for this model already`;
    return inferenceErrors.model_overloaded(detail, { retryAfterSeconds: 1 });
  }

  #runBatch(texts: string[]): Promise<BatchAnswer> {
    if (this.#tame === null) return this.#runInHost(texts);
    return this.#track(async () => {
      // A file that cannot be opened is not read for every batch: that, too, rests when it keeps failing.
      const near = this.#near ?? (await this.#guarded(() => this.#ensureNear()));
      if (near !== null && this.#staysHere(near, texts)) {
        try {
          return await near.answer(texts);
        } catch {
          // Asked again where it can harm nobody.
        }
      }
      return this.#runInHost(texts);
    });
  }

  /** The first large batch, too: it does not wait for a process to start. */
  #staysHere(near: NearModel, texts: readonly string[]): boolean {
    if (near.takes(texts)) return true;
    if (this.#loaded || !near.bears(texts)) return false;
    this.#track(() => this.#loadInHost()).catch(() => {}); // the next large batch tells
    return true;
  }

  #runInHost(texts: string[]): Promise<BatchAnswer> {
    return this.#guarded(async () => {
      const answer = await this.#call(Op.predict, encodeTexts(texts));
      const labels = this.#labels;
      if (answer.byteLength !== 4 * (1 + texts.length * labels.length)) {
        throw inferenceErrors.model_unavailable('the model answered with another number of scores');
      }
      const floats = new Float32Array(answer.buffer, answer.byteOffset);
      return { microseconds: floats[0]!, probabilities: floats.subarray(1), labels };
    });
  }

  /** Rejects as `predict` does; a label that the model does not have is the caller's mistake (RangeError). */
  async explain(text: string, label: string, maxFeatures: number): Promise<Explanation> {
    if (this.#explaining >= this.#limits.maxWaiting) throw this.#overloaded();
    this.#explaining++;
    try {
      const answer = await this.#guarded(async () => {
        await this.#loadInHost();
        if (!this.#labels.includes(label)) return null;
        return this.#call(Op.explain, Buffer.from(JSON.stringify({ text, label, maxFeatures })));
      });
      if (answer === null) throw new RangeError('a label that the model does not have cannot be explained');
      return JSON.parse(Buffer.from(answer).toString()) as Explanation;
    } finally {
      this.#explaining--;
    }
  }

  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.#track(() => this.#breaker.execute(work));
    } catch (error) {
      if (isBrokenCircuitError(error)) {
        throw inferenceErrors.model_unavailable('the model failed repeatedly and rests for a moment');
      }
      throw error;
    }
  }

  #call(op: Op, payload: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    return this.#attempts(async () => {
      const ready = this.#ensureLoaded();
      await ready;
      const host = this.#host;
      try {
        return await withLimit(host.call(this.number, op, payload), this.#limits.timeoutMs, 'answering', () => {
          // Ending the thread frees it from any loop. What waited behind the slow call is asked again.
          this.#forget(ready);
          void host.unload(this.number);
        });
      } catch (error) {
        if (error instanceof HostGone) this.#forget(ready);
        throw error;
      }
    });
  }

  /** An answer has no side effect, so asking again when a process died is safe. */
  async #attempts<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof HostGone)) throw error;
        if (attempt === ATTEMPTS) {
          throw inferenceErrors.model_unavailable(`the model’s process ended ${ATTEMPTS} times`, { cause: error });
        }
      }
    }
  }

  async #track<T>(work: () => Promise<T>): Promise<T> {
    this.#working++;
    try {
      return await work();
    } finally {
      this.#working--;
      if (this.#idle) for (const resolve of this.#onIdle.splice(0)) resolve();
    }
  }

  get #idle(): boolean {
    return this.#working === 0 && this.#batcher.waiting === 0;
  }

  /** Unloads once everything under way is answered, loads included. Nobody may ask for anything after this. */
  async retire(): Promise<void> {
    if (!this.#idle) await new Promise<void>((resolve) => this.#onIdle.push(resolve));
    this.lost();
    this.#near?.close();
    this.#near = null;
    await this.#host.unload(this.number);
  }
}

/** `atLimit` runs after the promise has been rejected, so that its consequences cannot overtake the reason. */
async function withLimit<T>(work: Promise<T>, ms: number, doing: string, atLimit = () => {}): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(inferenceErrors.model_unavailable(`${doing} took longer than ${ms} ms`));
      atLimit();
    }, ms);
  });
  work.catch(() => {}); // after the limit nobody listens any more
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
