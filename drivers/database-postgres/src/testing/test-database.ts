import type { Database, Logger, Migrations } from '@understudy/kernel';
import { Client } from 'pg';
import { migrate } from '../migrate.ts';
import { type OpenDatabase, openDatabase } from '../postgres-database.ts';
import { type SystemPostgres, startTestCluster, type TestCluster } from './test-cluster.ts';

export interface TestDatabaseOptions {
  /** The rooms whose tables the test needs, in order. */
  migrations?: readonly Migrations[];
  poolSize?: number;
  statementTimeoutMs?: number;
  acquireTimeoutMs?: number;
  logger?: Logger;
  /** Another PostgreSQL than the embedded one. */
  system?: SystemPostgres;
}

export interface TestDatabase extends OpenDatabase {
  readonly database: Database;
  /** The owner's URL: a superuser, not bound by row-level security. */
  readonly url: string;
  /** Runs one statement as the owner, past row-level security: to look at what is really there. */
  asOwner<R = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<R[]>;
}

const clusters = new Map<string, Promise<TestCluster>>();
const templates = new Map<string, Promise<string>>();
let counter = 0;

/**
 * A fresh, migrated database on this process' throw-away PostgreSQL. The first call in a process starts the server
 * (about a third of a second), later ones copy an already migrated database. `close()` drops it.
 *
 * @example
 * const db = await createTestDatabase({ migrations: [ledgerMigrations] });
 * after(() => db.close());
 */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const clusterKey = options.system?.folder ?? '';
  let starting = clusters.get(clusterKey);
  if (starting === undefined) {
    starting = startTestCluster(options.system);
    clusters.set(clusterKey, starting);
  }
  const cluster = await starting;
  const migrations = options.migrations ?? [];
  const key = [clusterKey, ...migrations.map(({ room, directory }) => `${room}=${directory.href}`)].join('|');
  let template = templates.get(key);
  if (template === undefined) {
    template = makeTemplate(cluster, migrations);
    templates.set(key, template);
  }
  const name = `test_${++counter}`;
  await administer(cluster, `CREATE DATABASE ${name} TEMPLATE ${await template} STRATEGY FILE_COPY`);
  const url = cluster.url(name);
  const open = openDatabase({ ...options, url });
  return {
    ...open,
    url,
    asOwner: async <R>(text: string, values: readonly unknown[] = []) => {
      const client = new Client({ connectionString: url });
      await client.connect();
      try {
        return (await client.query(text, values as unknown[])).rows as R[];
      } finally {
        await client.end();
      }
    },
    close: async () => {
      await open.close();
      await administer(cluster, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

async function makeTemplate(cluster: TestCluster, migrations: readonly Migrations[]): Promise<string> {
  const name = `template_${++counter}`;
  await administer(cluster, `CREATE DATABASE ${name}`);
  await migrate({ url: cluster.url(name), migrations });
  return name;
}

async function administer(cluster: TestCluster, statement: string): Promise<void> {
  const client = new Client({ connectionString: cluster.url('postgres') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
