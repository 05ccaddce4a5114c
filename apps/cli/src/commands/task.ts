import { readFileSync } from 'node:fs';
import type { Task, TaskDefinition } from '@understudy/client';
import { Command, InvalidArgumentError } from 'commander';
import { Failed, UsageError } from '../exit-codes.ts';
import { list } from '../rows/columns.ts';
import type { Session } from '../session.ts';
import { localTime, percent } from '../terminal/format.ts';
import { bold, dim } from '../terminal/style.ts';
import { collectPages, limitOption } from './paging.ts';

export const share = (value: string): number => {
  const number = Number(value);
  if (value.trim() === '' || !(number >= 0 && number <= 1))
    throw new InvalidArgumentError('It must be a number from 0 to 1.');
  return number;
};

interface CreateOptions {
  labels?: string[];
  labelsFrom?: string;
  file?: string;
  title?: string;
  maxError?: number;
  confidence?: number;
  minConfidence?: number;
  maxLength?: number;
  replace?: boolean;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

/** A JSON array of names, or one name a line. */
function labelsIn(path: string): string[] {
  const text = readText(path);
  if (!text.trimStart().startsWith('[')) return text.split(/\r?\n/).filter((line) => line.trim() !== '');
  try {
    return (JSON.parse(text) as unknown[]).map(String);
  } catch {
    throw new UsageError(`${path} is not a JSON array of labels`);
  }
}

function definitionOf(options: CreateOptions): TaskDefinition {
  let definition: TaskDefinition = { kind: 'text_classification', labels: [] };
  if (options.file !== undefined) {
    try {
      definition = JSON.parse(readText(options.file)) as TaskDefinition;
    } catch (error) {
      if (error instanceof UsageError) throw error;
      throw new UsageError(`${options.file} is not JSON: ${(error as Error).message}`);
    }
  }
  const names = options.labels ?? (options.labelsFrom === undefined ? undefined : labelsIn(options.labelsFrom));
  if (names !== undefined) definition.labels = names.map((name) => ({ name }));
  else if (options.file === undefined) throw new UsageError('a task needs --labels, --labels-from or --file');
  if (options.title !== undefined) definition.title = options.title;
  if (options.maxError !== undefined || options.confidence !== undefined) {
    const { max_error = 0.05, confidence = 0.95 } = definition.error_budget ?? {};
    definition.error_budget = {
      max_error: options.maxError ?? max_error,
      confidence: options.confidence ?? confidence,
    };
  }
  if (options.minConfidence !== undefined) {
    definition.automation = { mode: 'uncertified', min_confidence: options.minConfidence };
  }
  if (options.maxLength !== undefined) definition.input = { text: { type: 'string', max_length: options.maxLength } };
  return definition;
}

const automationOf = (task: Task): string => {
  const { automation } = task;
  return automation.mode === 'uncertified' ? `uncertified from ${percent(automation.min_confidence)}` : automation.mode;
};

function showTask(session: Session, command: Command, task: Task): void {
  const out = session.output(command);
  out.line(bold(task.task), '  ', task.title === task.task ? '' : task.title);
  out.fields([
    ['labels', `${task.labels.length}: ${task.labels.map(({ name }) => name).join(', ')}`],
    [
      'error budget',
      `at most ${percent(task.error_budget.max_error)} wrong, with confidence ${percent(task.error_budget.confidence)}`,
    ],
    ['automation', automationOf(task)],
    ['audit rate', percent(task.audit.rate)],
    ['text', `at most ${task.input.text.max_length ?? '–'} characters`],
    ['revision', String(task.revision)],
    ['owner', task.owner],
    ['created', localTime(task.created_at)],
    ['changed', localTime(task.updated_at)],
  ]);
}

export function taskCommand(session: Session): Command {
  const task = new Command('task').description('create, read and delete tasks');

  task
    .command('create')
    .argument('<task>', 'its name in URLs: lower-case letters, digits, hyphens')
    .description('create a task')
    .option('--labels <names>', 'the possible answers, comma-separated', list)
    .option('--labels-from <file>', 'a JSON array of labels, or one label a line')
    .option('--file <file>', 'a task definition as JSON; other options override it')
    .option('--title <text>', 'a name for people')
    .option('--max-error <share>', 'error budget: the largest share of wrong automated answers', share)
    .option('--confidence <share>', 'with which confidence the budget has to be kept', share)
    .option('--min-confidence <share>', 'automate uncertified, from this confidence on (no guarantee)', share)
    .option('--max-length <characters>', 'longest text', (value) => Number(value))
    .option('--replace', 'replace the task if it exists')
    .addHelpText(
      'after',
      `
Examples:
  understudy task create spam-filter --labels ok,spam
  understudy task create routing --labels-from queues.txt --title "Inquiry routing" --max-error 0.03
  understudy task create moderation --file task.json --min-confidence 0.9`,
    )
    .action(async (name: string, options: CreateOptions, command: Command) => {
      const definition = definitionOf(options);
      const created = await session.client(command).tasks.put(name, definition, {
        createOnly: options.replace !== true,
        signal: session.signal,
      });
      await session.output(command).result(created, () => showTask(session, command, created));
    });

  limitOption(task.command('list').alias('ls').description('list the tasks')).action(
    async (options: { limit: number }, command: Command) => {
      const rows = await collectPages(
        session.client(command).tasks.list({ signal: session.signal, limit: Math.min(200, options.limit) }),
        options.limit,
      );
      const out = session.output(command);
      await out.result(rows, () =>
        out.table(
          [
            { title: 'TASK' },
            { title: 'TITLE', flexible: true },
            { title: 'LABELS', align: 'right' },
            { title: 'AUTOMATION' },
            { title: 'CHANGED' },
          ],
          rows.data.map((row) => [
            bold(row.task),
            row.title,
            String(row.labels.length),
            automationOf(row),
            localTime(row.updated_at),
          ]),
          'no tasks yet: `understudy task create --help`',
        ),
      );
    },
  );

  task
    .command('show')
    .argument('<task>')
    .description('show a task')
    .action(async (name: string, _options: unknown, command: Command) => {
      const found = await session.client(command).tasks.get(name, { signal: session.signal });
      await session.output(command).result(found, () => showTask(session, command, found));
    });

  task
    .command('delete')
    .alias('rm')
    .argument('<task>')
    .description('delete a task; its decisions stay in the ledger')
    .option('-y, --yes', 'do not ask')
    .action(async (name: string, options: { yes?: boolean }, command: Command) => {
      const client = session.client(command);
      if (options.yes !== true && !(await session.confirm(`Delete the task ${name}?`))) {
        if (session.terminal.stdin.isTTY !== true) throw new UsageError('nobody can be asked here: add --yes');
        session.output(command).note(dim('nothing was deleted'));
        throw new Failed('declined');
      }
      await client.tasks.delete(name, { signal: session.signal });
      const out = session.output(command);
      await out.result({ deleted: name }, () => out.line(`${name} is deleted`));
    });

  return task;
}
