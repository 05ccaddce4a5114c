import type { ExampleFilter } from '@understudy/client';
import { Command, Option } from 'commander';
import { UsageError } from '../exit-codes.ts';
import type { Session } from '../session.ts';
import { count, localTime } from '../terminal/format.ts';
import { bold, yellow } from '../terminal/style.ts';
import { collectPages, limitOption } from './paging.ts';

interface ListOptions {
  limit: number;
  search?: string;
  label?: string;
  source?: NonNullable<ExampleFilter['source']>;
  conflicts?: boolean;
}

export function examplesCommand(session: Session): Command {
  const examples = new Command('examples').description('look at imported examples');

  limitOption(
    examples
      .command('list')
      .alias('ls')
      .argument('<task>')
      .description('list examples, oldest first')
      .option('-s, --search <words>', 'only those whose text holds all of these words; "words in quotes" count as one')
      .option('--label <label>', 'only those with this label')
      .addOption(
        new Option('--source <source>', 'only those whose label comes from there').choices([
          'import',
          'reviewer',
          'audit',
          'application',
        ]),
      )
      .option('--conflicts', 'only rows whose text stands under another label too'),
  ).action(async (task: string, options: ListOptions, command: Command) => {
    if (options.search?.trim() === '') throw new UsageError('--search needs a word to look for');
    const filter: ExampleFilter = {
      ...(options.search === undefined ? {} : { q: options.search }),
      ...(options.source === undefined ? {} : { source: options.source }),
      ...(options.label === undefined ? {} : { label: options.label }),
      ...(options.conflicts === true ? { conflicts: 'only' as const } : {}),
    };
    const page = { signal: session.signal, limit: Math.min(200, options.limit) };
    const rows = await collectPages(session.client(command).examples.list(task, filter, page), options.limit);
    const out = session.output(command);
    await out.result(rows, () =>
      out.table(
        [{ title: 'ID' }, { title: 'LABEL' }, { title: 'TEXT', flexible: true }, { title: 'IMPORTED' }],
        rows.data.map((row) => [
          row.id,
          row.conflict ? yellow(`${row.label} !`) : row.label,
          row.input.text ?? '',
          localTime(row.created_at),
        ]),
        Object.keys(filter).length > 0 ? 'no example matches' : 'no examples yet: `understudy import --help`',
      ),
    );
  });

  examples
    .command('stats')
    .argument('<task>')
    .description('count examples by label')
    .action(async (task: string, _options: unknown, command: Command) => {
      const stats = await session.client(command).examples.stats(task, { signal: session.signal });
      const out = session.output(command);
      await out.result(stats, () => {
        out.line(bold(count(stats.examples)), ' examples, ', count(stats.conflicts), ' in conflict');
        out.table(
          [{ title: 'LABEL' }, { title: 'EXAMPLES', align: 'right' }],
          stats.labels.map((label) => [label.name, count(label.examples)]),
        );
      });
    });

  examples
    .command('delete')
    .alias('rm')
    .argument('<task>')
    .argument('<example>', 'its id (ex_…)')
    .description('remove one example; dataset versions that hold it stay as they are')
    .action(async (task: string, example: string, _options: unknown, command: Command) => {
      await session.client(command).examples.delete(task, example, { signal: session.signal });
      const out = session.output(command);
      await out.result({ deleted: example }, () => out.line(`${example} is removed`));
    });

  return examples;
}
