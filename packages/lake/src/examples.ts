import { type Clock, newId, type Principal } from '@understudy/kernel';
import { lakeErrors } from './errors.ts';
import { EventLoopShare } from './event-loop-share.ts';
import { ExampleChecker, type TaskForImport } from './example.ts';
import { type DecompressionLimits, decodeContent } from './formats/content-encoding.ts';
import { parseCsv } from './formats/csv.ts';
import { parseJsonExamples } from './formats/json-examples.ts';
import { parseNdjson } from './formats/ndjson.ts';
import type { RowParser } from './formats/row.ts';
import { strictUtf8 } from './formats/utf8.ts';
import { Gate } from './gate.ts';
import type {
  ExampleFilter,
  ExampleStats,
  ExampleStore,
  LabelCounter,
  ListedExample,
  Spool,
  SpoolFile,
  TaskRules,
} from './ports.ts';
import { termsOf } from './search/text-terms.ts';

const MAX_PROBLEMS = 100;
const MAX_LABELS = 1000;

const parsers: Readonly<Record<ImportFormat, RowParser>> = {
  json: parseJsonExamples,
  ndjson: parseNdjson,
  csv: parseCsv,
};

export type ImportFormat = 'json' | 'ndjson' | 'csv';

export interface ImportRequest {
  format: ImportFormat;
  /** The value of `Content-Encoding`. */
  encoding?: string;
  /** `reject`: nothing is stored if any row is bad. `skip`: bad rows are left out. */
  onInvalid: 'reject' | 'skip';
  addLabels: boolean;
  requestId: string;
  /** Aborted when the caller goes away; then nothing is stored. */
  signal?: AbortSignal;
}

export interface ImportProblem {
  /** Line on which the row starts; in a JSON document the number of the example, from 1. */
  line: number;
  code: string;
  detail: string;
  /** RFC 6901 pointer into the row; in a JSON document into the body. */
  pointer: string;
}

export interface ImportResult {
  accepted: number;
  /** Rows left out because the task has the same input with the same label already. */
  duplicates: number;
  /** Accepted rows that contradict an earlier one: same input, other label. Both are kept and marked. */
  conflicts: number;
  rejected: number;
  /** The first 100. */
  problems: ImportProblem[];
  new_labels: string[];
}

/** Importing, listing and removing labelled rows. */
export class Examples {
  readonly #rules: TaskRules;
  readonly #store: ExampleStore;
  readonly #spool: Spool;
  readonly #clock: Clock;
  readonly #limits: DecompressionLimits | undefined;
  /** Each load holds a database connection; uploads do not. */
  readonly #loads = new Gate(2);

  constructor(ports: {
    rules: TaskRules;
    store: ExampleStore;
    spool: Spool;
    clock: Clock;
    decompression?: DecompressionLimits;
  }) {
    this.#rules = ports.rules;
    this.#store = ports.store;
    this.#spool = ports.spool;
    this.#clock = ports.clock;
    this.#limits = ports.decompression;
  }

  /**
   * Reads a body of any size in constant memory, checks every row, and only then stores them in one transaction:
   * checked rows wait in the spool, so that a slow or broken upload holds no database connection and leaves nothing.
   * Throws `examples_invalid` (details as in {@link ImportResult}) and the errors of the formats.
   */
  async import(
    principal: Principal,
    slug: string,
    body: AsyncIterable<Buffer>,
    request: ImportRequest,
  ): Promise<ImportResult> {
    const task = await this.#rules.taskFor(principal.workspace, slug);
    const checker = new ExampleChecker(task, { addLabels: request.addLabels });
    const bytes = strictUtf8(decodeContent(received(body), request.encoding, this.#limits));
    const file = this.#spool.open();
    try {
      const { rejected, problems } = await this.#check(parsers[request.format], bytes, checker, request, file);
      if (rejected > 0 && request.onInvalid === 'reject') throw rejection(rejected, problems);
      if (checker.labelCount > MAX_LABELS) {
        throw lakeErrors.too_many_labels(`the task would have ${checker.labelCount} labels, at most ${MAX_LABELS}`);
      }
      return await this.#loads.run(async () => {
        request.signal?.throwIfAborted();
        const newLabels = [...checker.newLabels];
        // First the labels: one that no row carries does no harm, a row with a label that the task lacks does.
        if (newLabels.length > 0) await this.#rules.addLabels(principal, slug, newLabels, request.requestId);
        const stored = await this.#store.insert(principal.workspace, task.taskId, file.read());
        return { ...stored, rejected, problems, new_labels: newLabels };
      });
    } finally {
      await file.discard();
    }
  }

  async #check(
    parser: RowParser,
    bytes: AsyncIterable<Buffer>,
    checker: ExampleChecker,
    request: ImportRequest,
    file: SpoolFile,
  ): Promise<{ rejected: number; problems: ImportProblem[] }> {
    const share = new EventLoopShare();
    const id = () => newId('ex', this.#clock.now());
    const problems: ImportProblem[] = [];
    let rejected = 0;
    let rows = 0;
    const note = (line: number, problem: { code: string; detail: string; pointer?: string }) => {
      rejected++;
      if (problems.length === MAX_PROBLEMS) return;
      const pointer = problem.pointer ?? '';
      const { code, detail } = problem;
      problems.push({
        line,
        code,
        detail,
        pointer: request.format === 'json' ? `/examples/${line - 1}${pointer}` : pointer,
      });
    };
    for await (const batch of parser(bytes, { maxRowBytes: checker.maxRowBytes })) {
      let lines = '';
      for (const row of batch) {
        rows++;
        if (row.problem !== undefined) {
          note(row.line, row.problem);
          continue;
        }
        const checked = checker.check(row.example, id);
        if ('problem' in checked) note(row.line, checked.problem);
        // Once one row is bad and all are refused, the rest is only looked through for further problems.
        else if (rejected === 0 || request.onInvalid === 'skip') lines += `${JSON.stringify(checked.record)}\n`;
      }
      if (lines !== '') await file.write(lines);
      request.signal?.throwIfAborted();
      await share.pause();
    }
    if (rows === 0) throw lakeErrors.no_examples('the body holds no examples');
    return { rejected, problems };
  }

  /**
   * Rows in the order in which they came; with `query` those whose text holds all of its words (`termsOf`). `next`: from
   * where the next page goes on. Throws `task_not_found`.
   */
  async list(
    workspace: string,
    slug: string,
    page: { limit: number; from?: string; query?: string } & Omit<ExampleFilter, 'terms'>,
  ): Promise<{ rows: ListedExample[]; next: string | null }> {
    const { taskId } = await this.#rules.taskFor(workspace, slug);
    const { query, ...rest } = page;
    return this.#store.list(workspace, taskId, query === undefined ? rest : { ...rest, terms: termsOf(query) });
  }

  /** How many rows each label has; labels of the task without rows are listed with 0. */
  async stats(workspace: string, slug: string): Promise<ExampleStats> {
    const task: TaskForImport = await this.#rules.taskFor(workspace, slug);
    const stats = await this.#store.stats(workspace, task.taskId);
    const counted = new Map(stats.labels.map(({ name, examples }) => [name, examples]));
    for (const name of task.labels) if (!counted.has(name)) counted.set(name, 0);
    const labels = [...counted].map(([name, examples]) => ({ name, examples }));
    return { ...stats, labels: labels.sort((a, b) => (a.name < b.name ? -1 : 1)) };
  }

  /** How many labels the task was ever given. Throws `task_not_found`. */
  async labelsGiven(workspace: string, slug: string): Promise<LabelCounter> {
    const { taskId } = await this.#rules.taskFor(workspace, slug);
    return this.#store.labelsGiven(workspace, taskId);
  }

  /** The label counters of every task of every workspace. For the scheduler. */
  allLabelsGiven(): Promise<{ workspace: string; taskId: string; labels: number }[]> {
    return this.#store.allLabelsGiven();
  }

  /** Removes a row; dataset versions that hold it already stay as they are. Throws `example_not_found`. */
  async remove(workspace: string, slug: string, id: string): Promise<void> {
    const { taskId } = await this.#rules.taskFor(workspace, slug);
    if (!(await this.#store.remove(workspace, taskId, id))) {
      throw lakeErrors.example_not_found(`the task ${slug} has no example ${id}`);
    }
  }
}

/** A body whose sender goes away ends with an error of the socket; give it its code. */
async function* received(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* body;
  } catch (error) {
    throw lakeErrors.upload_interrupted('the connection closed before the whole body had arrived', { cause: error });
  }
}

function rejection(rejected: number, problems: ImportProblem[]): Error {
  const first = problems[0]!;
  return lakeErrors.examples_invalid(
    `${rejected} ${rejected === 1 ? 'row is' : 'rows are'} not valid, nothing was stored; the first is on line ${first.line}: ${first.detail}`,
    {
      details: { accepted: 0, duplicates: 0, rejected, problems },
      problems: problems.map(({ line, code, detail, pointer }) => ({
        pointer,
        code,
        detail: `line ${line}: ${detail}`,
      })),
    },
  );
}
