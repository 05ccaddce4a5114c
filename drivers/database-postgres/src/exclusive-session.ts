import { Client, type ClientConfig } from 'pg';
import { asDatabaseError, unavailable } from './failures.ts';

/** How an exclusive session is kept alive. */
export interface ExclusiveOptions {
  /**
   * Milliseconds of silence after which the server itself ends the session and frees its lock: whoever holds it has to
   * be heard from more often. This is what ends a holder that is frozen, or cut off without a word.
   */
  silenceMs: number;
  /** Longest wait for one answer; then the session counts as lost. Default: half of the silence. */
  answerMs?: number;
}

/**
 * A connection of its own with one session-level advisory lock: while the session lives, nobody else holds that lock,
 * whatever happens to either process. Not of the pool, which may close any connection at any time.
 */
export class ExclusiveSession {
  readonly #client: Client;
  readonly #lock: string;
  readonly #answerMs: number;
  #held = false;
  #lost = false;
  #whenLost: (() => void) | undefined;

  private constructor(client: Client, lock: string, answerMs: number) {
    this.#client = client;
    this.#lock = lock;
    this.#answerMs = answerMs;
    client.on('error', () => this.#lose());
    client.on('end', () => this.#lose());
  }

  /** @throws `database_unavailable` */
  static async open(config: ClientConfig, lock: string, options: ExclusiveOptions): Promise<ExclusiveSession> {
    const answerMs = options.answerMs ?? options.silenceMs / 2;
    const client = new Client({ ...config, connectionTimeoutMillis: answerMs });
    const session = new ExclusiveSession(client, lock, answerMs);
    try {
      await client.connect();
      return session;
    } catch (error) {
      void client.end().catch(() => {});
      throw unavailable(error);
    }
  }

  /** Takes the lock if it is free. True when this session holds it. @throws `database_unavailable` */
  async acquire(): Promise<boolean> {
    if (this.#held) {
      await this.confirm();
      return true;
    }
    const text = 'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS held';
    const [row] = await this.run<{ held: boolean }>(text, [this.#lock]);
    this.#held = row?.held === true;
    return this.#held;
  }

  /** One round trip: the session was alive, and what it holds its own, when this began. @throws `database_unavailable` */
  async confirm(): Promise<void> {
    await this.run('SELECT 1', []);
  }

  /** One statement in a transaction of its own, in this session. @throws `database_unavailable` */
  async run<R>(text: string, values: readonly unknown[]): Promise<R[]> {
    if (this.#lost) throw unavailable(new Error('the session is lost'));
    try {
      const query = { text, values: values as unknown[], query_timeout: this.#answerMs };
      return (await this.#client.query(query)).rows as R[];
    } catch (error) {
      this.#lose(); // a session that did not answer in time may be at any point
      throw asDatabaseError(error);
    }
  }

  /** Calls `handler` once when the session is of no use any more, for whatever reason but its own {@link close}. */
  onLost(handler: () => void): void {
    this.#whenLost = handler;
    if (this.#lost) this.#lose();
  }

  #lose(): void {
    this.#lost = true;
    const tell = this.#whenLost;
    this.#whenLost = undefined;
    tell?.();
  }

  /** Ends the session, which frees the lock. Never throws. */
  async close(): Promise<void> {
    this.#lost = true;
    this.#whenLost = undefined;
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<void>((done) => {
      timer = setTimeout(done, this.#answerMs);
    });
    await Promise.race([this.#client.end().catch(() => {}), tooLate]);
    clearTimeout(timer);
  }
}
