/**
 * The process that does the work of workers and schedulers beside a gateway. Its parent tells it when to stop; when the
 * parent is gone, it stops by itself.
 */
import { type RunningServer, startServer } from '../start-server.ts';
import type { FromWorker, ToWorker } from './protocol.ts';

const say = (message: FromWorker) => {
  if (process.connected) process.send?.(message, () => {});
};

let running: Promise<RunningServer> | null = null;
let server: RunningServer | null = null;
let stopping = false;

function stop(): void {
  if (stopping) return;
  stopping = true;
  const close = running === null ? Promise.resolve() : running.then((started) => started.close());
  close.then(
    () => process.exit(0),
    () => process.exit(1),
  );
}

process.on('message', (message: ToWorker) => {
  if (message.kind === 'start') {
    running = startServer(message.config);
    running.then(
      (started) => {
        server = started;
        say({ kind: 'started', url: started.url });
      },
      (error: Error) => {
        say({ kind: 'failed', message: error.message });
        process.exitCode = 1;
        process.disconnect();
      },
    );
  } else if (message.kind === 'metrics') {
    const { id } = message;
    Promise.resolve(running)
      .then((started) => started?.metrics() ?? [])
      .then(
        (metrics) => say({ kind: 'metrics', id, metrics }),
        () => say({ kind: 'metrics', id, metrics: [] }),
      );
  } else if (message.kind === 'gateway') {
    server?.standBack(message.report);
  } else {
    stop();
  }
});
process.on('disconnect', stop);
process.on('SIGTERM', stop);
// A terminal's Ctrl-C reaches both: the parent says when.
process.on('SIGINT', () => {});
