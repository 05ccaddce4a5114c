import { createServer } from 'node:net';
import {
  ConnectionFailed,
  Forbidden,
  TimeLimitExceeded,
  Unauthenticated,
  UnderstudyClient,
  type UnderstudyError,
} from '@understudy/client';
import { Client } from 'pg';
import type { Connection } from '../connection.ts';
import { type Check, fail, ok, skip, warn } from './check.ts';

const OLDEST_POSTGRES = 15;
const LARGEST_SKEW_MS = 5_000;

const quick = { maxRetries: 0, timeoutMs: 5_000, totalTimeoutMs: 5_000 };

function listenError(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(null)));
  });
}

export function portCheck(host: string, port: number): Check {
  return {
    name: 'port',
    run: async () => {
      if (port === 0) return ok('any free one (UNDERSTUDY_PORT=0)');
      const error = await listenError(host, port);
      if (error === null) return ok(`${host}:${port} is free`);
      if (error === 'EADDRINUSE') {
        const shown = host.includes(':') ? `[${host}]` : host === '0.0.0.0' ? '127.0.0.1' : host;
        const client = new UnderstudyClient({ baseUrl: `http://${shown}:${port}` });
        const version = await client.health.version(quick).catch(() => null);
        if (version?.name === 'understudy') return ok(`${host}:${port} is served by Understudy ${version.version}`);
        return fail(
          `${host}:${port} is taken by another program`,
          'stop it, or set UNDERSTUDY_PORT (0 = any free one)',
        );
      }
      if (error === 'EACCES')
        return fail(`${host}:${port} may not be opened`, 'ports below 1024 need rights: set UNDERSTUDY_PORT');
      if (error === 'EADDRNOTAVAIL')
        return fail(`${host} is not an address of this machine`, 'set UNDERSTUDY_HOST to 127.0.0.1 or 0.0.0.0');
      return fail(`${host}:${port} cannot be opened: ${error}`, 'set UNDERSTUDY_HOST and UNDERSTUDY_PORT');
    },
  };
}

/** Never shows the password that the URL may hold. */
const placeOf = (url: string): string => {
  try {
    const { hostname, port, pathname } = new URL(url);
    return `${hostname}${port === '' ? '' : `:${port}`}${pathname}`;
  } catch {
    return 'the database';
  }
};

const DATABASE_MENDS: Record<string, string> = {
  ECONNREFUSED: 'is PostgreSQL running, and does it listen on that address?',
  ENOTFOUND: 'the host of DATABASE_URL is not known: check its spelling',
  '28P01': 'the user or password in DATABASE_URL is wrong',
  '28000': 'pg_hba.conf does not let this user in from here',
  '3D000': 'the database does not exist: `createdb` makes it',
};

export function databaseCheck(url: string | undefined): Check {
  return {
    name: 'DATABASE_URL',
    run: async () => {
      if (url === undefined) return skip('not set: the embedded PostgreSQL is used');
      const client = new Client({
        connectionString: url,
        connectionTimeoutMillis: 5_000,
        application_name: 'understudy doctor',
      });
      // Reported by the server when the connection opens, so that no query is needed.
      let version = '';
      const { connection } = client as unknown as {
        connection: {
          on(
            event: 'parameterStatus',
            take: (message: { parameterName: string; parameterValue: string }) => void,
          ): void;
        };
      };
      connection.on('parameterStatus', ({ parameterName, parameterValue }) => {
        if (parameterName === 'server_version') version = parameterValue;
      });
      client.on('error', () => {});
      try {
        await client.connect();
      } catch (error) {
        const { code = '', message } = error as NodeJS.ErrnoException;
        return fail(
          `${placeOf(url)}: ${message || code}`,
          DATABASE_MENDS[code] ?? 'check DATABASE_URL: postgres://user:password@host:5432/database',
        );
      } finally {
        await client.end().catch(() => {});
      }
      const major = Number.parseInt(version, 10);
      if (major < OLDEST_POSTGRES)
        return fail(`PostgreSQL ${version} is too old`, `use PostgreSQL ${OLDEST_POSTGRES} or later`);
      return ok(`PostgreSQL ${version} at ${placeOf(url)}`);
    },
  };
}

export interface ServerChecksOptions {
  connection: Connection;
  /** Whether a server ought to be there: one was named, or runs on the data directory. */
  expected: boolean;
}

const clientOf = ({ url, key }: Connection): UnderstudyClient =>
  new UnderstudyClient({ baseUrl: url, ...(key === undefined ? {} : { apiKey: key }) });

const isAway = (error: unknown): error is UnderstudyError =>
  error instanceof ConnectionFailed || error instanceof TimeLimitExceeded;

export function serverCheck({ connection, expected }: ServerChecksOptions): Check {
  return {
    name: 'server',
    run: async () => {
      try {
        const { ready, details } = await clientOf(connection).health.ready(quick);
        if (ready) return ok(`${connection.url} is ready`);
        return fail(
          `${connection.url} is not ready: ${(details.not_ready ?? []).join(', ') || 'it does not say why'}`,
          'its log says why',
        );
      } catch (error) {
        if (isAway(error)) {
          if (!expected) return skip(`none runs at ${connection.url}`);
          return fail(error.detail, `start it, or correct the URL (${connection.urlFrom})`);
        }
        return fail(`${connection.url} is not an Understudy server`, `correct the URL (${connection.urlFrom})`);
      }
    },
  };
}

export function keyCheck({ connection }: ServerChecksOptions): Check {
  return {
    name: 'API key',
    run: async () => {
      if (connection.key === undefined) return skip('none is set: `understudy login` stores one');
      const client = clientOf(connection);
      try {
        const me = await client.me(quick);
        const expires = me.principal.expires_at;
        if (expires !== null && Date.parse(expires) - Date.now() < 7 * 86_400_000) {
          return warn(`valid, but it expires at ${expires}`, 'make a new one with `understudy keys create`');
        }
        return ok(`valid, from ${connection.keyFrom}: workspace ${me.workspace.name}, ${me.scopes.length} scopes`);
      } catch (error) {
        if (isAway(error)) return skip('the server does not answer');
        if (error instanceof Unauthenticated)
          return fail(`the key from ${connection.keyFrom} is not valid`, '`understudy login` with another key');
        if (error instanceof Forbidden) return ok(`valid, from ${connection.keyFrom}: the operator’s`);
        throw error;
      }
    },
  };
}

export function clockCheck({ connection }: ServerChecksOptions): Check {
  return {
    name: 'clock',
    run: async () => {
      let date: string | null;
      const before = Date.now();
      try {
        const response = await fetch(new URL('/healthz/live', connection.url), { signal: AbortSignal.timeout(5_000) });
        await response.arrayBuffer();
        date = response.headers.get('date');
      } catch {
        return skip('the server does not answer');
      }
      const after = Date.now();
      const theirs = date === null ? Number.NaN : Date.parse(date);
      if (Number.isNaN(theirs)) return skip('the server does not say its time');
      // The header is cut to whole seconds: its moment lies in [theirs, theirs + 1 s).
      const skew = theirs > after ? theirs - after : Math.max(0, before - (theirs + 1_000));
      if (skew > LARGEST_SKEW_MS) {
        return warn(
          `this machine and the server differ by ${(skew / 1000).toFixed(0)} s`,
          'set both by NTP: expiry times and time filters depend on it',
        );
      }
      return ok('agrees with the server’s');
    },
  };
}
