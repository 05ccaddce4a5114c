import { join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

/** A browser takes both cores by itself: its files run one after the other, beside the rest. */
const BROWSER = 'tests/browser/';
/** Files whose work is mostly elsewhere (brokers, other languages) take longest: begun last, they would end alone. */
const LONGEST_FIRST = ['tests/clients/', 'tests/chaos/', 'tests/e2e/', 'drivers/'];
/** They start real databases and real processes, and wait for them for a third of the time. */
const AT_ONCE = 2;
const LONGEST_TEST_MS = 300_000;
/** A run that has not ended by then hangs: it is ended, and says so, instead of using up the machine’s time. */
const LONGEST_RUN_MS = 75 * 60_000;
const NAMED = 15;

interface TestEvent {
  type: string;
  data: {
    file?: string;
    nesting?: number;
    message?: string;
    todo?: string | boolean;
    success?: boolean;
    duration_ms?: number;
    counts?: Record<string, number>;
  };
}

function inOrder(files: readonly string[]): string[] {
  const rank = (file: string) => {
    const found = LONGEST_FIRST.findIndex((folder) => file.startsWith(folder));
    return found === -1 ? LONGEST_FIRST.length : found;
  };
  return [...files].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/** What the runner counts, printed as it prints it, but over both lanes. */
const COUNTS = [
  ['tests', 'tests'],
  ['suites', 'suites'],
  ['passed', 'pass'],
  ['failed', 'fail'],
  ['cancelled', 'cancelled'],
  ['skipped', 'skipped'],
  ['todo', 'todo'],
] as const;
const COUNT_LINE = new RegExp(`^(${COUNTS.map(([, word]) => word).join('|')}|duration_ms) `);

/** Runs lanes of files side by side and tells of each file as a whole, when it has ended. */
class Lanes {
  readonly seconds = new Map<string, number>();
  failed = false;
  readonly #root: string;
  readonly #counts = new Map<string, number>();
  readonly #queue: TestEvent[] = [];
  #wake = () => {};

  constructor(root: string) {
    this.#root = root;
  }

  async #lane(files: readonly string[], concurrency: number, signal: AbortSignal): Promise<void> {
    if (files.length === 0) return;
    const execArgv = [`--test-timeout=${LONGEST_TEST_MS}`];
    const held = new Map<string, TestEvent[]>();
    const events = run({ cwd: this.#root, files: [...files], concurrency, execArgv, signal });
    for await (const event of events as AsyncIterable<TestEvent>) this.#hear(event, held);
    this.#tell([...held.values()].flat());
  }

  #hear(event: TestEvent, held: Map<string, TestEvent[]>): void {
    const { type, data } = event;
    if (type === 'test:fail' && (data.todo === undefined || data.todo === false)) this.failed = true;
    if (type === 'test:diagnostic' && data.nesting === 0 && COUNT_LINE.test(data.message ?? '')) return;
    const { file = '' } = data;
    if (type === 'test:summary') {
      if (data.success !== true) this.failed = true;
      if (data.file === undefined) {
        for (const [name, n] of Object.entries(data.counts ?? {})) {
          this.#counts.set(name, (this.#counts.get(name) ?? 0) + n);
        }
        return;
      }
      this.seconds.set(relative(this.#root, file), (data.duration_ms ?? 0) / 1000);
      this.#tell(held.get(file) ?? []);
      held.delete(file);
      return;
    }
    const own = held.get(file);
    if (own === undefined) held.set(file, [event]);
    else own.push(event);
  }

  #tell(events: readonly TestEvent[]): void {
    for (const event of events) this.#queue.push(event);
    this.#wake();
  }

  async *events(lanes: readonly { files: readonly string[]; atOnce: number }[], signal: AbortSignal) {
    const startedAt = performance.now();
    let over = false;
    const all = Promise.all(lanes.map(({ files, atOnce }) => this.#lane(files, atOnce, signal))).finally(() => {
      over = true;
      this.#wake();
    });
    for (;;) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      yield* this.#queue.splice(0);
      if (over && this.#queue.length === 0) break;
      if (this.#queue.length === 0) await woken;
    }
    await all;
    const say = (message: string): TestEvent => ({ type: 'test:diagnostic', data: { nesting: 0, message } });
    for (const [name, word] of COUNTS) yield say(`${word} ${this.#counts.get(name) ?? 0}`);
    yield say(`duration_ms ${performance.now() - startedAt}`);
  }
}

/**
 * Every test file in a process of its own, on Node’s own runner. Prints what each says, then the files that took longest.
 * Gives the exit code.
 *
 * @param files paths from `root`
 */
export async function runTestFiles(root: string, files: readonly string[]): Promise<number> {
  // Hundreds of processes read the same sources: types are stripped and code is compiled once.
  process.env.NODE_COMPILE_CACHE ??= join(root, 'node_modules/.cache/compiled');
  const lanes = new Lanes(root);
  const hangs = new AbortController();
  const watchdog = setTimeout(() => {
    const left = files.filter((file) => !lanes.seconds.has(file));
    console.error(
      `✖ the tests have not ended within ${LONGEST_RUN_MS / 60_000} minutes; not over:\n${left.join('\n')}`,
    );
    lanes.failed = true;
    hangs.abort();
  }, LONGEST_RUN_MS);
  const inBrowser = files.filter((file) => file.startsWith(BROWSER));
  const rest = inOrder(files.filter((file) => !file.startsWith(BROWSER)));
  const events = lanes.events(
    [
      { files: inBrowser, atOnce: 1 },
      { files: rest, atOnce: AT_ONCE },
    ],
    hangs.signal,
  );
  for await (const text of Readable.from(events).compose(new spec())) process.stdout.write(text);
  clearTimeout(watchdog);
  const slowest = [...lanes.seconds].sort(([, a], [, b]) => b - a).slice(0, NAMED);
  for (const [file, took] of slowest) console.log(`${took.toFixed(0).padStart(5)} s  ${file}`);
  return lanes.failed ? 1 : 0;
}
