/**
 * An open-loop load generator without coordinated omission (Tene, "How NOT to measure latency"): requests leave by a
 * fixed schedule whatever the server does, and a latency counts from the moment that the schedule names, waiting for a
 * free connection included. A process of its own, so that it does not share the event loop of what it measures.
 *
 * As a child process it takes one {@link OpenLoopOrder} as a message and answers with one {@link OpenLoopResult}.
 */
import { fork } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

export interface OpenLoopOrder {
  url: string;
  headers: Record<string, string>;
  bodies: readonly string[];
  requestsPerSecond: number;
  /** The first seconds are sent but not counted. */
  warmUpSeconds: number;
  seconds: number;
  connections: number;
}

export interface OpenLoopResult {
  /** Answers with status 200, warm-up included. */
  answered: number;
  /** Answers with another status, and requests without an answer. */
  failed: number;
  /** Milliseconds from the scheduled time to the last byte. */
  p50: number;
  p90: number;
  p99: number;
  p999: number;
  max: number;
  /** The generator's own lateness: from the scheduled time to the send, where a connection was free. */
  latenessP99: number;
}

export function openLoop(order: OpenLoopOrder): Promise<OpenLoopResult> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), ['open-loop']);
    child.once('message', (result) => resolve(result as OpenLoopResult));
    child.once('exit', (code) => reject(new Error(`the open-loop generator ended with ${code}`)));
    child.send(order);
  });
}

interface Connection {
  socket: Socket;
  /** Index of the request that is under way, -1 when it is free. */
  request: number;
  received: Buffer;
}

const HEAD_END = Buffer.from('\r\n\r\n');

/** Length of one whole response at the start of `bytes`, and its status; null while it is not complete. */
function parseResponse(bytes: Buffer): { length: number; status: number } | null {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd === -1) return null;
  const head = bytes.toString('latin1', 0, headEnd);
  const contentLength = /content-length: *(\d+)/i.exec(head);
  if (contentLength === null) throw new Error(`a response without Content-Length:\n${head}`);
  const length = headEnd + 4 + Number(contentLength[1]);
  return bytes.length < length ? null : { length, status: Number(head.slice(9, 12)) };
}

async function run(order: OpenLoopOrder): Promise<OpenLoopResult> {
  const { hostname, port, host, pathname } = new URL(order.url);
  const headers = Object.entries({ 'Content-Type': 'application/json', ...order.headers });
  const requests = order.bodies.map((body) => {
    const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    const length = Buffer.byteLength(body);
    return Buffer.from(
      `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\n${lines}Content-Length: ${length}\r\n\r\n${body}`,
    );
  });
  const interval = 1000 / order.requestsPerSecond;
  const uncounted = Math.round(order.warmUpSeconds * order.requestsPerSecond);
  const total = uncounted + Math.round(order.seconds * order.requestsPerSecond);
  const latencies = new Float64Array(total).fill(Number.NaN);
  const lateness: number[] = [];
  const free: Connection[] = [];
  let answered = 0;
  let failed = 0;
  let next = 0;
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });

  const settle = (connection: Connection, status: number) => {
    latencies[connection.request] = performance.now() - (startedAt + connection.request * interval);
    if (status === 200) answered++;
    else failed++;
    connection.request = -1;
    free.push(connection);
    if (answered + failed === total) finish();
  };
  const open = () =>
    new Promise<Connection>((resolve, reject) => {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true }, () => resolve(connection));
      const connection: Connection = { socket, request: -1, received: Buffer.alloc(0) };
      socket.on('error', reject);
      socket.on('data', (chunk: Buffer) => {
        connection.received = connection.received.length === 0 ? chunk : Buffer.concat([connection.received, chunk]);
        const response = parseResponse(connection.received);
        if (response === null) return;
        connection.received = connection.received.subarray(response.length);
        settle(connection, response.status);
        pump();
      });
      socket.on('close', () => {
        if (connection.request !== -1) reject(new Error('the server closed a connection under a request'));
      });
    });
  const pump = () => {
    const due = Math.min(total, Math.floor((performance.now() - startedAt) / interval) + 1);
    while (next < due) {
      const connection = free.pop();
      if (connection === undefined) return; // the next answer comes back here
      connection.request = next++;
      connection.socket.write(requests[connection.request % requests.length]!);
    }
  };

  for (let i = 0; i < order.connections; i++) free.push(await open());
  const startedAt = performance.now() + 50;
  const clock = setInterval(() => {
    if (next < total && free.length > 0) lateness.push(performance.now() - (startedAt + next * interval));
    pump();
  }, 1);
  await finished;
  clearInterval(clock);
  for (const { socket } of free) socket.destroy();

  const counted = latencies.slice(uncounted).sort();
  const at = (share: number) => counted[Math.min(counted.length - 1, Math.ceil(share * counted.length) - 1)]!;
  lateness.sort((a, b) => a - b);
  return {
    answered,
    failed,
    p50: at(0.5),
    p90: at(0.9),
    p99: at(0.99),
    p999: at(0.999),
    max: at(1),
    latenessP99: Math.max(0, lateness[Math.floor(lateness.length * 0.99)] ?? 0),
  };
}

if (process.argv[2] === 'open-loop' && process.send) {
  process.once('message', (order) => {
    run(order as OpenLoopOrder).then(
      (result) => process.send!(result, () => process.disconnect()),
      (error: unknown) => {
        console.error(error);
        process.exitCode = 1;
        process.disconnect();
      },
    );
  });
}
