import type { CallOptions, Transport } from '../transport.ts';

/** For operators. */
export class Backups {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Everything that the server keeps, as of one moment: gzipped JSON lines whose last line holds a SHA-256 over all
   * before it. A stream that ends without that line was cut off.
   */
  download(options: CallOptions = {}): Promise<ReadableStream<Uint8Array>> {
    return this.#transport.stream({ ...options, method: 'GET', path: '/v1/backup', accept: '*/*' });
  }
}
