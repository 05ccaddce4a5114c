import { UnexpectedAnswer } from '../errors.ts';
import type { Decision, PredictionRequest } from '../generated/api.ts';
import { PROTOBUF, readDecisions, writeBatch } from '../protobuf.ts';
import type { IdempotentOptions, Transport } from '../transport.ts';

export interface BatchOptions extends IdempotentOptions {
  /**
   * How items and decisions travel; `json` by default. `protobuf` gives the same decisions; in large batches they have a
   * quarter of the bytes. It throws TypeError for items that it cannot hold.
   */
  encoding?: 'json' | 'protobuf';
}

export interface PredictAllOptions extends Omit<BatchOptions, 'idempotencyKey'> {
  /** Items a request, 1…1,000; 200 by default. */
  batchSize?: number;
  /** Requests at a time; 4 by default. */
  concurrency?: number;
}

export class Predictions {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Decides one item. `outcome: 'review'` has no label: a person has to answer. The decision is durable before this
   * resolves.
   */
  one(task: string, item: PredictionRequest, options: IdempotentOptions = {}): Promise<Decision> {
    const path = `/v1/predict/${encodeURIComponent(task)}`;
    return this.#transport.json({ ...options, method: 'POST', path, json: item, idempotent: true });
  }

  /** Decides 1…1,000 items together, in order; one invalid item rejects all. */
  async batch(task: string, items: PredictionRequest[], options: BatchOptions = {}): Promise<Decision[]> {
    const { encoding = 'json', ...call } = options;
    const path = `/v1/predict/${encodeURIComponent(task)}/batch`;
    const decisions =
      encoding === 'protobuf' ? await this.#inBytes(path, items, call) : await this.#inJson(path, items, call);
    if (Array.isArray(decisions) && decisions.length === items.length) return decisions;
    // Matched by position, a decision that is missing would put every later one on the wrong item.
    const detail = `${items.length} items were sent, ${decisions?.length ?? 'no'} decisions came back`;
    throw new UnexpectedAnswer({ status: 200, code: 'unexpected_answer', detail });
  }

  async #inJson(path: string, items: PredictionRequest[], options: IdempotentOptions): Promise<Decision[] | undefined> {
    const call = { ...options, method: 'POST', path, json: { items }, idempotent: true } as const;
    return (await this.#transport.json<{ decisions?: Decision[] }>(call)).decisions;
  }

  async #inBytes(path: string, items: PredictionRequest[], options: IdempotentOptions): Promise<Decision[]> {
    const message = new Blob([writeBatch(items)]);
    const body = { make: () => message, repeatable: true, failure: () => undefined };
    const form = { contentType: PROTOBUF, accept: PROTOBUF };
    const bytes = await this.#transport.bytes({ ...options, ...form, method: 'POST', path, body, idempotent: true });
    try {
      return readDecisions(bytes);
    } catch (cause) {
      const detail = 'the answer is not a Decisions message that this client can read';
      throw new UnexpectedAnswer({ status: 200, code: 'unexpected_answer', detail, cause });
    }
  }

  /**
   * Decides any number of items in batches, a few at a time, and yields each with its decision, in order. Reads the
   * source no further ahead than it has requests in flight. The first failure ends it; what was yielded is decided.
   */
  async *all<I extends PredictionRequest>(
    task: string,
    items: AsyncIterable<I> | Iterable<I>,
    options: PredictAllOptions = {},
  ): AsyncGenerator<{ item: I; decision: Decision }> {
    const { batchSize = 200, concurrency = 4, signal, ...call } = options;
    const stop = new AbortController();
    const onAbort = () => stop.abort(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted === true) onAbort();
    const inFlight: Promise<{ batch: I[]; decisions: Decision[] }>[] = [];
    const send = (batch: I[]) => {
      const sent = this.batch(task, batch, { ...call, signal: stop.signal }).then((decisions) => ({
        batch,
        decisions,
      }));
      sent.catch(() => {}); // awaited in order below; an earlier failure must not leave this one unhandled
      inFlight.push(sent);
    };
    async function* oldest() {
      const { batch, decisions } = await inFlight.shift()!;
      for (let i = 0; i < batch.length; i++) yield { item: batch[i]!, decision: decisions[i]! };
    }
    try {
      let batch: I[] = [];
      for await (const item of items) {
        stop.signal.throwIfAborted();
        batch.push(item);
        if (batch.length < batchSize) continue;
        send(batch);
        batch = [];
        if (inFlight.length >= concurrency) yield* oldest();
      }
      if (batch.length > 0) send(batch);
      while (inFlight.length > 0) yield* oldest();
    } finally {
      signal?.removeEventListener('abort', onAbort);
      stop.abort(new DOMException('the other items were given up', 'AbortError'));
    }
  }
}
