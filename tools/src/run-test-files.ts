import { join, relative } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

/** Files whose work is mostly elsewhere (a browser, brokers, other languages) take longest: begun last, they end alone. */
const LONGEST_FIRST = ['tests/browser/', 'tests/clients/', 'tests/chaos/', 'tests/e2e/', 'drivers/'];
/** They start real databases and real processes, and wait for them for a third of the time. */
const AT_ONCE = 3;
const LONGEST_TEST_MS = 300_000;
/** A run that has not ended by then hangs: it is ended, and says so, instead of using up the machine’s time. */
const LONGEST_RUN_MS = 75 * 60_000;
const NAMED = 15;

function inOrder(files: readonly string[]): string[] {
  const rank = (file: string) => {
    const found = LONGEST_FIRST.findIndex((folder) => file.startsWith(folder));
    return found === -1 ? LONGEST_FIRST.length : found;
  };
  return [...files].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/**
 * Every test file in a process of its own, on Node’s own runner. Prints what it says, then the files that took longest.
 * Gives the exit code.
 *
 * @param files paths from `root`
 */
export async function runTestFiles(root: string, files: readonly string[]): Promise<number> {
  // Hundreds of processes read the same sources: types are stripped and code is compiled once.
  process.env.NODE_COMPILE_CACHE ??= join(root, 'node_modules/.cache/compiled');
  const seconds = new Map<string, number>();
  let failed = false;
  const hangs = new AbortController();
  const watchdog = setTimeout(() => {
    const left = files.filter((file) => !seconds.has(file));
    console.error(
      `✖ the tests have not ended within ${LONGEST_RUN_MS / 60_000} minutes; not over:\n${left.join('\n')}`,
    );
    failed = true;
    hangs.abort();
  }, LONGEST_RUN_MS);
  const results = run({
    cwd: root,
    files: inOrder(files),
    concurrency: AT_ONCE,
    execArgv: [`--test-timeout=${LONGEST_TEST_MS}`],
    signal: hangs.signal,
  });
  results.on('test:fail', ({ todo }) => {
    if (todo === undefined || todo === false) failed = true;
  });
  results.on('test:summary', ({ file, success, duration_ms }) => {
    if (!success) failed = true;
    if (file !== undefined) seconds.set(relative(root, file), duration_ms / 1000);
  });
  const report = results.compose(new spec());
  for await (const text of report) process.stdout.write(text);
  clearTimeout(watchdog);
  const slowest = [...seconds].sort(([, a], [, b]) => b - a).slice(0, NAMED);
  for (const [file, took] of slowest) console.log(`${took.toFixed(0).padStart(5)} s  ${file}`);
  return failed ? 1 : 0;
}
