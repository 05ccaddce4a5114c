import type { KeptResponse, LedgerStorage } from './ports.ts';

type Found = Omit<KeptResponse, 'keyHash'> | undefined;

interface Waiting {
  workspace: string;
  keyHash: string;
  resolve(found: Found): void;
  reject(error: unknown): void;
}

const BATCH = 500;

/** Looks kept responses up, the questions of one turn of the event loop in one statement. */
export class KeptResponses {
  readonly #storage: LedgerStorage;
  #waiting: Waiting[] = [];
  #scheduled = false;

  constructor(storage: LedgerStorage) {
    this.#storage = storage;
  }

  find(workspace: string, keyHash: string): Promise<Found> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ workspace, keyHash, resolve, reject });
      if (this.#scheduled) return;
      this.#scheduled = true;
      setImmediate(() => {
        this.#scheduled = false;
        const all = this.#waiting;
        this.#waiting = [];
        for (let from = 0; from < all.length; from += BATCH) void this.#ask(all.slice(from, from + BATCH));
      });
    });
  }

  async #ask(batch: readonly Waiting[]): Promise<void> {
    try {
      const found = await this.#storage.findKept(batch);
      batch.forEach((waiting, at) => {
        waiting.resolve(found[at]);
      });
    } catch (error) {
      for (const waiting of batch) waiting.reject(error);
    }
  }
}
