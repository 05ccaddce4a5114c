import { fork } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { type BuildProgress, builtBefore } from './build-dashboard.ts';
import type { BuildMessage } from './build-process.ts';

export interface BackgroundBuild {
  /** The folder; rejects with what went wrong. */
  readonly built: Promise<string>;
  /** Ends the build if it is under way. */
  stop(): void;
}

/** Builds in a child process of low priority, or finds what was built before. */
export function buildInBackground(options: {
  fallbackDir: string;
  onProgress(progress: BuildProgress): void;
}): BackgroundBuild {
  const present = readable(() => builtBefore(options.fallbackDir));
  if (present !== null) return { built: Promise.resolve(present), stop: () => {} };
  const child = fork(join(import.meta.dirname, 'build-process.ts'), [options.fallbackDir], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [],
  });
  if (child.pid !== undefined) {
    try {
      setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    } catch {
      // it ended already, or the system does not allow it: it builds as it is
    }
  }
  let words = '';
  child.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
    words = (words + chunk).slice(-4000);
  });
  const built = new Promise<string>((resolve, reject) => {
    child.on('message', (message: BuildMessage) => {
      if (message.kind === 'progress') options.onProgress(message);
      else if (message.kind === 'built') resolve(message.directory);
      else reject(new Error(message.message));
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      reject(new Error(`the build ended early (${signal ?? code}) ${words}`.trim()));
    });
  });
  built.catch(() => {}); // whoever holds it decides; a stop is no failure
  return { built, stop: () => child.kill('SIGKILL') };
}

/** What keeps the sources from being read is told by the build, as everything that goes wrong with it. */
function readable(look: () => string | null): string | null {
  try {
    return look();
  } catch {
    return null;
  }
}
