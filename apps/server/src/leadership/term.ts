import { AsyncLocalStorage } from 'node:async_hooks';
import type { Database, Tx } from '@understudy/kernel';
import { leadershipErrors } from './errors.ts';

/** One process leading, from an election until it ends. */
export interface Term {
  readonly name: string;
  /** Grows with every election: no two terms of a name share one. */
  readonly epoch: bigint;
  /** Aborted when the term is over as far as this process knows, or when it is time to finish. */
  readonly signal: AbortSignal;
  /** False as soon as the term may be over, whether or not anybody has said so. */
  readonly sure: boolean;
  /** Keeps the term from ending before the transaction does; false when it is over. */
  hold(tx: Tx): Promise<boolean>;
}

const current = new AsyncLocalStorage<Term>();

/** Runs `work` as something that only the leader may do: what it writes through a {@link fenced} database is fenced. */
export function inTerm<T>(term: Term, work: () => Promise<T>): Promise<T> {
  return current.run(term, work);
}

/**
 * The database, where every transaction of work {@link inTerm} first makes sure that its term is not over, and keeps it
 * from ending before the commit. So a leader that was frozen, or cut off, and comes back in the middle of its work
 * changes nothing any more (a fencing token in the sense of Chubby, https://research.google/pubs/pub27897, 2.4).
 *
 * Short reads (`statementMs`) are let through: they write nothing, and requests may be waiting for the same answer.
 */
export function fenced(database: Database): Database {
  const within = (term: Term, work: (tx: Tx) => Promise<unknown>) => async (tx: Tx) => {
    if (!(await term.hold(tx))) throw over(term);
    return work(tx);
  };
  return {
    inWorkspace<T>(...[workspace, work, options]: Parameters<Database['inWorkspace']>): Promise<T> {
      const term = current.getStore();
      if (term === undefined || options?.statementMs !== undefined) {
        return database.inWorkspace(workspace, work, options) as Promise<T>;
      }
      if (!term.sure) return Promise.reject(over(term));
      return database.inWorkspace(workspace, within(term, work), options) as Promise<T>;
    },
    asSystem<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
      const term = current.getStore();
      if (term === undefined) return database.asSystem(work);
      if (!term.sure) return Promise.reject(over(term));
      return database.asSystem(within(term, work)) as Promise<T>;
    },
    prepared: (name, text, values) => database.prepared(name, text, values),
  };
}

const over = ({ name, epoch }: Term) =>
  leadershipErrors.leadership_lost(`another process leads ${name} since term ${epoch} ended`, { retryAfterSeconds: 1 });
