import { buildDashboard } from './build-dashboard.ts';

/** The build in a process of its own: it takes every core for seconds, and the server has to answer meanwhile. */
export type BuildMessage =
  | { kind: 'progress'; done: number; phase: string }
  | { kind: 'built'; directory: string }
  | { kind: 'failed'; message: string };

const say = (message: BuildMessage): Promise<void> =>
  new Promise((resolve) => {
    if (process.send === undefined) resolve();
    else process.send(message, undefined, undefined, () => resolve());
  });

if (import.meta.main) {
  // The server went away: nobody waits for this any more.
  process.once('disconnect', () => process.exit(1));
  try {
    const directory = await buildDashboard({
      fallbackDir: process.argv[2] ?? '.',
      onProgress: ({ done, phase }) => void say({ kind: 'progress', done, phase }),
    });
    await say({ kind: 'built', directory });
  } catch (error) {
    await say({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
  process.exit(0);
}
