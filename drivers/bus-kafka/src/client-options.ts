import type { KafkaAddress } from './kafka-url.ts';

/** What every client of a bus shares. Delays in ms. */
export function clientOptions(address: KafkaAddress) {
  const { brokers, clientId, tls, sasl, sessionMs } = address;
  return {
    clientId,
    bootstrapBrokers: brokers,
    // A name for the broker's certificate; TLS knows none for addresses.
    ...(tls === undefined ? {} : { tls, tlsServerName: brokers.some((broker) => !/^(\[|[\d.]+:)/.test(broker)) }),
    ...(sasl === undefined ? {} : { sasl }),
    connectTimeout: 5000,
    requestTimeout: Math.max(30_000, sessionMs + 10_000), // joining a group may take a session
    autocreateTopics: false, // a misspelt topic is an error, not a new topic
    retries: 4,
    retryDelay: (_client: object, _operation: string, attempt: number) => Math.min(100 * 2 ** attempt, 2000),
  };
}

/** Waits as long as the promise takes, or rejects after the limit. What it started goes on. */
export async function within<T>(milliseconds: number, what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: no answer within ${milliseconds} ms`)), milliseconds);
  });
  promise.catch(() => {}); // it may fail later, when nobody waits any more
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
