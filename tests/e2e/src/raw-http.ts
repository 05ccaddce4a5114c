import { connect } from 'node:net';

export interface RawReply {
  /** Everything that came back. */
  text: string;
  /** Status lines in it: more than one means that the bytes were read as more than one request. */
  statuses: number[];
  /** The server closed the connection. */
  closed: boolean;
}

/**
 * Writes bytes to a socket as they are and reads until the server closes or has been silent for a while.
 * `end` half-closes after writing.
 */
export function rawHttp(
  base: string,
  bytes: string | Buffer,
  { end = false, silenceMs = 1500 }: { end?: boolean; silenceMs?: number } = {},
): Promise<RawReply> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    const finish = (closed: boolean) => {
      socket.destroy();
      const statuses = [...text.matchAll(/HTTP\/1\.[01] (\d{3}) /g)].map(([, status]) => Number(status));
      resolve({ text, statuses, closed });
    };
    socket.setTimeout(silenceMs, () => finish(false));
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    socket.on('error', () => finish(true)); // a reset is a close, too
    socket.on('close', () => finish(true));
    socket.on('connect', () => {
      if (end) socket.end(bytes);
      else socket.write(bytes);
    });
  });
}
