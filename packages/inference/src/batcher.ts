/** What a batch of one model gives back for one item. */
export interface ItemAnswer {
  probabilities: Float32Array;
  microseconds: number;
}

interface Waiting {
  text: string;
  resolve(answer: ItemAnswer): void;
  reject(error: unknown): void;
}

/** A batch is cut at this many items, or at this many UTF-16 units of text. */
const MAX_ITEMS = 256;
const MAX_UNITS = 2_000_000;
/** Batches under way at once: the second is on its way while the model works on the first. */
const MAX_IN_FLIGHT = 2;

/**
 * Zero-wait micro-batching: whatever arrived in the same turn of the event loop, or while batches were under way,
 * goes out together. Nothing ever waits for company.
 */
export class Batcher {
  readonly #run: (texts: string[]) => Promise<{ probabilities: Float32Array; microseconds: number; labels: number }>;
  readonly #limit: number;
  #queue: Waiting[] = [];
  #inFlight = 0;
  #scheduled = false;

  constructor(
    run: (texts: string[]) => Promise<{ probabilities: Float32Array; microseconds: number; labels: number }>,
    limit: number,
  ) {
    this.#run = run;
    this.#limit = limit;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  /** Null when the queue is full: the caller sheds the load. */
  add(text: string): Promise<ItemAnswer> | null {
    if (this.#queue.length >= this.#limit) return null;
    return new Promise((resolve, reject) => {
      this.#queue.push({ text, resolve, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#scheduled || this.#inFlight >= MAX_IN_FLIGHT) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #cut(): Waiting[] {
    let units = 0;
    let count = 0;
    while (count < this.#queue.length && count < MAX_ITEMS) {
      units += this.#queue[count]!.text.length;
      if (count > 0 && units > MAX_UNITS) break;
      count++;
    }
    return this.#queue.splice(0, count);
  }

  #flush(): void {
    if (this.#queue.length === 0 || this.#inFlight >= MAX_IN_FLIGHT) return;
    const batch = this.#cut();
    this.#inFlight++;
    this.#run(batch.map((item) => item.text))
      .then(
        ({ probabilities, microseconds, labels }) => {
          for (let i = 0; i < batch.length; i++) {
            batch[i]!.resolve({ probabilities: probabilities.subarray(i * labels, (i + 1) * labels), microseconds });
          }
        },
        (error: unknown) => {
          for (const item of batch) item.reject(error);
        },
      )
      .finally(() => {
        this.#inFlight--;
        if (this.#queue.length > 0) this.#schedule();
      });
    if (this.#queue.length > 0) this.#schedule();
  }
}
