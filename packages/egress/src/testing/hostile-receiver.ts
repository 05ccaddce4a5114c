import { createServer, type Server, type Socket } from 'node:net';

/** What a receiver does with a connection once the request's head has come. */
export type Behaviour = (socket: Socket, head: string) => void;

/** A TCP server on a free port of 127.0.0.1 that counts connections and behaves as it is told to. */
export class HostileReceiver {
  connections = 0;
  /** Heads and bodies as they came. */
  readonly requests: string[] = [];
  /** Bytes that the client took before it went. */
  sent = 0;
  behaviour: Behaviour;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(behaviour: Behaviour) {
    this.behaviour = behaviour;
    this.#server = createServer((socket) => {
      this.connections++;
      this.#sockets.add(socket.unref()); // a test that fails before it stops this must still end
      socket.on('error', () => {});
      socket.on('close', () => {
        this.sent += socket.bytesWritten;
        this.#sockets.delete(socket);
      });
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1');
        const end = text.indexOf('\r\n\r\n');
        if (end < 0) return;
        const length = Number(/content-length: (\d+)/i.exec(text.slice(0, end))?.[1] ?? 0);
        if (text.length < end + 4 + length) return;
        this.requests.push(text.slice(0, end + 4 + length));
        text = text.slice(end + 4 + length);
        this.behaviour(socket, this.requests.at(-1)!);
      });
    });
  }

  static async start(behaviour: Behaviour = answer(200), host = '127.0.0.1'): Promise<HostileReceiver> {
    const receiver = new HostileReceiver(behaviour);
    await new Promise<void>((resolve, reject) => {
      receiver.#server.once('error', reject);
      receiver.#server.listen(0, host, resolve);
    });
    receiver.#server.unref();
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** An ordinary answer. */
export function answer(status: number, headers: Record<string, string> = {}, body = ''): Behaviour {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return (socket) => {
    socket.write(`HTTP/1.1 ${status} x\r\n${lines.join('')}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
}

/** Takes the request and never answers. */
export const silent: Behaviour = () => {};

/** A head that never ends, a few bytes at a time. */
export const slowHead: Behaviour = (socket) => {
  socket.write('HTTP/1.1 200 OK\r\n');
  const timer = setInterval(() => socket.write('x-a: b\r\n'), 5);
  socket.on('close', () => clearInterval(timer));
};

/** A body that never ends, a byte at a time. */
export const slowBody: Behaviour = (socket) => {
  socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n');
  const timer = setInterval(() => socket.write('x'), 5);
  socket.on('close', () => clearInterval(timer));
};

/** As many bytes as the client takes, up to 10 GB. */
export function endless(headers = ''): Behaviour {
  return (socket) => {
    socket.write(`HTTP/1.1 200 OK\r\n${headers}content-length: 10000000000\r\n\r\n`);
    const block = Buffer.alloc(64 * 1024, 'x');
    const more = () => {
      while (!socket.destroyed && socket.write(block));
    };
    socket.on('drain', more);
    more();
  };
}

/** Half an answer, then a reset. */
export const resetMidBody: Behaviour = (socket) => {
  socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nhalf of', () => socket.resetAndDestroy());
};
