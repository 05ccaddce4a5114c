import type { Job, JobRequest, JobSummary } from '@understudy/client';
import { Command, InvalidArgumentError, Option } from 'commander';
import { Failed, UsageError } from '../exit-codes.ts';
import { addColumnOptions, type Columns, toItem } from '../rows/columns.ts';
import { recordsOf } from '../rows/records.ts';
import { sourceFile } from '../rows/source-file.ts';
import type { Session } from '../session.ts';
import { safeJson } from '../terminal/clean.ts';
import { count, duration, localTime } from '../terminal/format.ts';
import { bold, dim, green, type Piece, red, yellow } from '../terminal/style.ts';
import { showAnswer } from './decision-text.ts';
import { collectPages, limitOption } from './paging.ts';

interface CreateOptions extends Columns {
  file?: string;
  format?: 'csv' | 'ndjson' | 'json';
  externalId?: string;
  subject?: string;
  callbackUrl?: string;
  notBefore?: string;
  priority?: number;
  wait?: boolean;
}

/** Items that one job takes. */
const MOST_ITEMS = 10_000;
const STATUSES = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;

const priority = (value: string): number => {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0 || number > 9) throw new InvalidArgumentError('It must be 0 to 9.');
  return number;
};

const statusPiece = (status: JobSummary['status']): Piece =>
  status === 'succeeded'
    ? green(status)
    : status === 'failed'
      ? red(status)
      : status === 'running'
        ? yellow(status)
        : status;

export function jobsCommand(session: Session): Command {
  const jobs = new Command('jobs').description('decisions that are made later');

  const create = jobs
    .command('create')
    .argument('<task>')
    .argument('[text]', 'the text to decide')
    .description('hand over a text, or every row of a file')
    .option('--file <file>', 'CSV, NDJSON or JSON, also .gz; - for stdin; 10,000 rows a job')
    .addOption(
      new Option('--format <format>', 'of the file, when its name does not tell').choices(['csv', 'ndjson', 'json']),
    )
    .option('--subject <text>', 'whom or what the item is about')
    .option('--external-id <id>', 'your own id for it')
    .option('--callback-url <url>', 'is told the result, signed')
    .option('--not-before <time>', 'RFC 3339, e.g. 2026-05-01T06:00:00Z')
    .option('--priority <0-9>', 'higher ones are served first', priority)
    .option('--wait', 'follow it to its end, and print what was decided');
  addColumnOptions(create)
    .addHelpText(
      'after',
      `
Examples:
  understudy jobs create routing "Where is my parcel?" --wait
  understudy jobs create routing --file inquiries.ndjson --wait > decisions.ndjson
  understudy jobs create routing --file night.csv --not-before 2026-05-01T02:00:00Z --priority 1`,
    )
    .action(async (task: string, text: string | undefined, options: CreateOptions, command: Command) => {
      if ((text === undefined) === (options.file === undefined)) throw new UsageError('give either a text or --file');
      const client = session.client(command);
      const facts = {
        task,
        ...(options.externalId === undefined ? {} : { external_id: options.externalId }),
        ...(options.callbackUrl === undefined ? {} : { callback_url: options.callbackUrl }),
        ...(options.notBefore === undefined ? {} : { not_before: options.notBefore }),
        ...(options.priority === undefined ? {} : { priority: options.priority }),
      };
      const subject = options.subject === undefined ? {} : { subject: options.subject };
      const made: JobSummary[] = [];
      const hand = async (request: JobRequest) => {
        made.push(await client.jobs.create(request, { signal: session.signal }));
      };
      if (text !== undefined) await hand({ ...facts, ...subject, input: { text } });
      else {
        if (options.subject !== undefined) throw new UsageError('--subject is of a single text');
        for await (const items of batchesOf(session, options)) await hand({ ...facts, items });
        if (made.length === 0) throw new UsageError(`${options.file} has no rows`);
      }
      const out = session.output(command);
      if (options.wait === true) {
        for (const { id } of made) await follow(session, command, id);
        return;
      }
      const [only] = made;
      await out.result(made.length === 1 ? only : made, () => {
        for (const job of made) out.line(green(job.id), ' is accepted', dim(`, ${count(job.progress.total)} items`));
        out.line(dim(`understudy jobs watch ${only!.id}`));
      });
    });

  limitOption(jobs.command('list').alias('ls').description('list jobs, newest first'), 20)
    .option('--task <task>', 'only of this task')
    .addOption(new Option('--status <status>', 'only these').choices(STATUSES))
    .action(async (options: { limit: number; task?: string; status?: JobSummary['status'] }, command: Command) => {
      const { limit, ...filter } = options;
      const page = { signal: session.signal, limit: Math.min(200, limit) };
      const rows = await collectPages(session.client(command).jobs.list(filter, page), limit);
      const out = session.output(command);
      await out.result(rows, () =>
        out.table(
          [
            { title: 'JOB' },
            { title: 'TASK' },
            { title: 'STATUS' },
            { title: 'DONE', align: 'right' },
            { title: 'ITEMS', align: 'right' },
            { title: 'CREATED' },
            { title: 'ERROR' },
          ],
          rows.data.map((job) => [
            job.id,
            job.task,
            statusPiece(job.status),
            count(job.progress.done),
            count(job.progress.total),
            localTime(job.created_at),
            job.error?.code ?? '',
          ]),
          'no jobs: `understudy jobs create --help`',
        ),
      );
    });

  jobs
    .command('get')
    .alias('show')
    .argument('<job>', 'its id (job_…)')
    .description('show a job and what was decided')
    .action(async (id: string, _options: unknown, command: Command) => {
      const job = await session.client(command).jobs.get(id, { signal: session.signal });
      await session.output(command).result(job, () => showJob(session, command, job));
    });

  jobs
    .command('watch')
    .argument('<job>', 'its id (job_…)')
    .description('follow a job to its end, and print what was decided')
    .action((id: string, _options: unknown, command: Command) => follow(session, command, id));

  jobs
    .command('cancel')
    .argument('<job>', 'its id (job_…)')
    .description('end a job that has not ended')
    .action(async (id: string, _options: unknown, command: Command) => {
      const job = await session.client(command).jobs.cancel(id, { signal: session.signal });
      const out = session.output(command);
      await out.result(job, () => out.line(job.id, ' is ', statusPiece(job.status)));
    });

  jobs
    .command('queues')
    .description('how much waits, task by task')
    .action(async (_options: unknown, command: Command) => {
      const queues = await session.client(command).jobs.queues({ signal: session.signal });
      const out = session.output(command);
      await out.result(queues, () =>
        out.table(
          [
            { title: 'TASK' },
            { title: 'WAITING', align: 'right' },
            { title: 'LATER', align: 'right' },
            { title: 'RUNNING', align: 'right' },
            { title: 'OLDEST', align: 'right' },
          ],
          queues.data.map((queue) => [
            queue.task,
            count(queue.depth),
            count(queue.scheduled),
            count(queue.running),
            queue.oldest_seconds === null ? '–' : duration(queue.oldest_seconds),
          ]),
          'nothing waits',
        ),
      );
    });

  return jobs;
}

async function* batchesOf(session: Session, options: CreateOptions): AsyncGenerator<NonNullable<JobRequest['items']>> {
  const source = sourceFile(options.file!, options.format, session.terminal.stdin);
  let items: NonNullable<JobRequest['items']> = [];
  for await (const record of recordsOf(source)) {
    const { explain: _, ...item } = toItem(record, options);
    items.push(item);
    if (items.length < MOST_ITEMS) continue;
    yield items;
    items = [];
  }
  if (items.length > 0) yield items;
}

/** Shows progress until the job is over, then its decisions, one a line where there are many. */
async function follow(session: Session, command: Command, id: string): Promise<void> {
  const client = session.client(command);
  const out = session.output(command);
  const progress = session.progress(command);
  let job: Job;
  try {
    job = await client.jobs.wait(id, {
      signal: session.signal,
      onProgress: ({ status, progress: { done, total, eta_seconds: eta } }) =>
        progress.update(done / total, status, eta === null ? '' : `${duration(eta)} left`),
    });
  } finally {
    progress.stop();
  }
  if (job.decisions === undefined) await out.result(job, () => showJob(session, command, job));
  else {
    for await (const item of client.jobs.decisions(id, { signal: session.signal })) out.raw(`${safeJson(item)}\n`);
    if (!out.json) out.note(bold(job.id), ' ', statusPiece(job.status), dim(`, ${count(job.progress.done)} items`));
  }
  if (job.status !== 'succeeded') throw new Failed(job.error?.detail ?? job.status);
}

function showJob(session: Session, command: Command, job: Job): void {
  const out = session.output(command);
  const { done, total, eta_seconds: eta } = job.progress;
  out.line(bold(job.id), '  ', statusPiece(job.status), dim(`  ${job.task}, ${count(done)} of ${count(total)} items`));
  if (eta !== null) out.line(dim(`about ${duration(eta)} left`));
  if (job.error !== null) out.line(red(job.error.code), '  ', job.error.detail);
  if (job.decision != null) showAnswer(out, job.decision);
  for (const { position, decision, error } of job.decisions ?? []) {
    const answer =
      decision === null ? (error?.code ?? 'waits') : (decision.label ?? `review: ${decision.review?.reason}`);
    out.line(dim(`${position}`.padStart(6)), '  ', answer);
  }
  if (job.next_cursor != null) out.line(dim(`more: understudy jobs watch ${job.id}`));
}
