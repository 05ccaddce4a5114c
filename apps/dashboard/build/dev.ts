import { createServer } from 'vite';
import { viteOptions } from './vite-options.ts';

/** `npm run dev -w @understudy/dashboard -- http://127.0.0.1:8080`: edits show at once; the API is that server’s. */
const api = process.argv[2] ?? 'http://127.0.0.1:8080';
const server = await createServer({
  ...viteOptions(),
  logLevel: 'info',
  server: {
    host: '127.0.0.1',
    // The session cookie is bound to the origin: the API has to look as if it came from here.
    proxy: { '/v1': { target: api, changeOrigin: true, headers: { origin: api } } },
  },
});
await server.listen();
server.printUrls();
