import type { Writable } from 'node:stream';
import { type ScopeOptions, SYSTEM_SCOPE, type Tx } from '@understudy/kernel';
import {
  type CompiledQuery,
  type ConnectionProvider,
  type DatabaseConnection,
  DefaultQueryExecutor,
  DummyDriver,
  PostgresAdapter,
  PostgresDialect,
  PostgresQueryCompiler,
  type QueryResult,
  Transaction,
} from 'kysely';
import type { PoolClient } from 'pg';
import { asDatabaseError, losesConnection } from './failures.ts';

const compiler = new PostgresQueryCompiler();
const adapter = new PostgresAdapter();
const driver = new DummyDriver();
const dialect = new PostgresDialect({ pool: () => Promise.reject(new Error('scopes bring their own connection')) });

const COUNTS_ROWS = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);
const WORKSPACE = /^[A-Za-z0-9_-]{1,64}$/;

/** A statement that begins so is parsed and planned once a connection: for what runs many times a second. */
const PREPARED = '/* prepared */';
const names = new Map<string, string>();

function nameOf(text: string): string {
  let name = names.get(text);
  if (name === undefined) {
    name = `scoped_${names.size}`;
    names.set(text, name);
  }
  return name;
}

/** pg gives up waiting after this, whatever the server does; absent = the pool's own limit. */
interface ClientLimit {
  query_timeout?: number;
}

/** One client of the pool for the length of one scope; closed afterwards, so that a leaked `tx` reaches nobody's rows. */
class ScopedConnection implements DatabaseConnection, ConnectionProvider {
  readonly #client: PoolClient;
  readonly #limit: ClientLimit;
  #open = true;
  /** Set when a statement showed that the session must not be used again. */
  lost = false;

  constructor(client: PoolClient, limit: ClientLimit) {
    this.#client = client;
    this.#limit = limit;
  }

  provideConnection<T>(consumer: (connection: DatabaseConnection) => Promise<T>): Promise<T> {
    return consumer(this);
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (!this.#open) throw new Error('this transaction has ended; its statements must be awaited inside the scope');
    try {
      const { command, rowCount, rows } = await this.#client.query({
        ...{ text: query.sql, values: query.parameters as unknown[] },
        ...(query.sql.startsWith(PREPARED) ? { name: nameOf(query.sql) } : {}),
        ...this.#limit,
      });
      return COUNTS_ROWS.has(command) ? { numAffectedRows: BigInt(rowCount ?? 0), rows } : { rows: rows ?? [] };
    } catch (error) {
      this.lost ||= losesConnection(error);
      throw asDatabaseError(error);
    }
  }

  // biome-ignore lint/correctness/useYield: it only ever throws
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('streaming a result is not supported; page through it by key');
  }

  close(): void {
    this.#open = false;
  }
}

/**
 * Runs `work` in a transaction whose `app.workspace` is `workspace`, on a client that the caller owns. BEGIN with the
 * setting and the first statement of `work` leave in one flight (the client pipelines) and one write, so a scope costs
 * one round trip for each statement that `work` awaits, and one for COMMIT.
 *
 * @returns `reusable: false` beside the outcome when the client has to be closed.
 */
export async function runInScope<T>(
  client: PoolClient,
  workspace: string,
  work: (tx: Tx) => Promise<T>,
  { statementMs, silenceMs }: ScopeOptions = {},
): Promise<{ reusable: boolean; outcome: { value: T } | { error: unknown } }> {
  if (workspace !== SYSTEM_SCOPE && !WORKSPACE.test(workspace)) {
    // A refused scope, not a query: an empty or odd name must never reach the setting that policies compare with.
    return { reusable: true, outcome: { error: new Error('a scope needs a well-formed workspace id') } };
  }
  const limit: ClientLimit = statementMs === undefined ? {} : { query_timeout: statementMs };
  const connection = new ScopedConnection(client, limit);
  const executor = new DefaultQueryExecutor(compiler, adapter, connection);
  const tx: Tx = new Transaction({ config: { dialect }, dialect, driver, executor });
  inOneWrite(client);
  const begun = client.query({ text: begin(workspace, silenceMs), ...limit });
  begun.catch(() => {}); // looked at below; until then it must not count as unhandled
  try {
    const value = await work(tx);
    await begun;
    connection.close();
    await commit(client, limit);
    return { reusable: true, outcome: { value } };
  } catch (error) {
    connection.close();
    const reusable = !connection.lost && (await rolledBack(client, limit));
    return { reusable, outcome: { error: await begun.then(() => error, asDatabaseError) } };
  }
}

/** Texts of a workspace's id, which {@link WORKSPACE} has checked, and of a number: nothing here needs escaping. */
const begin = (workspace: string, silenceMs?: number): string =>
  `BEGIN; SELECT set_config('app.workspace', '${workspace}', true)${
    silenceMs === undefined
      ? ''
      : `, set_config('idle_in_transaction_session_timeout', '${Math.floor(silenceMs)}', true)`
  }`;

/** Holds back what is sent until this turn's promises have settled: each write of its own would wake the server. */
function inOneWrite(client: PoolClient): void {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection;
  stream.cork();
  void Promise.resolve().then(() => process.nextTick(() => stream.uncork()));
}

async function commit(client: PoolClient, limit: ClientLimit): Promise<void> {
  let command: string;
  try {
    ({ command } = await client.query({ text: 'COMMIT', ...limit }));
  } catch (error) {
    throw asDatabaseError(error);
  }
  // PostgreSQL answers COMMIT of a failed transaction with ROLLBACK and no error.
  if (command !== 'COMMIT') throw new Error('a statement of this transaction failed and its error was swallowed');
}

async function rolledBack(client: PoolClient, limit: ClientLimit): Promise<boolean> {
  try {
    await client.query({ text: 'ROLLBACK', ...limit }); // outside a transaction only a warning
    return true;
  } catch {
    return false;
  }
}
