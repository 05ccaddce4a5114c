/** What a batch of one model gives back for one item. */
export interface ItemAnswer {
  probabilities: Float32Array;
  labels: readonly string[];
  microseconds: number;
}

/** What a batch gives back: `probabilities` row-major, one row of `labels.length` an item. */
export interface BatchAnswer {
  probabilities: Float32Array;
  labels: readonly string[];
  /** CPU time an item. */
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
 * goes out together. Nothing ever waits for company. A batch that fails by one of its items is halved until that
 * item fails alone.
 */
export class Batcher {
  readonly #run: (texts: string[]) => Promise<BatchAnswer>;
  readonly #limit: number;
  readonly #splittable: (error: unknown) => boolean;
  #queue: Waiting[] = [];
  #inFlight = 0;
  #scheduled = false;

  constructor(
    run: (texts: string[]) => Promise<BatchAnswer>,
    options: { limit: number; splittable: (error: unknown) => boolean },
  ) {
    this.#run = run;
    this.#limit = options.limit;
    this.#splittable = options.splittable;
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
    void this.#settle(batch).then(() => {
      this.#inFlight--;
      if (this.#queue.length > 0) this.#schedule();
    });
    if (this.#queue.length > 0) this.#schedule();
  }

  /** Never rejects: every failure goes to the items. */
  async #settle(batch: readonly Waiting[]): Promise<void> {
    try {
      const { probabilities, labels, microseconds } = await this.#run(batch.map((item) => item.text));
      const width = labels.length;
      for (let i = 0; i < batch.length; i++) {
        const row = probabilities.subarray(i * width, (i + 1) * width);
        batch[i]!.resolve({ probabilities: row, labels, microseconds });
      }
    } catch (error) {
      if (batch.length > 1 && this.#splittable(error)) {
        const half = batch.length >> 1;
        await Promise.all([this.#settle(batch.slice(0, half)), this.#settle(batch.slice(half))]);
      } else {
        for (const item of batch) item.reject(error);
      }
    }
  }
}
