import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

/** An application’s endpoint on this machine: takes all webhooks, except under `/broken`, which fails. */
export interface Receiver {
  url: string;
  received: readonly Received[];
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    if (request.url!.endsWith('/broken')) {
      response.writeHead(500, { 'Content-Type': 'text/html' }).end('<h1>The shop is <b>down</b></h1>');
      return;
    }
    received.push({ headers: request.headers, body: Buffer.concat(parts).toString() });
    response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"taken":true}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/understudy`,
    received,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
