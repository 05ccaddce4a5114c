import { Worker } from 'node:worker_threads';
import { inferenceErrors } from '@understudy/inference';
import type { EmbeddingCall, EmbeddingReply } from './embedding-thread.ts';

interface Pending {
  resolve(reply: EmbeddingReply): void;
  reject(error: unknown): void;
}

/** Calls that may wait. */
const MOST_WAITING = 64;
const LIMIT_MS = 10_000;

/**
 * Embeds on a thread of its own: whatever a text or a model file does, requests of others go on. The thread starts with
 * the first call, is ended when it says nothing for too long, and started again by the next.
 */
export class EmbeddingHost {
  readonly #limitMs: number;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | null = null;
  #timer: NodeJS.Timeout | undefined;
  #nextCall = 1;

  constructor(limitMs = LIMIT_MS) {
    this.#limitMs = limitMs;
  }

  /**
   * Vectors of all texts, one after the other. `key` names the model for good; `read` is asked for its file when the
   * thread does not have it.
   *
   * @throws `model_artifact_invalid`, `model_overloaded`, `model_unavailable`, and what `read` throws
   */
  async embed(
    key: string,
    read: () => Promise<Uint8Array>,
    texts: readonly string[],
    dimensions: number,
  ): Promise<Float32Array> {
    let reply = await this.#ask({ key, file: null, texts, dimensions });
    if ('absent' in reply) reply = await this.#ask({ key, file: await read(), texts, dimensions });
    if ('vectors' in reply) return reply.vectors;
    const why = 'invalid' in reply ? reply.invalid : 'it was forgotten at once';
    throw inferenceErrors.model_artifact_invalid(`the model cannot be read: ${why}`);
  }

  #ask(request: Omit<EmbeddingCall, 'call'>): Promise<EmbeddingReply> {
    if (this.#pending.size >= MOST_WAITING) {
      const detail = `${MOST_WAITING} requests for embeddings wait already`;
      return Promise.reject(inferenceErrors.model_overloaded(detail, { retryAfterSeconds: 1 }));
    }
    const worker = this.#running();
    const call = this.#nextCall++;
    return new Promise((resolve, reject) => {
      this.#pending.set(call, { resolve, reject });
      if (this.#pending.size === 1) this.#watch(worker);
      worker.postMessage({ call, ...request } satisfies EmbeddingCall);
    });
  }

  #running(): Worker {
    if (this.#worker !== null) return this.#worker;
    const worker = new Worker(new URL('./embedding-thread.ts', import.meta.url));
    worker.unref();
    worker.on('message', (reply: EmbeddingReply) => {
      const pending = this.#pending.get(reply.call);
      if (pending === undefined) return;
      this.#pending.delete(reply.call);
      this.#watch(worker);
      pending.resolve(reply);
    });
    worker.on('error', () => this.#lost(worker, 'embedding failed on this input'));
    worker.on('exit', () => this.#lost(worker, 'the thread that embeds has ended'));
    this.#worker = worker;
    return worker;
  }

  /** Calls are answered one after the other: each answer gives the next one its time. */
  #watch(worker: Worker): void {
    clearTimeout(this.#timer);
    if (this.#pending.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#lost(worker, `embedding took longer than ${this.#limitMs} ms`);
      void worker.terminate();
    }, this.#limitMs);
  }

  /** Of a thread that is the current one no more, nobody waits for anything. */
  #lost(worker: Worker, detail: string): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    clearTimeout(this.#timer);
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of waiting) reject(inferenceErrors.model_unavailable(detail));
  }

  /** What is under way is refused. */
  async close(): Promise<void> {
    const worker = this.#worker;
    if (worker === null) return;
    this.#lost(worker, 'the server is stopping');
    await worker.terminate();
  }
}
