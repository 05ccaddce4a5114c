import { connect, createServer, type Server, type Socket } from 'node:net';

export interface Faults {
  /** Milliseconds that each piece waits, in both directions. */
  delayMs(): number;
  /** Asked for each piece that comes from behind: true drops it and resets the connection. */
  cutsAnswer(): boolean;
}

/** A TCP proxy on the loopback that does what networks do. */
export class FaultProxy {
  readonly port: number;
  /** Answers that were dropped. */
  cuts = 0;
  faults: Faults = healthy;
  readonly #server: Server;
  readonly #pairs = new Set<[Socket, Socket]>();

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  static async start(target: () => number): Promise<FaultProxy> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const proxy = new FaultProxy(server, (server.address() as { port: number }).port);
    server.on('connection', (front) => proxy.#join(front, connect(target(), '127.0.0.1')));
    return proxy;
  }

  #join(front: Socket, back: Socket): void {
    const pair: [Socket, Socket] = [front, back];
    this.#pairs.add(pair);
    for (const socket of pair) {
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#pairs.delete(pair);
        front.destroy();
        back.destroy();
      });
    }
    this.#pipe(front, back, () => false);
    this.#pipe(back, front, () => {
      if (!this.faults.cutsAnswer()) return false;
      this.cuts++;
      reset(pair);
      return true;
    });
  }

  #pipe(from: Socket, to: Socket, drops: () => boolean): void {
    let order = Promise.resolve();
    from.on('data', (piece) => {
      if (drops()) return;
      const delay = this.faults.delayMs();
      if (delay === 0) {
        order = order.then(() => void to.write(piece));
        return;
      }
      const due = new Promise<void>((done) => setTimeout(done, delay).unref());
      order = order.then(() => due).then(() => void to.write(piece));
    });
    from.on('end', () => order.then(() => to.end()));
  }

  /** Resets each open connection with this probability. */
  resetSome(share: number, random: () => number): void {
    for (const pair of [...this.#pairs]) if (random() < share) reset(pair);
  }

  close(): void {
    this.#server.close();
    for (const pair of [...this.#pairs]) reset(pair);
  }
}

export const healthy: Faults = { delayMs: () => 0, cutsAnswer: () => false };

/**
 * A socket whose end was already sent can no longer be reset: libuv refuses (EINVAL), Node keeps the handle, and the
 * process spins for ever when it ends.
 */
function reset([front, back]: [Socket, Socket]): void {
  if (front.writableEnded || front.connecting || front.destroyed) front.destroy();
  else front.resetAndDestroy();
  back.destroy();
}
