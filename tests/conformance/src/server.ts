import { loadTopics } from './case.ts';
import { ConformanceServer } from './conformance-server.ts';

/**
 * `node tests/conformance/src/server.ts [port]`: prints `listening on http://127.0.0.1:<port>` and replays until it
 * gets SIGTERM or SIGINT, or the process that started it is gone.
 */
if (import.meta.main) {
  const server = new ConformanceServer(loadTopics().flatMap(({ cases }) => cases));
  await server.listen(Number(process.argv[2] ?? 0));
  console.log(`listening on ${server.url}`);
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid !== parent) void stop();
  }, 1000);
  const stop = async () => {
    clearInterval(watch);
    await server[Symbol.asyncDispose]();
  };
  process.once('SIGTERM', () => void stop());
  process.once('SIGINT', () => void stop());
}
