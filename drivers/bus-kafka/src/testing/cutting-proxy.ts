import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP proxy on the loopback whose connections a test can cut. */
export class CuttingProxy {
  readonly port: number;
  readonly #server: Server;
  readonly #open = new Set<Socket>();

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  static async start(target: () => number): Promise<CuttingProxy> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const proxy = new CuttingProxy(server, (server.address() as { port: number }).port);
    server.on('connection', (front) => {
      const back = connect(target(), '127.0.0.1');
      for (const [one, other] of [
        [front, back],
        [back, front],
      ] as const) {
        proxy.#open.add(one);
        one.on('error', () => {});
        one.on('close', () => {
          proxy.#open.delete(one);
          other.destroy();
        });
        one.pipe(other);
      }
    });
    return proxy;
  }

  /** Ends every connection; new ones work. */
  cut(): void {
    for (const socket of this.#open) socket.destroy();
  }

  close(): void {
    this.#server.close();
    this.cut();
  }
}
