import { setImmediate } from 'node:timers/promises';

/** Lets other work of this process run once a task has held the event loop for `milliseconds`. */
export class EventLoopShare {
  readonly #milliseconds: number;
  #since = performance.now();

  constructor(milliseconds = 5) {
    this.#milliseconds = milliseconds;
  }

  async pause(): Promise<void> {
    if (performance.now() - this.#since < this.#milliseconds) return;
    await setImmediate();
    this.#since = performance.now();
  }
}
