import { readFileSync } from 'node:fs';
import { eventErrors } from '@understudy/events';
import { credentials, type Options, type SocketOptions } from 'amqplib';
import { rabbitCapabilities } from './capabilities.ts';

/** Where a broker is and how to talk to it. */
export interface RabbitAddress {
  connect: Options.Connect;
  /** Reads the certificates anew, so that renewed ones are taken up by the next connection. */
  socket(): SocketOptions;
  maxBytes: number;
}

const KNOWN = new Set(['heartbeat', 'max_bytes', 'ca', 'cert', 'key', 'server_name', 'auth']);
/** Seconds. A broker that falls silent is given up after two of them. */
const HEARTBEAT = 10;
const CONNECT_MS = 5000;

/**
 * `amqp://user:password@host:5672/vhost` or `amqps://…:5671/…` with
 * - `heartbeat=10` (seconds), `max_bytes=16777216` (largest body),
 * - for amqps: `ca=/file.pem` (authority), `cert=` and `key=` (files of a client certificate), `server_name=` (another
 *   name than the host's in the server's certificate), `auth=external` (the client certificate instead of a password).
 *
 * @throws `bus_refused` for a URL that says something else; never shows its password
 */
export function parseRabbitUrl(text: string): RabbitAddress {
  if (!URL.canParse(text)) throw eventErrors.bus_refused('the URL of the RabbitMQ bus cannot be read');
  const url = new URL(text);
  const secure = url.protocol === 'amqps:';
  if (!secure && url.protocol !== 'amqp:') throw eventErrors.bus_refused(`${url.protocol} is not amqp: or amqps:`);
  const of = (name: string) => url.searchParams.get(name) ?? undefined;
  for (const name of url.searchParams.keys()) {
    if (!KNOWN.has(name)) throw eventErrors.bus_refused(`a RabbitMQ bus has no setting "${name}"`);
    if (!secure && ['ca', 'cert', 'key', 'server_name'].includes(name)) {
      throw eventErrors.bus_refused(`"${name}" needs amqps://`);
    }
  }
  const external = of('auth') === 'external';
  if (of('auth') !== undefined && !external) throw eventErrors.bus_refused('"auth" may only be external');
  if (external && of('cert') === undefined) throw eventErrors.bus_refused('auth=external needs cert and key');
  const vhost = decodeURIComponent(url.pathname.slice(1));
  return {
    connect: {
      protocol: secure ? 'amqps' : 'amqp',
      hostname: url.hostname.replace(/^\[|\]$/g, '') || 'localhost',
      port: Number(url.port) || (secure ? 5671 : 5672),
      username: decodeURIComponent(url.username) || 'guest',
      password: decodeURIComponent(url.password) || (url.username === '' ? 'guest' : ''),
      vhost: vhost === '' ? '/' : vhost,
      heartbeat: number(of('heartbeat'), HEARTBEAT, 'heartbeat'),
      frameMax: 131_072,
    },
    maxBytes: number(of('max_bytes'), rabbitCapabilities.maxBytes, 'max_bytes'),
    socket: () => ({
      noDelay: true,
      keepAlive: true,
      timeout: CONNECT_MS,
      ...(of('ca') === undefined ? {} : { ca: readFileSync(of('ca')!) }),
      ...(of('cert') === undefined ? {} : { cert: readFileSync(of('cert')!) }),
      ...(of('key') === undefined ? {} : { key: readFileSync(of('key')!) }),
      ...(of('server_name') === undefined ? {} : { servername: of('server_name')! }),
      ...(external ? { credentials: credentials.external() } : {}),
    }),
  };
}

function number(value: string | undefined, fallback: number, name: string): number {
  if (value === undefined) return fallback;
  if (!/^\d{1,9}$/.test(value) || Number(value) < 1)
    throw eventErrors.bus_refused(`"${name}" is not a positive number`);
  return Number(value);
}
