import type { AddressInfo } from 'node:net';

/** Serves a handler of standard requests with Node's HTTP server, which is loaded only here: browsers have none. */
export async function listen(
  port: number,
  handle: (request: Request) => Promise<Response>,
): Promise<{ url: string; stop(): Promise<void> }> {
  const { createServer } = await import('node:http');
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const gone = new AbortController();
      outgoing.once('close', () => gone.abort());
      const chunks: Uint8Array[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Uint8Array);
      const headers = new Headers();
      for (const [name, value] of Object.entries(incoming.headers)) {
        if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
      }
      const method = incoming.method ?? 'GET';
      const body = chunks.length === 0 ? {} : { body: new Blob(chunks as Uint8Array<ArrayBuffer>[]) };
      const request = new Request(`http://127.0.0.1${incoming.url ?? '/'}`, {
        method,
        headers,
        signal: gone.signal,
        ...(method === 'GET' || method === 'HEAD' ? {} : body),
      });
      const response = await handle(request);
      outgoing.writeHead(response.status, Object.fromEntries(response.headers));
      outgoing.end(new Uint8Array(await response.arrayBuffer()));
    })().catch(() => outgoing.destroy()); // the mock was told to be away, or the caller left
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
