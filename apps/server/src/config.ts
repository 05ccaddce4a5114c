import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { AllowList } from '@understudy/egress';

/**
 * Every setting of the server, in one place. This file is the only one that reads the environment;
 * `understudy start --help` and docs/reference/configuration.md are printed from it.
 */
interface Setting<T> {
  description: string;
  /** As shown in the help; `undefined` = no default. */
  fallback: string | undefined;
  parse(raw: string): T;
  secret?: boolean;
}

export class ConfigError extends Error {
  readonly code = 'invalid_configuration';
}

const text = (description: string, fallback?: string, secret = false): Setting<string> => ({
  description,
  fallback,
  secret,
  parse: (raw) => raw,
});

const integer = (description: string, fallback: number, minimum: number, maximum: number): Setting<number> => ({
  description: `${description} (${minimum}…${maximum})`,
  fallback: String(fallback),
  parse: (raw) => {
    const value = Number(raw);
    if (!Number.isInteger(value) || value < minimum || value > maximum) {
      throw new ConfigError(`must be a whole number from ${minimum} to ${maximum}, not ${JSON.stringify(raw)}`);
    }
    return value;
  },
});

const choice = <const C extends readonly string[]>(description: string, values: C, fallback: C[number]) => ({
  description: `${description} (${values.join('|')})`,
  fallback: fallback as string,
  parse: (raw: string): C[number] => {
    if (!values.includes(raw)) throw new ConfigError(`must be one of ${values.join(', ')}, not ${JSON.stringify(raw)}`);
    return raw;
  },
});

/** By bus, then by workspace: patterns of topics. */
type TopicPatterns = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

function parseTopicPatterns(raw: string): TopicPatterns {
  const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  let value: unknown;
  try {
    value = JSON.parse(raw);
  } catch {
    throw new ConfigError('must be JSON, e.g. {"main":{"*":["shop.*"]}}');
  }
  const well =
    isObject(value) &&
    Object.values(value).every(
      (workspaces) =>
        isObject(workspaces) &&
        Object.values(workspaces).every(
          (topics) => Array.isArray(topics) && topics.every((topic) => typeof topic === 'string' && topic !== ''),
        ),
    );
  if (!well) throw new ConfigError('must name lists of patterns by bus and workspace, e.g. {"main":{"*":["shop.*"]}}');
  return value as TopicPatterns;
}

/** A message system of the operator. The URL holds credentials: it goes to the driver and nowhere else. */
export interface BusSetting {
  name: string;
  system: 'kafka' | 'amqp' | 'sqs';
  url: string;
  /** For people: without credentials and parameters. */
  address: string;
}

const SYSTEMS: Readonly<Record<string, BusSetting['system']>> = {
  kafka: 'kafka',
  'kafka+ssl': 'kafka',
  amqp: 'amqp',
  amqps: 'amqp',
  sqs: 'sqs',
};

/** Never repeats a URL: it may hold a password, also one that was put in a wrong place. */
function parseBuses(raw: string): readonly BusSetting[] {
  const example = '{"main":"kafka://127.0.0.1:9092"}';
  let value: unknown;
  try {
    value = JSON.parse(raw);
  } catch {
    throw new ConfigError(`must be JSON, e.g. ${example}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ConfigError(`must name message systems and their URLs, e.g. ${example}`);
  }
  return Object.entries(value).map(([name, url]: [string, unknown]) => {
    if (!/^[a-z][a-z0-9-]{0,31}$/.test(name)) {
      throw new ConfigError('has a name that is not lower-case letters, digits and hyphens, 32 at most');
    }
    if (name === 'postgres' || name === 'http')
      throw new ConfigError(`must not name one ${name}: that is always there`);
    const [, scheme, rest] = (typeof url === 'string' && /^([a-z+]+):\/\/([^\s]*)$/.exec(url)) || [];
    const system = scheme === undefined || !Object.hasOwn(SYSTEMS, scheme) ? undefined : SYSTEMS[scheme];
    if (system === undefined) {
      throw new ConfigError(`has no URL of ${Object.keys(SYSTEMS).join('://, ')}:// for ${name}`);
    }
    // Cut at the last @ first: a password may hold a question mark.
    const place = rest!.slice(rest!.lastIndexOf('@') + 1).split(/[?&]/)[0];
    return { name, system, url: url as string, address: `${scheme}://${place}` };
  });
}

const ROLES = ['gateway', 'worker', 'scheduler'] as const;
export type Role = (typeof ROLES)[number];

export const settings = {
  UNDERSTUDY_HOST: text('Address to listen on', '127.0.0.1'),
  UNDERSTUDY_PORT: integer('Port to listen on; 0 = any free one, printed as `listening on http://…`', 8080, 0, 65535),
  UNDERSTUDY_PUBLIC_URL: {
    description:
      'Where browsers reach this server, e.g. https://understudy.example.com, when that is not where it listens; with https, session cookies are Secure',
    fallback: undefined,
    parse: (raw: string) => {
      const url = URL.canParse(raw) ? new URL(raw) : undefined;
      if ((url?.protocol !== 'http:' && url?.protocol !== 'https:') || `${url.origin}/` !== url.href) {
        throw new ConfigError('must be http:// or https:// with a host, an optional port and nothing else');
      }
      return url.origin;
    },
  } satisfies Setting<string>,
  UNDERSTUDY_DATA_DIR: text('Where the embedded database, model files and datasets live', './data'),
  DATABASE_URL: text('PostgreSQL ≥ 15 to use, postgres://…; absent = the embedded PostgreSQL 18', undefined, true),
  UNDERSTUDY_DATABASE_POOL: integer('Database connections of this process', 12, 4, 200),
  UNDERSTUDY_OPERATOR_KEY: {
    description: '`us_op_` and at least 32 random characters; absent = one is made on first start and printed once',
    fallback: undefined,
    secret: true,
    parse: (raw: string) => {
      if (!/^us_op_[A-Za-z0-9_-]{32,200}$/.test(raw)) {
        throw new ConfigError('must be `us_op_` and at least 32 random characters of A–Z a–z 0–9 _ -');
      }
      if (new Set(raw.slice(6)).size < 10) throw new ConfigError('is not random: it repeats a few characters');
      return raw;
    },
  } satisfies Setting<string>,
  UNDERSTUDY_DASHBOARD: choice(
    '`on`: serves the dashboard at /, built on the first start; `off`: the API only',
    ['on', 'off'],
    'on',
  ),
  UNDERSTUDY_DEMO: choice('`on`: an example workspace with example tasks on an empty database', ['on', 'off'], 'off'),
  UNDERSTUDY_ROLES: {
    description: `What this process does, comma-separated (${ROLES.join(', ')})`,
    fallback: ROLES.join(','),
    parse: (raw: string): ReadonlySet<Role> => {
      const roles = raw.split(',').map((role) => role.trim());
      const unknown = roles.find((role) => !(ROLES as readonly string[]).includes(role));
      if (unknown !== undefined || roles.length === 0) {
        throw new ConfigError(`knows ${ROLES.join(', ')}, not ${JSON.stringify(unknown)}`);
      }
      return new Set(roles as Role[]);
    },
  } satisfies Setting<ReadonlySet<Role>>,
  UNDERSTUDY_WORKER_PROCESS: choice(
    'Where a server that is gateway and worker does the work of workers and schedulers: `on` in a process of its own beside the gateway, `off` in the same one, `auto` = `on` where there are two cores or more',
    ['auto', 'on', 'off'],
    'auto',
  ),
  UNDERSTUDY_LOG_LEVEL: choice('Log level', ['debug', 'info', 'warn', 'error', 'silent'], 'info'),
  UNDERSTUDY_LOG_FORMAT: choice('`json` for machines, `text` for people', ['json', 'text'], 'json'),
  UNDERSTUDY_METRICS_PORT: integer('Port of its own for /metrics without a key; 0 = none', 0, 0, 65535),
  UNDERSTUDY_MAX_BODY_MB: integer('Largest JSON body that is not an import, in MB', 8, 1, 256),
  UNDERSTUDY_LEAST_CONCURRENCY: integer(
    'Requests at once that a gateway always takes on; up to eight times as many while it answers them in time, the rest get 503',
    256,
    1,
    10_000,
  ),
  UNDERSTUDY_RATE_LIMIT: integer('Requests per minute of a key that has no limit of its own', 600_000, 1, 100_000_000),
  UNDERSTUDY_WORKSPACE_QUOTA: integer(
    'Requests per minute of a workspace that has no quota of its own, all its keys together; 0 = no limit',
    0,
    0,
    100_000_000,
  ),
  UNDERSTUDY_MODEL_HOSTS: integer('Processes that models run in', 1, 1, 32),
  UNDERSTUDY_MODEL_MEMORY_MB: integer('Largest model that is loaded', 512, 16, 16_384),
  UNDERSTUDY_MODEL_TIMEOUT_MS: integer('Longest that one model answer may take', 2000, 10, 60_000),
  UNDERSTUDY_TRAINING_THREADS: integer('Cores that a training run may use; 0 = all', 0, 0, 256),
  UNDERSTUDY_TRAINING_MEMORY_MB: integer('Memory that a training run may use', 4096, 128, 1_000_000),
  UNDERSTUDY_JOB_CONCURRENCY: integer(
    'Items of one task that jobs have in work at once, over all workers',
    1000,
    1,
    100_000,
  ),
  UNDERSTUDY_JOB_ATTEMPTS: integer('How often an item of a job is tried before it is a dead letter', 5, 1, 100),
  UNDERSTUDY_JOB_LEASE_SECONDS: integer(
    'How long a worker may be silent with a job before another takes it',
    60,
    2,
    3600,
  ),
  UNDERSTUDY_JOB_RETENTION_DAYS: integer('How long jobs that ended, and dead letters, are kept', 30, 1, 3650),
  UNDERSTUDY_CPU_HOUR_COST: {
    description: 'What one CPU hour costs you, in the currency of the task; goes into each decision’s cost',
    fallback: '0.04',
    parse: (raw: string) => {
      if (!/^\d{1,6}(\.\d{1,6})?$/.test(raw)) throw new ConfigError('must be a decimal amount');
      return Number(raw);
    },
  } satisfies Setting<number>,
  UNDERSTUDY_BUSES: {
    description:
      'Message systems by name, as JSON, e.g. {"main":"kafka+ssl://user:password@host:9093?sasl=scram-sha-512","rabbit":"amqps://user:password@host/vhost","queue":"sqs://eu-central-1"}; `postgres` is always there',
    fallback: '{}',
    secret: true,
    parse: parseBuses,
  } satisfies Setting<readonly BusSetting[]>,
  UNDERSTUDY_BUS_TOPICS: {
    description:
      'Which workspaces may use which topics, as JSON by bus and workspace (`*` = any) with patterns (`*` = any characters), e.g. {"main":{"ws_…":["shop.*"]}}; of a bus that is not named, a topic belongs to the workspace that uses it first',
    fallback: '{}',
    parse: parseTopicPatterns,
  } satisfies Setting<TopicPatterns>,
  UNDERSTUDY_INBOX_DAYS: integer(
    'Days for which a message of a source is known again when it is delivered once more',
    14,
    1,
    365,
  ),
  UNDERSTUDY_EGRESS_ALLOW: {
    description:
      'What webhooks and other calls out may reach besides the public internet, comma-separated: networks (10.20.0.0/16), addresses and names, the latter two with a port if wanted (hooks.internal:8443)',
    fallback: '',
    parse: (raw: string) => {
      try {
        AllowList.parse(raw);
        // As text: the settings travel to the worker process, and an object would arrive there without its methods.
        return raw;
      } catch (error) {
        throw new ConfigError(error instanceof Error ? error.message : 'is not valid');
      }
    },
  } satisfies Setting<string>,
  UNDERSTUDY_SECRETS_KEY: {
    description:
      '32 random bytes in base64 (openssl rand -base64 32), the same in every process: seals the secrets of webhooks in the database; absent = a key in the data directory with the embedded PostgreSQL, unsealed with DATABASE_URL',
    fallback: undefined,
    secret: true,
    parse: (raw: string) => {
      const key = Buffer.from(raw, 'base64');
      if (key.length !== 32 || key.toString('base64') !== raw) throw new ConfigError('must be 32 bytes in base64');
      return new Uint8Array(key);
    },
  } satisfies Setting<Uint8Array>,
  UNDERSTUDY_WEBHOOK_DISABLE_DAYS: integer('Days of nothing but failure after which a webhook is disabled', 5, 1, 365),
  UNDERSTUDY_DRAIN_SECONDS: integer('Longest that a stop waits for requests in flight', 25, 1, 600),
} as const;

type Settings = typeof settings;
type Values = { [K in keyof Settings]: ReturnType<Settings[K]['parse']> };

export interface Config {
  host: string;
  port: number;
  publicUrl: string | undefined;
  dataDir: string;
  databaseUrl: string | undefined;
  databasePool: number;
  operatorKey: string | undefined;
  dashboard: boolean;
  demo: boolean;
  roles: ReadonlySet<Role>;
  workerProcess: boolean;
  logLevel: Values['UNDERSTUDY_LOG_LEVEL'];
  logFormat: Values['UNDERSTUDY_LOG_FORMAT'];
  metricsPort: number;
  maxBodyBytes: number;
  leastConcurrency: number;
  rateLimitPerMinute: number;
  /** Null = none. */
  workspaceQuotaPerMinute: number | null;
  modelHosts: number;
  modelMemoryBytes: number;
  modelTimeoutMs: number;
  trainingThreads: number;
  trainingMemoryBytes: number;
  jobConcurrency: number;
  jobAttempts: number;
  jobLeaseMs: number;
  jobRetentionDays: number;
  cpuHourCost: number;
  buses: readonly BusSetting[];
  busTopics: TopicPatterns;
  inboxDays: number;
  egressAllow: string;
  secretsKey: Uint8Array | undefined;
  webhookDisableDays: number;
  drainSeconds: number;
}

/** Reads and checks all settings. Throws one ConfigError that names every wrong one; secrets are not repeated. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const wrong: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(settings) as [string, Setting<unknown>][]) {
    const raw = environment[name] === undefined || environment[name] === '' ? setting.fallback : environment[name];
    if (raw === undefined) continue;
    try {
      values[name] = setting.parse(raw);
    } catch (error) {
      const reason = error instanceof ConfigError ? error.message : 'is not valid';
      wrong.push(`${name} ${setting.secret ? reason.replaceAll(raw, '…') : reason}`);
    }
  }
  for (const name of Object.keys(environment)) {
    if (name.startsWith('UNDERSTUDY_') && !(name in settings) && !FOREIGN.test(name)) {
      wrong.push(`${name} is not a setting (see --help)`);
    }
  }
  if (wrong.length > 0) throw new ConfigError(wrong.join('\n'));
  const v = values as Partial<Values> & Values;
  return {
    host: v.UNDERSTUDY_HOST,
    port: v.UNDERSTUDY_PORT,
    publicUrl: v.UNDERSTUDY_PUBLIC_URL,
    dataDir: resolve(v.UNDERSTUDY_DATA_DIR),
    databaseUrl: v.DATABASE_URL,
    databasePool: v.UNDERSTUDY_DATABASE_POOL,
    operatorKey: v.UNDERSTUDY_OPERATOR_KEY,
    dashboard: v.UNDERSTUDY_DASHBOARD === 'on',
    demo: v.UNDERSTUDY_DEMO === 'on',
    roles: v.UNDERSTUDY_ROLES,
    workerProcess:
      v.UNDERSTUDY_WORKER_PROCESS === 'on' || (v.UNDERSTUDY_WORKER_PROCESS === 'auto' && availableParallelism() > 1),
    logLevel: v.UNDERSTUDY_LOG_LEVEL,
    logFormat: v.UNDERSTUDY_LOG_FORMAT,
    metricsPort: v.UNDERSTUDY_METRICS_PORT,
    maxBodyBytes: v.UNDERSTUDY_MAX_BODY_MB * 1024 * 1024,
    leastConcurrency: v.UNDERSTUDY_LEAST_CONCURRENCY,
    rateLimitPerMinute: v.UNDERSTUDY_RATE_LIMIT,
    workspaceQuotaPerMinute: v.UNDERSTUDY_WORKSPACE_QUOTA === 0 ? null : v.UNDERSTUDY_WORKSPACE_QUOTA,
    modelHosts: v.UNDERSTUDY_MODEL_HOSTS,
    modelMemoryBytes: v.UNDERSTUDY_MODEL_MEMORY_MB * 1024 * 1024,
    modelTimeoutMs: v.UNDERSTUDY_MODEL_TIMEOUT_MS,
    trainingThreads: v.UNDERSTUDY_TRAINING_THREADS,
    trainingMemoryBytes: v.UNDERSTUDY_TRAINING_MEMORY_MB * 1024 * 1024,
    jobConcurrency: v.UNDERSTUDY_JOB_CONCURRENCY,
    jobAttempts: v.UNDERSTUDY_JOB_ATTEMPTS,
    jobLeaseMs: v.UNDERSTUDY_JOB_LEASE_SECONDS * 1000,
    jobRetentionDays: v.UNDERSTUDY_JOB_RETENTION_DAYS,
    cpuHourCost: v.UNDERSTUDY_CPU_HOUR_COST,
    buses: v.UNDERSTUDY_BUSES,
    busTopics: v.UNDERSTUDY_BUS_TOPICS,
    inboxDays: v.UNDERSTUDY_INBOX_DAYS,
    egressAllow: v.UNDERSTUDY_EGRESS_ALLOW,
    secretsKey: v.UNDERSTUDY_SECRETS_KEY,
    webhookDisableDays: v.UNDERSTUDY_WEBHOOK_DISABLE_DAYS,
    drainSeconds: v.UNDERSTUDY_DRAIN_SECONDS,
  };
}

/** Variables of the same prefix that other programs of this project read: the CLI, benchmarks, tests. */
const FOREIGN = /^UNDERSTUDY_(URL|API_KEY|DATASETS|BENCH_|TEST_)/;

/** The settings as help text, one a paragraph. */
export function describeSettings(): string {
  return Object.entries(settings)
    .map(([name, setting]) => {
      const fallback = setting.fallback === undefined ? '' : ` [${setting.fallback}]`;
      return `  ${name}${fallback}\n      ${setting.description}`;
    })
    .join('\n');
}
