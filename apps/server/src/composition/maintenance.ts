import type { Logger } from '@understudy/kernel';
import type { Rooms } from './rooms.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** What has to be done now and then, in whichever processes have the role `scheduler`; each step may run twice. */
export class Maintenance {
  readonly #rooms: Rooms;
  readonly #logger: Logger;
  readonly #timers: NodeJS.Timeout[] = [];
  #running: Promise<void> = Promise.resolve();

  constructor(rooms: Rooms, logger: Logger) {
    this.#rooms = rooms;
    this.#logger = logger;
  }

  start(): void {
    this.#every(HOUR_MS, 'ledger partitions and expired keys', () => this.#rooms.ledger.maintain());
    this.#every(HOUR_MS, 'expired idempotent responses', () => this.#rooms.idempotency.expire());
    this.#every(MINUTE_MS, 'alerts about backlogs', () => this.#rooms.backlog.checkAll());
    this.#every(HOUR_MS, 'orphaned dataset files', () => this.#rooms.datasets.sweepOrphans());
    this.#every(HOUR_MS, 'sessions and codes that are over', () => this.#rooms.identityRoom.sessions.expire());
  }

  #every(milliseconds: number, what: string, work: () => Promise<unknown>): void {
    const timer = setInterval(() => {
      this.#running = this.#running
        .then(work)
        .then(() => {})
        .catch((error: unknown) => this.#logger.warn({ err: error, what }, 'maintenance failed; it is tried again'));
    }, milliseconds);
    this.#timers.push(timer.unref());
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#running;
  }
}
