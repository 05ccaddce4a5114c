import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** An application that takes webhooks, on a free port of the loopback. */
export class WebhookReceiver {
  readonly received: Received[] = [];
  status = 204;
  headers: Record<string, string> = {};
  /** Answers this instead of `status`; `cut` closes the connection without a word. */
  decide: ((received: Received) => number | 'cut') | null = null;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', () => {
        const { url = '', headers } = request;
        const received = { path: url, headers, body: Buffer.concat(chunks).toString() };
        this.received.push(received);
        const status = this.decide?.(received) ?? this.status;
        if (status === 'cut') request.socket.destroy();
        else response.writeHead(status, this.headers).end();
      });
    });
  }

  static async start(): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver();
    await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve));
    receiver.#server.unref();
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as { port: number }).port}`;
  }

  /** Those of one type of event. */
  of(type: string): Received[] {
    return this.received.filter(({ body }) => JSON.parse(body).type === type);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
