import type { Logger } from '@understudy/kernel';
import { pause } from '../pause.ts';
import type { Retraining } from './retraining.ts';

/** How often the scheduler looks whether a task should be trained. */
export const CHECK_MS = 5000;

/** Asks the policy again and again, in whichever processes have the role `scheduler`. */
export class RetrainingLoop {
  readonly #retraining: Retraining;
  readonly #logger: Logger;
  readonly #stopping = new AbortController();
  #loop: Promise<void> | null = null;

  constructor(retraining: Retraining, logger: Logger) {
    this.#retraining = retraining;
    this.#logger = logger;
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#retraining.check().catch((error: unknown) => {
        this.#logger.warn({ err: error }, 'could not see which tasks should be trained; it is tried again');
      });
      await pause(CHECK_MS, signal);
    }
  }
}
