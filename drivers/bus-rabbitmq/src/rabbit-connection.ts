import { eventErrors } from '@understudy/events';
import { type ChannelModel, connect } from 'amqplib';
import { describe, unreachable } from './rabbit-errors.ts';
import type { RabbitAddress } from './rabbit-url.ts';

const CLOSE_MS = 3000;

/**
 * One connection that is made when it is needed, and anew after it was lost. Publishing and consuming have one each:
 * a broker that runs out of memory stops reading from connections that publish, and acknowledgements must get through.
 */
export class RabbitConnection {
  readonly #address: RabbitAddress;
  readonly #name: string;
  #current: Promise<ChannelModel> | null = null;
  #closed = false;
  /** Why the broker takes nothing from us at present (an alarm of memory or disk), or null. */
  blocked: string | null = null;

  constructor(address: RabbitAddress, name: string) {
    this.#address = address;
    this.#name = name;
  }

  /** @throws `bus_unavailable` */
  async model(): Promise<ChannelModel> {
    if (this.#closed) throw eventErrors.bus_unavailable('the bus is closed');
    this.#current ??= this.#connect();
    try {
      return await this.#current;
    } catch (error) {
      throw unreachable(error);
    }
  }

  #connect(): Promise<ChannelModel> {
    const forget = () => {
      if (this.#current === attempt) this.#current = null;
      this.blocked = null;
    };
    const attempt = (async () => {
      const socket = this.#address.socket();
      const clientProperties = { connection_name: this.#name };
      const model = await connect(this.#address.connect, { ...socket, clientProperties });
      model.on('error', () => {}); // `close` follows, and channels learn by theirs
      model.on('close', forget);
      model.on('blocked', (reason) => {
        this.blocked = reason;
      });
      model.on('unblocked', () => {
        this.blocked = null;
      });
      return model;
    })();
    attempt.catch(forget);
    return attempt;
  }

  /** Says goodbye; a broker that does not answer is left without. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    const current = this.#current;
    this.#current = null;
    if (current === null) return;
    try {
      const model = await current;
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error('no answer')), CLOSE_MS);
      });
      await Promise.race([model.close(), late]).catch((error) => destroySocket(model, error));
      clearTimeout(timer);
    } catch {
      // it never was, or is gone already
    }
  }
}

/** The library has no way to give a silent connection up. */
function destroySocket(model: ChannelModel, error: unknown): void {
  const { stream } = model.connection as unknown as { stream?: { destroy(error: Error): void } };
  stream?.destroy(new Error(describe(error)));
}
