import type { ExclusiveSession, OpenDatabase } from '@understudy/database-postgres';
import type { Logger, Tx } from '@understudy/kernel';
import { inTerm, type Term } from './term.ts';

/** Something that only one process may do at a time, again and again. */
export interface Duty {
  /** Stable, for the log. */
  readonly name: string;
  /** Milliseconds from the end of one round to the begin of the next. */
  readonly everyMs: number;
  /** How long after the election the first round begins. Default: at once. */
  readonly firstAfterMs?: number;
  /** One round. Stops soon when `signal` is aborted; what it throws is logged, and it is tried again. */
  run(signal: AbortSignal): Promise<unknown>;
}

/** Where terms are written down. */
export interface LeadershipStore {
  begin(session: ExclusiveSession, name: string, holder: string): Promise<bigint>;
  hold(tx: Tx, name: string, epoch: bigint, silenceMs: number): Promise<boolean>;
}

export interface LeadershipOptions {
  /** What is led: one leader a name. */
  name: string;
  /** Who this process is, for people: host and process id. */
  holder: string;
  open: Pick<OpenDatabase, 'exclusive'>;
  store: LeadershipStore;
  /** Begun anew in each term. */
  duties: readonly Duty[];
  logger: Logger;
  timing?: Timing;
}

export interface Timing {
  /** How often the leader makes sure of its lock, and the others try to get it. */
  beatMs: number;
  /** The server ends a session that was silent for so long. */
  silenceMs: number;
}

/**
 * A leader that dies is followed within one beat, one that is frozen or cut off within the silence and one beat: 5 s.
 * It doubts itself at three quarters of the silence, before anybody else can have taken over.
 */
const TIMING: Timing = { beatMs: 1_000, silenceMs: 4_000 };
const SURE_SHARE = 0.75;
/** A duty that does not stop is left behind: what it still writes is fenced off. */
const STOP_MS = 5_000;

/**
 * Elects one of several processes by an advisory lock on a connection of its own, and runs the duties there. Of the
 * lock and the {@link Term | epoch} the lock says who leads now, and the epoch refuses what comes late.
 */
export class Leadership {
  readonly #options: LeadershipOptions;
  readonly #timing: Timing;
  readonly #logger: Logger;
  readonly #stopping = new AbortController();
  #term: LiveTerm | null = null;
  #loop: Promise<void> | null = null;

  constructor(options: LeadershipOptions) {
    this.#options = options;
    this.#timing = options.timing ?? TIMING;
    this.#logger = options.logger.child({ component: 'leadership', leads: options.name });
  }

  /** The term under way; null while another process leads, nobody does, or this one cannot be sure that it does. */
  get term(): Term | null {
    return this.#term?.sure === true ? this.#term : null;
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  /** Ends the term in order, so that another process can take over at once. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    let failed = false;
    while (!signal.aborted) {
      let session: ExclusiveSession | null = null;
      try {
        session = await this.#options.open.exclusive(this.#options.name, this.#timing);
        failed = false;
        const term = await this.#elected(session, signal);
        if (term !== null) await this.#lead(session, term);
      } catch (error) {
        // Once, not at each attempt: a database that is away is reported by everybody.
        if (!failed) this.#logger.warn({ err: error }, 'no part in the election; it is tried again');
        failed = true;
      } finally {
        await session?.close();
      }
      await pause(this.#timing.beatMs, signal);
    }
  }

  /** Waits for the lock and begins a term with it; null when it is time to stop. */
  async #elected(session: ExclusiveSession, signal: AbortSignal): Promise<LiveTerm | null> {
    const { store, name, holder } = this.#options;
    while (!signal.aborted) {
      const asked = performance.now();
      if (await session.acquire()) {
        const epoch = await store.begin(session, name, holder);
        return new LiveTerm({ name, epoch, store, silenceMs: this.#timing.silenceMs }, asked);
      }
      await pause(this.#timing.beatMs, signal);
    }
    return null;
  }

  /** Runs the duties until the term is lost, or until it is time to stop and they have finished. */
  async #lead(session: ExclusiveSession, term: LiveTerm): Promise<void> {
    const epoch = Number(term.epoch);
    const { signal } = this.#stopping;
    const finish = () => term.finish();
    signal.addEventListener('abort', finish);
    this.#term = term;
    this.#logger.info({ epoch }, 'this process leads');
    const idle = new AbortController();
    const toldToFinish = new Promise<void>((done) => term.signal.addEventListener('abort', () => done()));
    const working = Promise.all([toldToFinish, ...this.#options.duties.map((duty) => this.#perform(duty, term))]);
    session.onLost(() => term.lose());
    if (signal.aborted) finish();
    void working.then(() => idle.abort());
    while (!term.lost && !idle.signal.aborted) {
      await pause(this.#timing.beatMs, AbortSignal.any([idle.signal, term.whenLost]));
      if (term.lost || idle.signal.aborted) break;
      const asked = performance.now();
      await session.confirm().then(
        () => term.confirm(asked),
        (error: unknown) => {
          this.#logger.warn({ err: error, epoch }, 'the lock cannot be confirmed');
          term.lose();
        },
      );
    }
    term.lose();
    signal.removeEventListener('abort', finish);
    await session.close(); // whoever is next need not wait for what is left of our work: it is fenced off
    await Promise.race([working, pause(STOP_MS)]);
    this.#term = null;
    this.#logger.info({ epoch }, 'this process leads no more');
  }

  async #perform(duty: Duty, term: LiveTerm): Promise<void> {
    await pause(duty.firstAfterMs ?? 0, term.signal);
    while (!term.signal.aborted) {
      if (term.sure) {
        await inTerm(term, async () => duty.run(term.signal)).catch((error: unknown) => {
          if (term.signal.aborted) return;
          this.#logger.warn({ err: error, duty: duty.name }, 'a duty of the scheduler failed; it is tried again');
        });
      }
      await pause(duty.everyMs, term.signal);
    }
  }
}

class LiveTerm implements Term {
  readonly name: string;
  readonly epoch: bigint;
  readonly #silenceMs: number;
  readonly #store: LeadershipStore;
  readonly #finishing = new AbortController();
  readonly #losing = new AbortController();
  /** When the last confirmation was asked for: the server heard of us then or later. */
  #confirmed: number;

  constructor(facts: { name: string; epoch: bigint; silenceMs: number; store: LeadershipStore }, confirmed: number) {
    this.name = facts.name;
    this.epoch = facts.epoch;
    this.#silenceMs = facts.silenceMs;
    this.#store = facts.store;
    this.#confirmed = confirmed;
  }

  get signal(): AbortSignal {
    return this.#finishing.signal;
  }

  get whenLost(): AbortSignal {
    return this.#losing.signal;
  }

  get lost(): boolean {
    return this.#losing.signal.aborted;
  }

  get sure(): boolean {
    return !this.lost && performance.now() - this.#confirmed < this.#silenceMs * SURE_SHARE;
  }

  confirm(asked: number): void {
    this.#confirmed = asked;
  }

  /** What is under way may end; nothing new begins. */
  finish(): void {
    this.#finishing.abort();
  }

  lose(): void {
    this.#losing.abort();
    this.#finishing.abort();
  }

  hold(tx: Tx): Promise<boolean> {
    return this.#store.hold(tx, this.name, this.epoch, this.#silenceMs);
  }
}

/** Resolves after a time or at the abort, whichever comes first. */
function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    timer.unref();
    signal?.addEventListener('abort', done);
  });
}
