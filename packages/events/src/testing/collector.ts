import { setTimeout as after } from 'node:timers/promises';
import type { Batch, BatchResult, IncomingMessage } from '../event-bus.ts';

/** A handler that keeps what it got and lets a test wait for it. */
export class Collector {
  readonly batches: (readonly IncomingMessage[])[] = [];
  readonly messages: IncomingMessage[] = [];
  #changed: () => void = () => {};
  #next = new Promise<void>((resolve) => {
    this.#changed = resolve;
  });

  /** As the handler: acknowledges everything. */
  readonly handle = async (batch: Batch): Promise<BatchResult | undefined> => {
    this.note(batch);
    return undefined;
  };

  /** For handlers of a test's own. */
  note(batch: Batch): void {
    this.batches.push(batch.messages);
    this.messages.push(...batch.messages);
    const changed = this.#changed;
    this.#next = new Promise((resolve) => {
      this.#changed = resolve;
    });
    changed();
  }

  /** Ids in the order of arrival. */
  get ids(): string[] {
    return this.messages.map(({ id }) => id ?? '');
  }

  async until(reached: (collector: Collector) => boolean): Promise<void> {
    while (!reached(this)) await this.#next;
  }

  /** Resolves when each of these was handed over at least once. */
  async all(ids: readonly string[]): Promise<void> {
    await this.until(({ ids: seen }) => {
      const known = new Set(seen);
      return ids.every((id) => known.has(id));
    });
  }

  times(id: string): number {
    return this.ids.filter((one) => one === id).length;
  }
}

/** Looks again and again until it is so: for what a system tells only when asked. The test's own limit ends it. */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await after(20);
}

/** A promise that somebody else settles. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
