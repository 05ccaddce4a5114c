import type { Clock, Logger } from '@understudy/kernel';
import type { ItemAnswer } from './batcher.ts';
import { type Loss, ModelHost } from './host/model-host.ts';
import type { Explanation, ModelRuntime } from './ports.ts';
import { type Limits, type ModelFile, ServedModel } from './served-model.ts';

export interface InferenceOptions {
  /** Module URLs of the runtimes; each exports `runtime: ModelRuntime`. */
  runtimes: readonly string[];
  /** Runtimes whose models may run in this process, too; one that is not `ModelRuntime.tame` is left out. Default none. */
  tame?: readonly ModelRuntime[];
  /** Host processes that models share, at least 1. */
  hosts: number;
  maxModelBytes: number;
  timeoutMs: number;
  clock: Clock;
  logger: Logger;
}

/** A model version: `key` names it in this process, e.g. `<workspace>/<model>/<version>`. */
export interface ServableModel extends ModelFile {
  key: string;
}

export interface ModelStatus {
  key: string;
  loaded: boolean;
  memoryBytes: number;
  waiting: number;
  strikes: number;
}

/** A model that nobody asked for this long gives its memory back. */
const IDLE_MS = 15 * 60_000;
/** A model under which its process died this often gets a process of its own… */
const STRIKES = 2;
/** …until no process died under it for this long: it may only have been near. */
const PAROLE_MS = 15 * 60_000;
/** A model that was used this lately is loaded again at once when it loses its process. */
const WARM_MS = 60_000;

/** Models in memory, each isolated from the gateway and from the others. */
export class Inference {
  readonly #options: InferenceOptions;
  readonly #limits: Limits;
  readonly #models = new Map<string, ServedModel>();
  /** Unloaded as soon as what they have under way is answered. */
  readonly #retiring = new Set<ServedModel>();
  readonly #shared: ModelHost[];
  readonly #own = new Map<number, ModelHost>();
  readonly #sweeper: NodeJS.Timeout;
  #nextNumber = 1;
  #closed = false;

  constructor(options: InferenceOptions) {
    this.#options = options;
    this.#limits = {
      timeoutMs: options.timeoutMs,
      loadTimeoutMs: Math.max(30_000, options.timeoutMs),
      maxWaiting: 2000,
      breakerFailures: 5,
      breakerOpenMs: 2000,
      maxModelBytes: options.maxModelBytes,
    };
    this.#shared = Array.from({ length: Math.max(1, options.hosts) }, () => this.#newHost());
    this.#sweeper = setInterval(() => this.sweep(), 60_000).unref();
  }

  #newHost(): ModelHost {
    const { runtimes, maxModelBytes, logger } = this.#options;
    const host = new ModelHost({ runtimes, maxMemoryBytes: maxModelBytes, logger });
    host.onLost = (loss) => {
      if (!this.#closed) this.#onLost(host, loss);
    };
    return host;
  }

  #onLost(host: ModelHost, { model: number, reason, busy }: Loss): void {
    const { clock, logger } = this.#options;
    const now = clock.now();
    for (const model of [...this.#models.values(), ...this.#retiring]) {
      if (model.host !== host || (number !== null && model.number !== number)) continue;
      const wasLoaded = model.loaded;
      model.lost();
      logger.warn({ model: this.#keyOf(model), reason }, 'a model lost its place');
      if (number !== null) continue;
      if (busy.has(model.number)) this.#strike(model, now);
      else if (wasLoaded && now - model.lastUsedAt < WARM_MS) model.load().catch(() => {}); // its next use tells
    }
  }

  #keyOf(model: ServedModel): string | undefined {
    for (const [key, other] of this.#models) if (other === model) return key;
    return undefined;
  }

  #strike(model: ServedModel, now: number): void {
    model.strikes++;
    model.struckAt = now;
    if (model.strikes < STRIKES || this.#own.has(model.number)) return;
    const own = this.#newHost();
    this.#own.set(model.number, own);
    model.moveTo(own);
  }

  #sharedHost(number: number): ModelHost {
    return this.#shared[number % this.#shared.length]!;
  }

  #model(servable: ServableModel): ServedModel {
    let model = this.#models.get(servable.key);
    if (model === undefined) {
      const number = this.#nextNumber++;
      const able = ({ tame, formats }: ModelRuntime) => tame === true && formats.includes(servable.format);
      const tame = this.#options.tame?.find(able) ?? null;
      model = new ServedModel(number, servable, this.#sharedHost(number), this.#limits, tame);
      this.#models.set(servable.key, model);
    }
    model.lastUsedAt = this.#options.clock.now();
    return model;
  }

  /** Loads a model before it is needed. Throws model_artifact_invalid, model_unavailable. */
  prepare(servable: ServableModel): Promise<void> {
    return this.#model(servable).load();
  }

  /**
   * Calibrated probabilities of one item in the order of the returned labels. Rejects with model_unavailable,
   * model_overloaded or model_artifact_invalid.
   */
  predict(servable: ServableModel, text: string): Promise<ItemAnswer> {
    return this.#model(servable).predict(text);
  }

  /** Why the model gives `label` its score. Rejects as `predict` does. */
  explain(servable: ServableModel, text: string, label: string, maxFeatures: number): Promise<Explanation> {
    return this.#model(servable).explain(text, label, maxFeatures);
  }

  /** Answers what is under way, then returns the model's memory. It loads again when it is asked for. */
  async unload(key: string): Promise<void> {
    const model = this.#models.get(key);
    if (model === undefined) return;
    this.#models.delete(key);
    this.#retiring.add(model);
    await model.retire();
    this.#retiring.delete(model);
    await this.#closeOwn(model);
  }

  async #closeOwn(model: ServedModel): Promise<void> {
    const own = this.#own.get(model.number);
    this.#own.delete(model.number);
    await own?.close();
  }

  /** Unloads what nobody used for a while, and lets models that behave back among the others. */
  sweep(): void {
    const now = this.#options.clock.now();
    for (const [key, model] of this.#models) {
      if (model.lastUsedAt < now - IDLE_MS && model.waiting === 0) {
        void this.unload(key);
      } else if (model.strikes > 0 && model.struckAt < now - PAROLE_MS) {
        model.strikes = 0;
        if (!this.#own.has(model.number)) continue;
        model.moveTo(this.#sharedHost(model.number));
        void this.#closeOwn(model); // calls under way are asked again in the new place
      }
    }
  }

  status(): ModelStatus[] {
    return [...this.#models].map(([key, model]) => ({
      key,
      loaded: model.loaded,
      memoryBytes: model.memoryBytes,
      waiting: model.waiting,
      strikes: model.strikes,
    }));
  }

  /** Ends all processes. What is under way rejects with model_unavailable. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#sweeper);
    await Promise.all([...this.#shared, ...this.#own.values()].map((host) => host.close()));
  }
}
