import type { Kysely } from 'kysely';

/**
 * One open transaction. Rooms describe the tables that they touch by their own interface and call
 * `tx.withTables<…>()`, or use kysely's `sql` template; both only ever bind values, never splice them.
 */
export type Tx = Kysely<any>;

/** The workspace setting under which the system itself works across tenants (start-up, schedulers, operators). */
export const SYSTEM_SCOPE = '*';

export interface ScopeOptions {
  /**
   * Milliseconds after which a statement without an answer is given up as `database_unavailable`, and its connection
   * with it. For short reads that a request waits for: a server that takes a question and never answers must not hold
   * it for as long as the longest statement may run. Absent = that longest run.
   */
  statementMs?: number;
  /**
   * Milliseconds of silence between two statements after which the server ends the transaction, and its connection. For
   * transactions that hold what others wait for: a process that stands still must not hold it for long. Absent = a
   * minute.
   */
  silenceMs?: number;
}

/** What a read on the path of a prediction may take, `prepared` statements too. */
export const SHORT_READ: ScopeOptions = { statementMs: 8_000 };

/** For a transaction that writes into the workspace's log, which predictions wait for. */
export const HOLDS_THE_LOG: ScopeOptions = { silenceMs: 5_000 };

/**
 * The database as rooms see it. Every statement runs inside a scope: `app.workspace` is set for the transaction
 * (SET LOCAL), and row-level security compares it with each row's `workspace_id`, so a forgotten filter yields
 * nothing foreign. Failures to reach the server surface as the coded error `database_unavailable` (retryable).
 */
export interface Database {
  /** Runs `work` in one READ COMMITTED transaction scoped to a workspace. Rolls back when `work` throws. */
  inWorkspace<T>(workspace: string, work: (tx: Tx) => Promise<T>, options?: ScopeOptions): Promise<T>;
  /**
   * The same with the scope `*`: sees every workspace. For authentication look-ups, schedulers, operators and
   * migrations only; a route's use case for a tenant never calls it.
   */
  asSystem<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * One statement in its own implicit transaction, without a scope, as a server-side prepared statement named
   * `name`: one round trip. The statement sets its own scope (a SQL function calling set_config) or touches only
   * unscoped tables. For hot paths.
   */
  prepared<R>(name: string, text: string, values: readonly unknown[]): Promise<R[]>;
}

/** A room's forward-only SQL migrations: files `NNNN_name.sql` in `directory`, applied in order of their number. */
export interface Migrations {
  /** The room's name; also the PostgreSQL schema that its tables live in. */
  room: string;
  directory: URL;
}
