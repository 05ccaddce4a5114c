import type { ClientConfig } from 'pg';
import { databaseErrors } from './errors.ts';

/** The role that every request of the application runs as: no login, not an owner, subject to row-level security. */
export const APPLICATION_ROLE = 'understudy_app';

/** PostgreSQL settings given when a session starts, so that no statement ever runs without them. */
export type SessionSettings = Readonly<Record<string, string | number>>;

/** Settings of a session of the application. */
export function applicationSettings(statementTimeoutMs: number): SessionSettings {
  return {
    role: APPLICATION_ROLE,
    // "Acknowledged" means "on disk", whatever the server, the database or the role have as their default.
    synchronous_commit: 'on',
    default_transaction_isolation: 'read committed',
    statement_timeout: statementTimeoutMs,
    lock_timeout: Math.ceil(statementTimeoutMs / 2),
    idle_in_transaction_session_timeout: statementTimeoutMs * 2,
    timezone: 'UTC',
  };
}

/**
 * pg's configuration for a URL plus session settings. Settings in the URL's own `options` stay, ours win.
 *
 * @throws `database_url_invalid`
 */
export function connectionConfig(url: string, applicationName: string, settings: SessionSettings): ClientConfig {
  const parsed = parseDatabaseUrl(url);
  const given = parsed.searchParams.get('options') ?? '';
  parsed.searchParams.delete('options');
  const ours = Object.entries(settings).map(([name, value]) => `-c ${name}=${escapeOption(String(value))}`);
  return {
    connectionString: parsed.href,
    application_name: applicationName,
    options: [given, ...ours].join(' ').trim(),
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  };
}

/** Parses and checks a database URL without ever repeating it in a message: it holds a password. */
export function parseDatabaseUrl(url: string): URL {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw databaseErrors.database_url_invalid('DATABASE_URL is not a URL of the form postgres://user@host:port/name.');
  }
  if (parsed.protocol !== 'postgres:' && parsed.protocol !== 'postgresql:') {
    throw databaseErrors.database_url_invalid('DATABASE_URL has to begin with postgres:// or postgresql://.');
  }
  return parsed;
}

function escapeOption(value: string): string {
  return value.replaceAll(/[\\ ]/g, (character) => `\\${character}`);
}
