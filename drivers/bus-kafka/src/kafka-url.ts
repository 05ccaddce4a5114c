import { readFileSync } from 'node:fs';
import type { ConnectionOptions as TlsOptions } from 'node:tls';
import { DEFAULT_MAX_BYTES } from './capabilities.ts';

/** What a `kafka://` URL says. */
export interface KafkaAddress {
  /** `host:port` of some brokers; the others are learnt from them. */
  brokers: string[];
  tls: TlsOptions | undefined;
  sasl: { mechanism: SaslMechanism; username: string; password: string } | undefined;
  clientId: string;
  compression: Compression;
  maxBytes: number;
  /** A member that was not heard of for so long loses its partitions. */
  sessionMs: number;
}

export type SaslMechanism = 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
export type Compression = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';

const compressions: readonly string[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] satisfies Compression[];
const mechanisms: Readonly<Record<string, SaslMechanism>> = {
  plain: 'PLAIN',
  'scram-sha-256': 'SCRAM-SHA-256',
  'scram-sha-512': 'SCRAM-SHA-512',
};
const parameters = ['sasl', 'ca', 'cert', 'key', 'client-id', 'compression', 'max-message-bytes', 'session-ms'];

/**
 * Reads `kafka://host:9092,host2:9092` or `kafka+ssl://user:password@host:9093?sasl=scram-sha-512&ca=/path/ca.pem`.
 * User and password are percent-encoded. Parameters: `sasl` (`plain`, `scram-sha-256`, `scram-sha-512`; needed with a
 * user), `ca`, `cert`, `key` (PEM files; `kafka+ssl` only; without `ca` the public authorities count), `client-id`
 * (default `understudy`), `compression` of what we publish (default `none`), `max-message-bytes` (default 1,000,000),
 * `session-ms` (default 10,000). Throws a TypeError that names what is wrong, never the password.
 */
export function parseKafkaUrl(url: string): KafkaAddress {
  const match = /^kafka(\+ssl)?:\/\/(?:([^@/?]*)@)?([^@/?]+)\/?(?:\?(.*))?$/.exec(url);
  if (match === null) throw new TypeError('not a Kafka URL: kafka://host:port,host:port?… or kafka+ssl://…');
  const [, secure, credentials, hosts, query] = match;
  const given = new URLSearchParams(query ?? '');
  for (const name of given.keys()) {
    if (!parameters.includes(name)) throw new TypeError(`unknown parameter "${name}" in a Kafka URL`);
  }
  return {
    brokers: hosts!.split(',').map(readHost),
    tls: readTls(secure !== undefined, given),
    sasl: readSasl(credentials, given.get('sasl')),
    clientId: given.get('client-id') ?? 'understudy',
    compression: readCompression(given.get('compression') ?? 'none'),
    maxBytes: readNumber(given, 'max-message-bytes', DEFAULT_MAX_BYTES, 1000, 100_000_000),
    sessionMs: readNumber(given, 'session-ms', 10_000, 1000, 300_000),
  };
}

function readHost(text: string): string {
  const [, host, port = '9092'] = /^(\[[0-9a-fA-F:.]+\]|[^:[\]]+)(?::(\d+))?$/.exec(text.trim()) ?? [];
  if (host === undefined || Number(port) > 65_535) throw new TypeError(`"${text}" in a Kafka URL is not host:port`);
  return `${host}:${port}`;
}

function readTls(secure: boolean, given: URLSearchParams): TlsOptions | undefined {
  const files = ['ca', 'cert', 'key'].filter((name) => given.has(name));
  if (!secure) {
    if (files.length > 0) throw new TypeError(`"${files[0]}" in a Kafka URL needs kafka+ssl://`);
    return undefined;
  }
  if (given.has('cert') !== given.has('key')) throw new TypeError('a Kafka URL takes "cert" and "key" together');
  return Object.fromEntries(files.map((name) => [name, readFileSync(given.get(name)!)]));
}

function readSasl(credentials: string | undefined, wanted: string | null): KafkaAddress['sasl'] {
  if (credentials === undefined && wanted === null) return undefined;
  if (credentials === undefined) throw new TypeError('"sasl" in a Kafka URL needs user:password@');
  const mechanism = mechanisms[wanted ?? ''];
  if (mechanism === undefined) {
    throw new TypeError(`a Kafka URL with a user needs sasl=${Object.keys(mechanisms).join('|')}`);
  }
  const colon = credentials.indexOf(':');
  if (colon < 0) throw new TypeError('a Kafka URL with a user needs a password, too');
  try {
    return {
      mechanism,
      username: decodeURIComponent(credentials.slice(0, colon)),
      password: decodeURIComponent(credentials.slice(colon + 1)),
    };
  } catch {
    throw new TypeError('user and password in a Kafka URL are to be percent-encoded');
  }
}

function readCompression(text: string): Compression {
  if (!compressions.includes(text)) {
    throw new TypeError(`"compression" in a Kafka URL is one of ${compressions.join(', ')}`);
  }
  return text as Compression;
}

function readNumber(given: URLSearchParams, name: string, fallback: number, least: number, most: number): number {
  const text = given.get(name);
  if (text === null) return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new TypeError(`"${name}" in a Kafka URL is a whole number from ${least} to ${most}`);
  }
  return value;
}
