import { connect, createServer, type Socket } from 'node:net';

/** A TCP link to a port of the loopback that a test can cut, hold, or take away. */
export interface Link {
  readonly port: number;
  /** Resets all connections; new ones are taken at once. */
  cut(): void;
  /** Lets no byte pass any more, in either direction, without a word: a half-open connection. Until `release()`. */
  hold(): void;
  release(): void;
  close(): Promise<void>;
}

export async function startLink(target: number): Promise<Link> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let held = false;
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    const pair = [near, far] as const;
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const socket of pair) {
      socket.on('error', end);
      socket.on('close', end);
    }
    near.on('data', (bytes) => pass(near, far, bytes));
    far.on('data', (bytes) => pass(far, near, bytes));
    if (held) pair.forEach((socket) => void socket.pause());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const cut = () => {
    for (const pair of pairs) pair.forEach(reset);
  };
  return {
    port: (server.address() as { port: number }).port,
    cut,
    hold: () => {
      held = true;
      for (const pair of pairs) pair.forEach((socket) => void socket.pause());
    },
    release: () => {
      held = false;
      for (const pair of pairs) pair.forEach((socket) => void socket.resume());
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      cut();
      await closed;
    },
  };
}

/** A socket that has said its end cannot be reset any more: libuv refuses, and Node would keep its handle for ever. */
function reset(socket: Socket): void {
  if (socket.writableEnded || socket.connecting || socket.destroyed) socket.destroy();
  else socket.resetAndDestroy();
}

/** At the pace of the slower side. */
function pass(from: Socket, to: Socket, bytes: Buffer): void {
  if (to.destroyed || to.write(bytes) || from.isPaused()) return;
  from.pause();
  to.once('drain', () => from.resume());
}
