/** One server process for the tests: what `understudy start` does, without its words for people. */
import { flushCompileCache } from 'node:module';
import { readConfig, startServer } from '@understudy/server';

try {
  const server = await startServer(readConfig(), {
    operatorKeyMade: (key) => process.stdout.write(`operator key ${key}\n`),
  });
  process.stdout.write(`listening on ${server.url}\n`);
  // Now, as many of these processes are killed.
  flushCompileCache();
  const stop = () => {
    server.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`stopping failed: ${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', stop);
  // The test's process went away without saying so.
  process.stdin.once('end', stop).resume();
} catch (error) {
  const { code, message } = error as { code?: string; message: string };
  process.stderr.write(`${code ?? 'error'}: ${message}\n`);
  process.exit(1);
}
