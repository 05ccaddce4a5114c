import { once } from 'node:events';
import { createWriteStream, renameSync, rmSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Decision, ImportFormat, PredictionRequest } from '@understudy/client';
import { Command, InvalidArgumentError, Option } from 'commander';
import { UsageError } from '../exit-codes.ts';
import { addColumnOptions, type Columns, toItem } from '../rows/columns.ts';
import { recordsOf } from '../rows/records.ts';
import { sourceFile } from '../rows/source-file.ts';
import type { Session } from '../session.ts';
import { safeJson } from '../terminal/clean.ts';
import { bytes, count, duration, percent } from '../terminal/format.ts';
import { bold, dim, green } from '../terminal/style.ts';
import { showAnswer, showExplanation } from './decision-text.ts';
import { Tally } from './tally.ts';

interface Options extends Columns {
  file?: string;
  format?: ImportFormat;
  output?: string;
  outputFormat?: 'ndjson' | 'csv';
  explain?: boolean;
  subject?: string;
  externalId?: string;
  truthColumn?: string;
  batch: number;
  concurrency: number;
}

const within = (low: number, high: number) => (value: string) => {
  const number = Number(value);
  if (!Number.isInteger(number) || number < low || number > high) {
    throw new InvalidArgumentError(`It must be a whole number from ${low} to ${high}.`);
  }
  return number;
};

export function predictCommand(session: Session): Command {
  const command = new Command('predict')
    .description('decide one text, or every row of a file')
    .argument('<task>')
    .argument('[text]', 'the text; - takes it from stdin')
    .option('--explain', 'say which parts of the text made the answer')
    .option('--subject <text>', 'whom or what the item is about')
    .option('--external-id <id>', 'your own id for it')
    .option('--file <file>', 'CSV, NDJSON or JSON, also .gz; - for stdin')
    .addOption(
      new Option('--format <format>', 'of the file, when its name does not tell').choices(['csv', 'ndjson', 'json']),
    )
    .option('-o, --output <file>', 'write the decisions here instead of to stdout')
    .addOption(new Option('--output-format <format>', 'of the decisions').choices(['ndjson', 'csv']))
    .option('--truth-column <name>', 'column with the right answer: prints the accuracy; it is not sent')
    .option('--batch <items>', 'items a request', within(1, 1000), 200)
    .option('--concurrency <requests>', 'requests at a time', within(1, 64), 4);
  addColumnOptions(command)
    .addHelpText(
      'after',
      `
A decision whose outcome is \`review\` has no label, only a suggestion: a person has to answer.

Examples:
  understudy predict moderation "Buy cheap watches now" --explain
  understudy predict routing --file inquiries.csv --text-column body -o decisions.csv
  understudy predict routing --file test.csv --truth-column queue -o /dev/null
  cat comment.txt | understudy predict moderation - --json`,
    )
    .action(async (task: string, text: string | undefined, options: Options, command: Command) => {
      if ((text === undefined) === (options.file === undefined)) {
        throw new UsageError('give either a text or --file');
      }
      if (options.file === undefined) await predictOne(session, command, task, text!, options);
      else await predictFile(session, command, task, options.file, options);
    });
  return command;
}

async function textFrom(stdin: NodeJS.ReadStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '');
}

async function predictOne(
  session: Session,
  command: Command,
  task: string,
  given: string,
  options: Options,
): Promise<void> {
  const text = given === '-' ? await textFrom(session.terminal.stdin) : given;
  const item: PredictionRequest = {
    input: { text },
    ...(options.subject === undefined ? {} : { subject: options.subject }),
    ...(options.externalId === undefined ? {} : { external_id: options.externalId }),
    ...(options.explain === true ? { explain: true } : {}),
  };
  const decision = await session.client(command).predict(task, item, { signal: session.signal });
  const out = session.output(command);
  await out.result(decision, () => {
    showAnswer(out, decision);
    if (decision.explanation !== undefined) showExplanation(out, text, decision.explanation);
    else if (options.explain === true) out.note(dim('there is nothing to explain: no model answered'));
  });
}

const CSV_COLUMNS = [
  'row',
  'decision',
  'external_id',
  'outcome',
  'label',
  'suggestion',
  'confidence',
  'threshold',
  'reason',
  'truth',
];

/** RFC 4180. A cell that a spreadsheet would run as a formula gets an apostrophe in front. */
function csvCell(value: unknown): string {
  const text = value === null || value === undefined ? '' : String(value);
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function csvLine(row: number, truth: string | undefined, decision: Decision): string {
  return [
    row,
    decision.id,
    decision.external_id,
    decision.outcome,
    decision.label,
    decision.suggestion?.label,
    decision.confidence,
    decision.threshold,
    decision.review?.reason,
    truth,
  ]
    .map(csvCell)
    .join(',');
}

/** Where decisions go: stdout, or a file that takes its name only when all are in it. */
class Sink {
  readonly #path: string | undefined;
  readonly #write: (line: string) => Promise<void>;
  readonly #file;

  constructor(path: string | undefined, stdout: (text: string) => Promise<void>) {
    this.#path = path;
    this.#file = path === undefined ? undefined : createWriteStream(path.startsWith('/dev/') ? path : `${path}.part`);
    const file = this.#file;
    // A write error comes out of `finish`; without a listener it would end the process.
    file?.on('error', () => {});
    this.#write = async (line) => {
      if (file === undefined) await stdout(line);
      else if (!file.write(line) && !file.destroyed) await once(file, 'drain').catch(() => {});
    };
  }

  write(line: string): Promise<void> {
    return this.#write(`${line}\n`);
  }

  async finish(): Promise<void> {
    if (this.#file === undefined || this.#path === undefined) return;
    this.#file.end();
    try {
      await finished(this.#file);
    } catch (error) {
      throw new UsageError(`${this.#path} cannot be written: ${(error as NodeJS.ErrnoException).code}`);
    }
    if (!this.#path.startsWith('/dev/')) renameSync(`${this.#path}.part`, this.#path);
  }

  abandon(): void {
    this.#file?.destroy();
  }

  /** Says where the rows of a broken run are. */
  get partial(): string | undefined {
    return this.#path === undefined || this.#path.startsWith('/dev/') ? undefined : `${this.#path}.part`;
  }

  discard(): void {
    this.abandon();
    if (this.partial !== undefined) rmSync(this.partial, { force: true });
  }
}

async function predictFile(
  session: Session,
  command: Command,
  task: string,
  path: string,
  options: Options,
): Promise<void> {
  const source = sourceFile(path, options.format, session.terminal.stdin);
  const client = session.client(command);
  const out = session.output(command);
  const asCsv = (options.outputFormat ?? (/\.csv$/i.test(options.output ?? '') ? 'csv' : 'ndjson')) === 'csv';
  const sink = new Sink(options.output, (text) => out.raw(text));
  const tally = new Tally();
  const progress = session.progress(command);
  const startedAt = performance.now();
  let read = 0;
  const truths: { row: number; truth: string | undefined }[] = [];
  async function* items(): AsyncGenerator<PredictionRequest> {
    for await (const record of recordsOf(source, (done) => (read = done))) {
      const { truthColumn } = options;
      if (truthColumn !== undefined && !Object.hasOwn(record.fields, truthColumn)) {
        throw new UsageError(`row ${record.number} has no column ${JSON.stringify(truthColumn)}`);
      }
      truths.push({
        row: record.number,
        truth: truthColumn === undefined ? undefined : String(record.fields[truthColumn]),
      });
      yield { ...toItem(record, options), ...(options.explain === true ? { explain: true } : {}) };
    }
  }
  try {
    if (asCsv) await sink.write(CSV_COLUMNS.join(','));
    const batches = { batchSize: options.batch, concurrency: options.concurrency, signal: session.signal };
    for await (const { decision } of client.predictAll(task, items(), batches)) {
      const { row, truth } = truths.shift()!;
      tally.add(decision, truth);
      await sink.write(
        asCsv
          ? csvLine(row, truth, decision)
          : safeJson({ row, ...(truth === undefined ? {} : { truth }), ...decision }),
      );
      const rate = tally.decided / ((performance.now() - startedAt) / 1000);
      const share = source.size === undefined ? 0 : read / Math.max(1, source.size);
      // The file is read ahead of the decisions: until all are back, the bar does not say that it is done.
      progress.update(Math.min(0.99, share), 'deciding', `${count(tally.decided)} at ${count(Math.round(rate))}/s`);
    }
    await sink.finish();
  } catch (error) {
    progress.stop();
    if (tally.decided === 0) sink.discard();
    else {
      sink.abandon();
      const where = sink.partial === undefined ? '' : `; they are in ${sink.partial}`;
      out.note(dim(`${count(tally.decided)} decisions were made before this${where}`));
    }
    throw error;
  }
  progress.stop();
  const seconds = (performance.now() - startedAt) / 1000;
  const summary = tally.summary(seconds);
  // stdout belongs to the decisions unless they went into a file.
  if (options.output !== undefined && out.json) await out.jsonLine({ output: options.output, ...summary });
  else if (!out.json) showSummary(out, summary, options.output, read);
}

function showSummary(
  out: ReturnType<Session['output']>,
  summary: ReturnType<Tally['summary']>,
  output: string | undefined,
  read: number,
): void {
  const { decisions, automated, seconds, truth } = summary;
  out.note(
    bold(`${count(decisions)} decisions`),
    ` in ${duration(seconds)} (${count(Math.round(decisions / Math.max(seconds, 0.001)))}/s)`,
    dim(`  ${bytes(read)} read`),
  );
  out.note(
    green(`${count(automated)} automated`),
    ` (${percent(automated / Math.max(1, decisions))}), ${count(decisions - automated)} for review`,
  );
  if (truth !== null) {
    out.note(`best guess right: ${percent(truth.accuracy, 2)} (${count(truth.right)} of ${count(truth.rows)})`);
    if (automated > 0)
      out.note(
        `automated answers wrong: ${count(truth.automated_wrong)} of ${count(automated)} (${percent(truth.automated_wrong / automated, 2)})`,
      );
  }
  if (output !== undefined) out.note(dim(`written to ${output}`));
}
