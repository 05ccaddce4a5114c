import {
  type Database,
  type Logger,
  type ScopeOptions,
  SHORT_READ,
  SYSTEM_SCOPE,
  silentLogger,
  type Tx,
} from '@understudy/kernel';
import { Pool, type PoolClient } from 'pg';
import { APPLICATION_ROLE, applicationSettings, connectionConfig } from './connection-config.ts';
import { type ExclusiveOptions, ExclusiveSession } from './exclusive-session.ts';
import { asDatabaseError, losesConnection, unavailable } from './failures.ts';
import { type NotificationHandler, Notifications } from './notifications.ts';
import { runInScope } from './scope.ts';

export interface DatabaseOptions {
  /** `postgres://…`; the role in it only logs in, every statement runs as `understudy_app`. */
  url: string;
  logger?: Logger;
  /** Connections at most, without the one for notifications. Default 10. */
  poolSize?: number;
  /** Longest run of one statement, enforced by the server. Default 30,000. */
  statementTimeoutMs?: number;
  /** Longest wait for a free or new connection before `database_unavailable`. Default 3,000. */
  acquireTimeoutMs?: number;
  /** Shown in pg_stat_activity. Default `understudy`. */
  applicationName?: string;
}

export interface PoolStatistics {
  /** Connections that exist. */
  total: number;
  /** Connections that nobody is using. */
  idle: number;
  /** Callers waiting for a connection. */
  waiting: number;
  /** The most connections that may exist. */
  size: number;
}

export interface OpenDatabase {
  readonly database: Database;
  /** One round trip to the server. Throws `database_unavailable`. */
  ping(): Promise<void>;
  /**
   * Calls `handler` for each NOTIFY on `channel`, within milliseconds, for the life of the process; the connection
   * heals by itself, after which the handler is called with `undefined` (so too at the first connection).
   * Returns a function that ends it.
   */
  listen(channel: string, handler: NotificationHandler): Promise<() => void>;
  /**
   * A connection of its own for one advisory lock, named by `lock`; the caller closes it.
   *
   * @throws `database_unavailable`
   */
  exclusive(lock: string, options: ExclusiveOptions): Promise<ExclusiveSession>;
  statistics(): PoolStatistics;
  /** Waits for open scopes to end, then closes every connection. */
  close(): Promise<void>;
}

/** Room for the answer of a statement that the server itself has just cancelled, before the client gives up. */
const READ_GRACE_MS = 2_000;

/**
 * Opens the {@link Database} port over a pool of `pg` connections. Opens no connection by itself: a database that is
 * away shows as `database_unavailable` on use, and is used again as soon as it is back.
 *
 * The schema has to exist ({@link migrate}): connections start as the role that it makes.
 *
 * @throws `database_url_invalid`
 */
export function openDatabase(options: DatabaseOptions): OpenDatabase {
  const logger = (options.logger ?? silentLogger).child({ component: 'database' });
  const statementTimeoutMs = options.statementTimeoutMs ?? 30_000;
  const applicationName = options.applicationName ?? 'understudy';
  const size = options.poolSize ?? 10;
  const config = connectionConfig(options.url, applicationName, applicationSettings(statementTimeoutMs));
  const pool = new Pool({
    ...config,
    pipeline: true,
    max: size,
    min: Math.min(2, size),
    idleTimeoutMillis: 10_000,
    connectionTimeoutMillis: options.acquireTimeoutMs ?? 3_000,
    query_timeout: statementTimeoutMs + READ_GRACE_MS,
  });
  pool.on('error', (error) => logger.warn({ err: error }, 'an idle database connection was lost'));
  // Without a listener of its own, a client that dies while it is checked out would end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  const notifications = new Notifications(
    connectionConfig(options.url, `${applicationName} listen`, { role: APPLICATION_ROLE }),
    logger,
  );

  const acquire = async (): Promise<PoolClient> => {
    try {
      return await pool.connect();
    } catch (error) {
      throw unavailable(error);
    }
  };

  const inScope = async <T>(workspace: string, work: (tx: Tx) => Promise<T>, options?: ScopeOptions): Promise<T> => {
    const client = await acquire();
    const { reusable, outcome } = await runInScope(client, workspace, work, options);
    client.release(!reusable);
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  };

  const database: Database = {
    inWorkspace: async (workspace, work, options) => {
      if (workspace === SYSTEM_SCOPE) throw new Error('the system scope is entered through asSystem only');
      return inScope(workspace, work, options);
    },
    asSystem: (work) => inScope(SYSTEM_SCOPE, work),
    async prepared<R>(name: string, text: string, values: readonly unknown[]): Promise<R[]> {
      const client = await acquire();
      let lost = false;
      try {
        const query = { name, text, values: values as unknown[], query_timeout: SHORT_READ.statementMs };
        const { rows } = await client.query(query);
        return rows as R[];
      } catch (error) {
        lost = losesConnection(error);
        throw asDatabaseError(error);
      } finally {
        client.release(lost);
      }
    },
  };

  return {
    database,
    ping: async () => void (await database.prepared('ping', 'SELECT 1', [])),
    listen: (channel, handler) => notifications.listen(channel, handler),
    exclusive: (lock, exclusive) => {
      const settings = {
        ...applicationSettings(Math.floor(exclusive.answerMs ?? exclusive.silenceMs / 2)),
        idle_session_timeout: exclusive.silenceMs,
      };
      const own = connectionConfig(options.url, `${applicationName} ${lock}`, settings);
      return ExclusiveSession.open(own, lock, exclusive);
    },
    statistics: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount, size }),
    close: async () => {
      await notifications.close();
      if (!pool.ending) await pool.end();
    },
  };
}
