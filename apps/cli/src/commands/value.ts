import { hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import {
  NotAnExport,
  type ValueOptions,
  type ValueReport,
  type ValueVerification,
  verifyValueExport,
} from '@understudy/client';
import { Command, Option } from 'commander';
import { Failed, UsageError } from '../exit-codes.ts';
import type { Session } from '../session.ts';
import { bytes, count } from '../terminal/format.ts';
import { bold, dim, green, red, yellow } from '../terminal/style.ts';
import { writeWhole } from './dataset.ts';
import { trustedHead } from './ledger.ts';

const FORMATS = ['table', 'json', 'csv', 'html'] as const;

interface Options {
  task?: string;
  from?: string;
  to?: string;
  bucket?: ValueOptions['bucket'];
  format: (typeof FORMATS)[number];
  export?: string;
  verify?: string;
  trusted?: { size: number; head: string };
}

const UNKNOWN = 'not known yet';
/** Cut, not rounded: 59.99 % never becomes 60 %. */
const down = (rate: number | null) =>
  rate === null ? UNKNOWN : `${(Math.floor(rate * 1000 + 1e-6) / 10).toFixed(1)} %`;
const up = (rate: number | null) => (rate === null ? UNKNOWN : `${(Math.ceil(rate * 1000 - 1e-6) / 10).toFixed(1)} %`);
const money = (amount: string | null, currency: string | null) =>
  amount === null ? UNKNOWN : `${amount.replace(/(\.\d\d)\d*$/, '$1')} ${currency ?? ''}`;

/** A day alone means its midnight, UTC. */
const moment = (value: string) => (/^\d{4}-\d{2}-\d{2}$/.test(value) ? `${value}T00:00:00Z` : value);

export function valueCommand(session: Session): Command {
  return new Command('value')
    .description('what automation saves, with the evidence; or recompute it from an export')
    .option('--task <task>', 'one task instead of all')
    .option('--from <time>', 'decisions from this hour on (RFC 3339 or a day, UTC)', moment)
    .option('--to <time>', 'decisions before this hour', moment)
    .addOption(
      new Option('--bucket <length>', 'length of the stretches of time').choices(['hour', 'day', 'week', 'month']),
    )
    .addOption(
      new Option('--format <format>', 'csv and html go to stdout as they are').choices([...FORMATS]).default('table'),
    )
    .option('--export <file>', 'write the report with every ledger row that it rests on')
    .addOption(
      new Option(
        '--verify <file>',
        'recompute the report from an export alone; exit code 1 when a row or a figure is wrong',
      ).conflicts(['task', 'from', 'to', 'bucket', 'export']),
    )
    .option('--trusted <size:head>', 'with --verify: a head that you kept; the log must have passed it', trustedHead)
    .addHelpText(
      'after',
      `
Examples:
  understudy value --from 2026-10-01 --to 2026-11-01
  understudy value --task comment-moderation --format html > october.html
  understudy value --export october.ndjson
  understudy value --verify october.ndjson      # needs no server`,
    )
    .action(async (options: Options, command: Command) => {
      if (options.verify !== undefined) return verify(session, command, options.verify, options.trusted);
      if (options.trusted !== undefined) throw new UsageError('--trusted is for --verify');
      const { task, from, to, bucket } = options;
      const asked: ValueOptions = {
        signal: session.signal,
        ...(task === undefined ? {} : { task }),
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
        ...(bucket === undefined ? {} : { bucket }),
      };
      if (options.export !== undefined) return exportTo(session, command, asked, options.export);
      return report(session, command, asked, options.format);
    });
}

async function report(
  session: Session,
  command: Command,
  asked: ValueOptions,
  format: Options['format'],
): Promise<void> {
  const out = session.output(command);
  const { value } = session.client(command);
  if (format === 'csv' || format === 'html') {
    const body = format === 'csv' ? await value.csv(asked) : await value.page(asked);
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) await out.raw(chunk);
    return;
  }
  const found = await value.report(asked);
  if (format === 'json') await out.jsonLine(found);
  else await out.result(found, () => show(session, command, found));
}

function show(session: Session, command: Command, found: ValueReport): void {
  const out = session.output(command);
  const { error_rate: error, cost, savings, currency, evidence } = found;
  out.line(bold(found.task ?? 'all tasks'), dim(`  ${found.from.slice(0, 16)} to ${found.to.slice(0, 16)} UTC`));
  out.fields([
    [
      'decisions',
      `${count(found.decisions)}, ${down(found.automation_rate)} automated, ${up(found.human_touch_rate)} touched by a person`,
    ],
    [
      'error',
      error.estimate === null
        ? yellow(error.note ?? UNKNOWN)
        : `${up(error.estimate)} (${down(error.low)} to ${up(error.high)}) from ${count(error.audited)} audits`,
    ],
    ['by hand', money(found.baseline.cost, currency)],
    ['reviewers', `${money(cost.reviewer, currency)}  (${cost.reviewer_minutes} min)`],
    ['audits', `${money(cost.audit, currency)}  (${cost.audit_minutes} min)`],
    ['models', `${money(cost.model, currency)} own, ${money(cost.api, currency)} hosted`],
    ['infrastructure', money(cost.infrastructure, currency)],
    ['errors', money(cost.errors, currency)],
    ['cost', money(cost.total, currency)],
    [
      'saved',
      savings.amount === null
        ? yellow(savings.note ?? UNKNOWN)
        : `${money(savings.amount, currency)}, ${down(savings.rate)} (${down(savings.low)} to ${down(savings.high)})`,
    ],
  ]);
  if (found.task === null) {
    out.table(
      [
        { title: 'TASK' },
        { title: 'DECISIONS', align: 'right' },
        { title: 'AUTOMATED', align: 'right' },
        { title: 'ERROR', align: 'right' },
        { title: 'COST', align: 'right' },
        { title: 'SAVED', align: 'right' },
      ],
      found.tasks.map((task) => [
        task.task,
        count(task.decisions),
        down(task.automation_rate),
        up(task.error_rate.estimate),
        money(task.cost.total, task.currency),
        `${money(task.savings.amount, task.currency)}, ${down(task.savings.rate)}`,
      ]),
    );
  }
  for (const note of found.notes) out.line(yellow('! '), note);
  out.line(dim(`${count(evidence.rows)} ledger rows, head ${evidence.ledger_size}:${evidence.ledger_head}`));
}

async function exportTo(session: Session, command: Command, asked: ValueOptions, path: string): Promise<void> {
  const out = session.output(command);
  const progress = session.progress(command);
  try {
    const body = await session.client(command).value.export(asked);
    const size = await writeWhole(path, body, (done) => progress.update(0, 'receiving', bytes(done)));
    progress.stop();
    await out.result({ output: path, bytes: size }, () => {
      out.line(`${path}  `, dim(bytes(size)));
      out.line(dim(`verify it, here or anywhere: understudy value --verify ${path}`));
    });
  } finally {
    progress.stop();
  }
}

const sha256 = (data: Uint8Array): Uint8Array => hash('sha256', data, 'buffer');

async function verify(
  session: Session,
  command: Command,
  path: string,
  trusted: { size: number; head: string } | undefined,
): Promise<void> {
  const out = session.output(command);
  const progress = session.progress(command);
  let result: ValueVerification;
  try {
    result = await verifyValueExport(createReadStream(path, { signal: session.signal }), {
      sha256,
      ...(trusted === undefined ? {} : { trusted }),
      onProgress: (done, of) => {
        if (done % 64 === 0 || done === of)
          progress.update(of === 0 ? 1 : done / of, 'verifying', `${count(done)} of ${count(of)} commits`);
      },
    });
  } catch (error) {
    if (error instanceof NotAnExport) throw new Failed(error.message);
    const { code, syscall } = error as NodeJS.ErrnoException;
    throw syscall === 'open' || code === 'EISDIR' ? new UsageError(`${path} cannot be read: ${code}`) : error;
  } finally {
    progress.stop();
  }
  const { report: _, ...facts } = result;
  await out.result({ ...facts, task: result.report.task, from: result.report.from, to: result.report.to }, () =>
    showVerification(session, command, result),
  );
  if (!result.ok) throw new Failed('the export does not hold');
}

function showVerification(session: Session, command: Command, result: ValueVerification): void {
  const out = session.output(command);
  const rows = `${count(result.rows)} rows in ${count(result.size)} commits hashed, ${count(result.counted)} of them in the figures`;
  if (result.ok) {
    out.line(green('the report holds'), `: every figure follows from its rows; ${rows}`);
    show(session, command, result.report);
    out.line(
      dim(
        'This says that rows, head and figures agree. That the server did not rewrite all of its log, a head that you kept tells: --trusted <size:head>.',
      ),
    );
    return;
  }
  out.line(red('the report does not hold'), `: ${count(result.found)} problems; ${rows}`);
  out.table(
    [{ title: 'FOUND' }, { title: 'COMMIT', align: 'right' }, { title: 'ROW' }, { title: 'DETAIL', flexible: true }],
    result.findings.slice(0, 20).map((one) => [red(one.kind), String(one.commit ?? '–'), one.id ?? '–', one.detail]),
  );
  if (result.found > 20) out.line(dim(`… and ${count(result.found - 20)} more; --json shows the first hundred`));
}
