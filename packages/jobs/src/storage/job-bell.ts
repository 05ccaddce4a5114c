import type { Database, Logger } from '@understudy/kernel';

export const JOB_CHANNEL = 'understudy_jobs';

/** One notification for all jobs that were accepted in this time: a NOTIFY a job would queue the commits of all. */
const TOGETHER_MS = 15;

/** Tells the workers of other processes that there is work. They also look by themselves: a lost ring costs half a second. */
export class JobBell {
  readonly #database: Database;
  readonly #logger: Logger;
  #timer: NodeJS.Timeout | undefined;

  constructor(database: Database, logger: Logger) {
    this.#database = database;
    this.#logger = logger;
  }

  ring(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#database.prepared('jobs.ring', 'SELECT pg_notify($1, $2)', [JOB_CHANNEL, '']).catch((error: unknown) => {
        this.#logger.debug({ err: error }, 'workers could not be notified');
      });
    }, TOGETHER_MS).unref();
  }
}
