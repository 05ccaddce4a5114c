import type { ExampleRequest, ImportFormat, ImportOptions, ImportResponse } from '@understudy/client';
import { Command, Option } from 'commander';
import { addColumnOptions, type Columns, toExample } from '../rows/columns.ts';
import { recordsOf } from '../rows/records.ts';
import { type SourceFile, sourceFile } from '../rows/source-file.ts';
import type { Session } from '../session.ts';
import { bytes, count, duration } from '../terminal/format.ts';
import { dim, green, red, yellow } from '../terminal/style.ts';

interface Options extends Columns {
  format?: ImportFormat;
  skipInvalid?: boolean;
  addLabels?: boolean;
  gzip?: boolean;
}

const MOST_PROBLEMS = 10;
const MOST_LABELS = 12;

const isMapped = (columns: Columns): boolean =>
  [
    columns.textColumn,
    columns.labelColumn,
    columns.subjectColumn,
    columns.externalIdColumn,
    columns.occurredAtColumn,
  ].some((column) => column !== undefined) || columns.attributeColumns !== undefined;

async function* examplesOf(
  source: SourceFile,
  columns: Columns,
  onBytes: (read: number) => void,
): AsyncGenerator<ExampleRequest> {
  for await (const record of recordsOf(source, onBytes)) yield toExample(record, columns);
}

function showResult(session: Session, command: Command, result: ImportResponse, unit: string): void {
  const out = session.output(command);
  const part = (value: number, word: string) => (value === 0 ? '' : `, ${count(value)} ${word}`);
  out.line(
    green(`${count(result.accepted)} accepted`),
    part(result.duplicates, 'duplicates left out'),
    part(result.conflicts, 'in conflict with an earlier label'),
    part(result.rejected, 'rejected'),
  );
  if (result.new_labels.length > 0) {
    const shown = result.new_labels.slice(0, MOST_LABELS).join(', ');
    const rest = result.new_labels.length - MOST_LABELS;
    out.line(`${count(result.new_labels.length)} labels added: ${shown}${rest > 0 ? `, … and ${rest} more` : ''}`);
  }
  showProblems(session, command, result.problems, unit);
}

function showProblems(session: Session, command: Command, problems: ImportResponse['problems'], unit: string): void {
  const out = session.output(command);
  for (const { line, code, detail } of problems.slice(0, MOST_PROBLEMS)) {
    out.note(yellow(`${unit} ${line}`), `  ${detail} `, dim(`(${code})`));
  }
  if (problems.length > MOST_PROBLEMS)
    out.note(dim(`… and ${problems.length - MOST_PROBLEMS} more; --json shows up to 100`));
}

export function importCommand(session: Session): Command {
  const command = new Command('import')
    .description('import labelled examples into a task')
    .argument('<task>')
    .argument('<file>', 'CSV, NDJSON or JSON, also .gz; - for stdin')
    .addOption(new Option('--format <format>', 'when the name does not tell').choices(['csv', 'ndjson', 'json']))
    .option('--label-column <name>', 'column or field that holds the label');
  addColumnOptions(command)
    .option('--occurred-at-column <name>', 'column with the time (RFC 3339)')
    .option('--skip-invalid', 'store the good rows when some are bad (default: nothing is stored)')
    .option('--add-labels', 'add labels that the task does not have yet')
    .option('--gzip', 'compress on the way to the server')
    .addHelpText(
      'after',
      `
A CSV needs a header row. Columns \`text\` and \`label\` are found by name; others are named by the options above.

Examples:
  understudy import moderation comments.csv
  understudy import routing tickets.ndjson.gz --skip-invalid
  understudy import routing export.csv --text-column body --label-column queue --add-labels
  zcat old.csv.gz | understudy import routing - --format csv`,
    )
    .action(async (task: string, path: string, options: Options, command: Command) => {
      const source = sourceFile(path, options.format, session.terminal.stdin);
      const client = session.client(command);
      const mapped = isMapped(options);
      const startedAt = performance.now();
      const progress = session.progress(command);
      const onBytes = (read: number) => {
        const seconds = (performance.now() - startedAt) / 1000;
        const rate = read / Math.max(0.001, seconds);
        const done = source.size === undefined ? 0 : Math.min(1, read / Math.max(1, source.size));
        const eta = source.size === undefined || done === 1 ? '' : `, ${duration((source.size - read) / rate)} left`;
        const stage = done === 1 ? 'storing' : 'sending';
        progress.update(done, stage, `${bytes(read)} at ${bytes(rate)}/s${eta}`);
      };
      const request: ImportOptions = {
        onInvalid: options.skipInvalid === true ? 'skip' : 'reject',
        newLabels: options.addLabels === true ? 'add' : 'reject',
        signal: session.signal,
      };
      let result: ImportResponse;
      try {
        if (mapped) {
          // Rows are rewritten on the way; the file is read as fast as the server takes them.
          result = await client.examples.import(task, examplesOf(source, options, onBytes), {
            ...request,
            gzip: options.gzip === true,
          });
        } else {
          const open = () => source.open(onBytes);
          result = await client.examples.import(task, source.reopens ? open : open(), {
            ...request,
            format: source.format,
            gzipped: source.gzipped,
            gzip: options.gzip === true && !source.gzipped,
          });
        }
      } catch (error) {
        progress.stop();
        explainRejection(session, command, error, mapped ? 'row' : 'line');
        throw error;
      }
      progress.stop();
      const out = session.output(command);
      await out.result(result, () => {
        showResult(session, command, result, mapped ? 'row' : 'line');
        out.note(dim(`took ${duration((performance.now() - startedAt) / 1000)}`));
      });
    });
  return command;
}

/** A refused import carries its rows in the problem. */
function explainRejection(session: Session, command: Command, error: unknown, unit: string): void {
  const { problem } = error as { problem?: { problems?: ImportResponse['problems']; rejected?: number } };
  if (!Array.isArray(problem?.problems) || session.globals(command).json === true) return;
  showProblems(session, command, problem.problems, unit);
  if (problem.problems.some(({ code }) => code === 'unknown_label')) {
    session.output(command).note(dim('--add-labels adds labels that the task does not have yet'));
  }
  session.output(command).note(red('nothing was stored; --skip-invalid stores the good rows'));
}
