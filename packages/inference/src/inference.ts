import type { Clock, Logger } from '@understudy/kernel';
import type { ItemAnswer } from './batcher.ts';
import { ModelHost } from './host/model-host.ts';
import type { Explanation } from './ports.ts';
import { type Limits, type ModelFile, ServedModel } from './served-model.ts';

export interface InferenceOptions {
  /** Module URLs of the runtimes; each exports `runtime: ModelRuntime`. */
  runtimes: readonly string[];
  /** Host processes that models share. */
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
/** A model under which its process died this often gets a process of its own. */
const STRIKES = 2;

/** Models in memory, each isolated from the gateway and from the others. */
export class Inference {
  readonly #options: InferenceOptions;
  readonly #limits: Limits;
  readonly #models = new Map<string, ServedModel>();
  readonly #shared: ModelHost[];
  readonly #own = new Map<number, ModelHost>();
  readonly #sweeper: NodeJS.Timeout;
  #nextNumber = 1;

  constructor(options: InferenceOptions) {
    this.#options = options;
    this.#limits = {
      timeoutMs: options.timeoutMs,
      loadTimeoutMs: Math.max(30_000, options.timeoutMs),
      maxWaiting: 2000,
      breakerFailures: 5,
      breakerOpenMs: 2000,
    };
    this.#shared = Array.from({ length: options.hosts }, () => this.#newHost());
    this.#sweeper = setInterval(() => this.sweep(), 60_000).unref();
  }

  #newHost(): ModelHost {
    const { runtimes, maxModelBytes, logger } = this.#options;
    const host = new ModelHost({ runtimes, maxMemoryBytes: maxModelBytes, logger });
    host.onLost = (number, reason) => this.#onLost(host, number, reason);
    return host;
  }

  #onLost(host: ModelHost, number: number | null, reason: string): void {
    const busy = host.busyModels();
    for (const [key, model] of this.#models) {
      if (model.host !== host || (number !== null && model.number !== number)) continue;
      model.lost();
      this.#options.logger.warn({ model: key, reason }, 'a model lost its place and loads again on its next use');
      if (number !== null || !busy.has(model.number)) continue;
      model.strikes++;
      if (model.strikes >= STRIKES && !this.#own.has(model.number)) {
        const own = this.#newHost();
        this.#own.set(model.number, own);
        model.moveTo(own);
      }
    }
  }

  #model(servable: ServableModel): ServedModel {
    let model = this.#models.get(servable.key);
    if (model === undefined) {
      const number = this.#nextNumber++;
      model = new ServedModel(number, servable, this.#shared[number % this.#shared.length]!, this.#limits);
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
  async predict(servable: ServableModel, text: string): Promise<ItemAnswer & { labels: readonly string[] }> {
    const model = this.#model(servable);
    const answer = await model.predict(text);
    return { probabilities: answer.probabilities, microseconds: answer.microseconds, labels: model.labels };
  }

  explain(servable: ServableModel, text: string, label: string, maxFeatures: number): Promise<Explanation> {
    return this.#model(servable).explain(text, label, maxFeatures);
  }

  /** Unloads a model and returns its memory. It loads again when it is asked for. */
  async unload(key: string): Promise<void> {
    const model = this.#models.get(key);
    if (model === undefined) return;
    this.#models.delete(key);
    await model.unload();
    const own = this.#own.get(model.number);
    this.#own.delete(model.number);
    await own?.close();
  }

  /** Unloads what nobody used for a while. */
  sweep(): void {
    const limit = this.#options.clock.now() - IDLE_MS;
    for (const [key, model] of this.#models) {
      if (model.lastUsedAt < limit && model.waiting === 0) void this.unload(key);
    }
  }

  status(): ModelStatus[] {
    return [...this.#models].map(([key, model]) => ({
      key,
      loaded: model.labels.length > 0,
      memoryBytes: model.memoryBytes,
      waiting: model.waiting,
      strikes: model.strikes,
    }));
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    await Promise.all([...this.#shared, ...this.#own.values()].map((host) => host.close()));
  }
}
