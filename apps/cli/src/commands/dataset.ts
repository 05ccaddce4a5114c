import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import type { DatasetDiff, DatasetFormat, DatasetRowDifference, DatasetVersion, RowChange } from '@understudy/client';
import { Command, Option } from 'commander';
import { UsageError } from '../exit-codes.ts';
import type { Session } from '../session.ts';
import { bytes, count, localTime } from '../terminal/format.ts';
import { bold, dim } from '../terminal/style.ts';
import { collectPages, limitOption } from './paging.ts';

const short = (id: string) => id.slice(0, 19);

/** Writes a stream to a file that is whole or not there. Returns the bytes. */
export async function writeWhole(
  path: string,
  stream: ReadableStream<Uint8Array>,
  onBytes: (done: number) => void,
): Promise<number> {
  const unfinished = `${path}.part`;
  const file = createWriteStream(unfinished);
  let done = 0;
  try {
    await once(file, 'open');
    for await (const chunk of stream as unknown as AsyncIterable<Uint8Array>) {
      done += chunk.byteLength;
      onBytes(done);
      if (!file.write(chunk)) await once(file, 'drain');
    }
    file.end();
    await once(file, 'close');
    await rename(unfinished, path);
  } catch (error) {
    file.destroy();
    await rm(unfinished, { force: true });
    const { code, syscall } = error as NodeJS.ErrnoException;
    throw syscall === 'open' ? new UsageError(`${path} cannot be written: ${code}`) : error;
  }
  return done;
}

export function datasetCommand(session: Session): Command {
  const dataset = new Command('dataset').alias('datasets').description('immutable snapshots of the examples');

  dataset
    .command('create')
    .argument('<task>')
    .description('snapshot all examples; the same rows give the same id')
    .action(async (task: string, _options: unknown, command: Command) => {
      const created = await session.client(command).datasets.create(task, { signal: session.signal });
      await session.output(command).result(created, () => show(session, command, created));
    });

  limitOption(
    dataset.command('list').alias('ls').argument('<task>').description('list dataset versions, newest first'),
  ).action(async (task: string, options: { limit: number }, command: Command) => {
    const page = { signal: session.signal, limit: Math.min(200, options.limit) };
    const rows = await collectPages(session.client(command).datasets.list(task, page), options.limit);
    const out = session.output(command);
    await out.result(rows, () =>
      out.table(
        [{ title: 'ID' }, { title: 'ROWS', align: 'right' }, { title: 'LABELS', align: 'right' }, { title: 'CREATED' }],
        rows.data.map((row) => [row.id, count(row.rows), String(row.labels.length), localTime(row.created_at)]),
      ),
    );
  });

  dataset
    .command('show')
    .argument('<task>')
    .argument('<dataset>', 'its id (sha256:…)')
    .description('show a dataset version')
    .action(async (task: string, id: string, _options: unknown, command: Command) => {
      const found = await session.client(command).datasets.get(task, id, { signal: session.signal });
      await session.output(command).result(found, () => show(session, command, found));
    });

  dataset
    .command('export')
    .argument('<task>')
    .argument('<dataset>', 'its id (sha256:…)')
    .description('download the rows')
    .addOption(new Option('--format <format>').choices(['parquet', 'csv', 'ndjson']).default('csv'))
    .option('-o, --output <file>', 'write here instead of to stdout')
    .addHelpText('after', '\nExample:\n  understudy dataset export routing sha256:… --format parquet -o rows.parquet')
    .action(async (task: string, id: string, options: { format: DatasetFormat; output?: string }, command: Command) => {
      const out = session.output(command);
      if (options.format === 'parquet' && options.output === undefined && session.terminal.stdout.isTTY === true) {
        throw new UsageError('Parquet is binary: add -o <file>, or --format csv');
      }
      const data = await session
        .client(command)
        .datasets.data(task, id, { format: options.format, signal: session.signal });
      if (options.output === undefined) {
        for await (const chunk of data as unknown as AsyncIterable<Uint8Array>) await out.raw(chunk);
        return;
      }
      const path = options.output;
      const progress = session.progress(command);
      try {
        const size = await writeWhole(path, data, (done) => progress.update(0, 'receiving', bytes(done)));
        progress.stop();
        await out.result({ output: path, bytes: size }, () => out.line(`${path}  `, dim(bytes(size))));
      } finally {
        progress.stop();
      }
    });

  limitOption(
    dataset
      .command('diff')
      .argument('<task>')
      .argument('<base>', 'the id to compare with (sha256:…)')
      .argument('<dataset>', 'the id whose rows are compared (sha256:…)')
      .description('show which rows were relabelled, added or removed between two versions')
      .addOption(
        new Option('--change <change>', 'only rows of this kind').choices([
          'relabelled',
          'added',
          'removed',
          'changed',
        ]),
      )
      .option('-o, --output <file>', 'write every row that differs here, as NDJSON')
      .addHelpText('after', '\nExample:\n  understudy datasets diff routing sha256:1f… sha256:9c… --change relabelled'),
  ).action(async (task: string, base: string, id: string, options: DiffOptions, command: Command) => {
    const out = session.output(command);
    const { datasets } = session.client(command);
    const change = options.change === undefined ? {} : { change: options.change };
    if (options.output !== undefined) {
      const path = options.output;
      const size = await writeWhole(
        path,
        await datasets.diffData(task, id, base, { ...change, signal: session.signal }),
        () => {},
      );
      await out.result({ output: path, bytes: size }, () => out.line(`${path}  `, dim(bytes(size))));
      return;
    }
    const data: DatasetRowDifference[] = [];
    let cursor: string | null = null;
    let page: DatasetDiff;
    do {
      page = await datasets.diff(task, id, base, {
        ...change,
        limit: Math.min(200, options.limit - data.length),
        ...(cursor === null ? {} : { cursor }),
        signal: session.signal,
      });
      data.push(...page.data);
      cursor = page.next_cursor;
    } while (cursor !== null && data.length < options.limit);
    const whole = { ...page, data };
    await out.result(whole, () => showDifference(session, command, whole));
  });

  return dataset;
}

interface DiffOptions {
  limit: number;
  change?: RowChange;
  output?: string;
}

function showDifference(
  session: Session,
  command: Command,
  { base, dataset, summary, data, next_cursor }: DatasetDiff,
): void {
  const out = session.output(command);
  out.line(bold(short(base)), ' → ', bold(short(dataset)));
  out.fields([
    ['relabelled', count(summary.relabelled)],
    ['added', count(summary.added)],
    ['removed', count(summary.removed)],
    ['changed', `${count(summary.changed)} with the same text and label`],
    ['the same', count(summary.unchanged)],
  ]);
  out.table(
    [{ title: 'CHANGE' }, { title: 'LABEL' }, { title: 'TEXT', flexible: true }],
    data.map(({ change, before, after, text }) => [
      change,
      before !== null && after !== null && before.label !== after.label
        ? `${before.label} → ${after.label}`
        : (after ?? before)!.label,
      text,
    ]),
    'no row differs',
  );
  if (next_cursor !== null) out.line(dim('there are more: -n shows more of them, -o writes all of them to a file'));
}

function show(session: Session, command: Command, dataset: DatasetVersion): void {
  const out = session.output(command);
  out.line(bold(short(dataset.id)), dim(dataset.id.slice(19)));
  out.fields([
    ['rows', count(dataset.rows)],
    ['groups', `${count(dataset.groups)} that a split keeps together`],
    ['conflicts', count(dataset.conflicts)],
    ['created', localTime(dataset.created_at)],
  ]);
  out.table(
    [{ title: 'LABEL' }, { title: 'ROWS', align: 'right' }],
    dataset.labels.map((label) => [label.name, count(label.rows)]),
  );
}
