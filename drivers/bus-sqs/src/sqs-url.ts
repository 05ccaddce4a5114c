import type { SQSClientConfig } from '@aws-sdk/client-sqs';
import { eventErrors } from '@understudy/events';
import { sqsCapabilities } from './capabilities.ts';

/** Where the queues are and how to read them. */
export interface SqsAddress {
  client: SQSClientConfig;
  /** Every topic is a FIFO queue. */
  fifo: boolean;
  maxBytes: number;
  /** Seconds that a receive waits for messages; closing takes as long at most. */
  waitSeconds: number;
  /** Seconds after which messages of a process that died come again. */
  visibilitySeconds: number;
}

const KNOWN = new Set(['region', 'endpoint', 'queues', 'max_bytes', 'wait', 'visibility']);

/**
 * `sqs://[key:secret@][region]?…` with
 * - `region=eu-central-1` instead of the host; without either, the SDK's own configuration says,
 * - `endpoint=http://127.0.0.1:9324` for another server than Amazon's,
 * - `queues=fifo`: every topic is a FIFO queue, and `.fifo` is added to a name without it,
 * - `max_bytes=262144` (largest message), `wait=5` (seconds of a long poll, 1–20), `visibility=30` (seconds, 2–3600).
 *
 * Without `key:secret`, the SDK's chain finds credentials: environment, files, the container's or the machine's role.
 *
 * @throws `bus_refused` for a URL that says something else; never shows its secret
 */
export function parseSqsUrl(text: string): SqsAddress {
  if (!URL.canParse(text)) throw eventErrors.bus_refused('the URL of the SQS bus cannot be read');
  const url = new URL(text);
  if (url.protocol !== 'sqs:') throw eventErrors.bus_refused(`${url.protocol} is not sqs:`);
  const of = (name: string) => url.searchParams.get(name) ?? undefined;
  for (const name of url.searchParams.keys()) {
    if (!KNOWN.has(name)) throw eventErrors.bus_refused(`an SQS bus has no setting "${name}"`);
  }
  if (url.port !== '' || !['', '/'].includes(url.pathname)) {
    throw eventErrors.bus_refused('an sqs:// URL names a region; another server goes into endpoint=');
  }
  const endpoint = of('endpoint');
  if (endpoint !== undefined && !/^https?:$/.test(URL.canParse(endpoint) ? new URL(endpoint).protocol : '')) {
    throw eventErrors.bus_refused('"endpoint" is not an http or https URL');
  }
  const queues = of('queues') ?? 'any';
  if (queues !== 'any' && queues !== 'fifo') throw eventErrors.bus_refused('"queues" may be any or fifo');
  if ((url.username === '') !== (url.password === '')) throw eventErrors.bus_refused('a key needs its secret');
  const region = of('region') ?? (url.hostname === '' ? undefined : url.hostname);
  const waitSeconds = within(of('wait'), 5, 'wait', 1, 20);
  return {
    fifo: queues === 'fifo',
    maxBytes: within(of('max_bytes'), sqsCapabilities.maxBytes, 'max_bytes', 1024, 16 * 1024 * 1024),
    waitSeconds,
    visibilitySeconds: within(of('visibility'), 30, 'visibility', 2, 3600),
    client: {
      ...(region === undefined ? {} : { region }),
      // The addresses of queues that such a server gives name the host that it believes to be.
      ...(endpoint === undefined ? {} : { endpoint, useQueueUrlAsEndpoint: false }),
      ...(url.username === ''
        ? {}
        : {
            credentials: {
              accessKeyId: decodeURIComponent(url.username),
              secretAccessKey: decodeURIComponent(url.password),
            },
          }),
      maxAttempts: 3,
      requestHandler: {
        connectionTimeout: 5000,
        requestTimeout: (waitSeconds + 10) * 1000,
        throwOnRequestTimeout: true,
      },
    },
  };
}

function within(value: string | undefined, fallback: number, name: string, least: number, most: number): number {
  if (value === undefined) return fallback;
  const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= least && number <= most)) throw eventErrors.bus_refused(`"${name}" is not from ${least} to ${most}`);
  return number;
}
