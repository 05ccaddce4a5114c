import type { Logger } from '@understudy/kernel';
import { Client, type ClientConfig } from 'pg';

/** Called with each payload, and with `undefined` when notifications may have been missed: drop what you cached. */
export type NotificationHandler = (payload: string | undefined) => void;

const HEARTBEAT_MS = 5_000;
const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 2_000;

/**
 * LISTEN on one connection of its own, for all channels, reconnecting for ever. NOTIFY keeps nothing for a listener
 * who is away, so every (re)connection after the first tells each handler to assume the worst.
 */
export class Notifications {
  readonly #config: ClientConfig;
  readonly #logger: Logger;
  readonly #handlers = new Map<string, Set<NotificationHandler>>();
  #client: Client | undefined;
  #connecting: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #retryMs = FIRST_RETRY_MS;
  #closed = false;

  constructor(config: ClientConfig, logger: Logger) {
    this.#config = config;
    this.#logger = logger;
  }

  /** Resolves once the server listens, or once the first attempt has failed: then it goes on trying by itself. */
  async listen(channel: string, handler: NotificationHandler): Promise<() => void> {
    let handlers = this.#handlers.get(channel);
    const known = handlers !== undefined;
    if (handlers === undefined) {
      handlers = new Set();
      this.#handlers.set(channel, handlers);
    }
    handlers.add(handler);
    if (this.#client !== undefined && this.#connecting === undefined) {
      if (!known) await this.#subscribe(this.#client, channel).catch(() => this.#lost());
    } else {
      this.#connecting ??= this.#connect();
      await this.#connecting;
    }
    return () => void handlers.delete(handler);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearInterval(this.#heartbeat);
    const client = this.#client;
    this.#client = undefined;
    await this.#connecting;
    await client?.end().catch(() => {});
  }

  async #connect(): Promise<void> {
    const client = new Client(this.#config);
    client.on('error', () => this.#lost(client));
    client.on('end', () => this.#lost(client));
    client.on('notification', ({ channel, payload }) => this.#deliver(channel, payload ?? ''));
    this.#client = client;
    try {
      await client.connect();
      for (const channel of this.#handlers.keys()) await this.#subscribe(client, channel);
    } catch (error) {
      this.#connecting = undefined;
      this.#logger.warn({ err: error }, 'database notifications: cannot listen');
      this.#lost(client);
      return;
    }
    this.#connecting = undefined;
    if (this.#closed) return void client.end().catch(() => {});
    this.#retryMs = FIRST_RETRY_MS;
    for (const channel of this.#handlers.keys()) this.#deliver(channel, undefined);
    // A connection cut without a word (a firewall, a pulled cable) shows only when something is sent over it.
    clearInterval(this.#heartbeat);
    this.#heartbeat = setInterval(() => {
      client
        .query({ text: 'SELECT 1', query_timeout: HEARTBEAT_MS } as { text: string })
        .catch(() => this.#lost(client));
    }, HEARTBEAT_MS).unref();
  }

  #subscribe(client: Client, channel: string): Promise<unknown> {
    return client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
  }

  #deliver(channel: string, payload: string | undefined): void {
    for (const handler of this.#handlers.get(channel) ?? []) {
      try {
        handler(payload);
      } catch (error) {
        this.#logger.error({ err: error, channel }, 'database notifications: a handler failed');
      }
    }
  }

  #lost(client = this.#client): void {
    if (client === undefined || client !== this.#client) return;
    this.#client = undefined;
    clearInterval(this.#heartbeat);
    void client.end().catch(() => {});
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#connecting ??= this.#connect();
    }, this.#retryMs).unref();
    this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
  }
}
