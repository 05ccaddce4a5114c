import type { DeadLetterFilter, DeadLetterSummary } from '@understudy/client';
import { Command, Option } from 'commander';
import { Failed, UsageError } from '../exit-codes.ts';
import type { Session } from '../session.ts';
import { count, localTime } from '../terminal/format.ts';
import { bold, dim, red } from '../terminal/style.ts';
import { collectPages, limitOption } from './paging.ts';

interface FilterOptions {
  kind?: DeadLetterSummary['kind'];
  task?: string;
  origin?: string;
}

function filterOptions(command: Command): Command {
  return command
    .addOption(new Option('--kind <kind>', 'only of this queue').choices(['failed', 'unprocessable']))
    .option('--task <task>', 'only of this task')
    .option('--origin <origin>', 'job, source or outgoing, or one of them: job:job_…');
}

export function deadLettersCommand(session: Session): Command {
  const letters = new Command('dead-letters').description('what was given up: to look at, and to send again');

  limitOption(filterOptions(letters.command('list').alias('ls').description('list them, newest first')), 20)
    .addOption(
      new Option('--state <state>', 'waiting unless said otherwise').choices(['waiting', 'replayed', 'discarded']),
    )
    .action(
      async (options: FilterOptions & { limit: number; state?: DeadLetterSummary['state'] }, command: Command) => {
        const { limit, ...given } = options;
        const filter: DeadLetterFilter = { state: 'waiting', ...given };
        const page = { signal: session.signal, limit: Math.min(200, limit) };
        const rows = await collectPages(session.client(command).deadLetters.list(filter, page), limit);
        const out = session.output(command);
        await out.result(rows, () =>
          out.table(
            [
              { title: 'LETTER' },
              { title: 'QUEUE' },
              { title: 'TASK' },
              { title: 'FROM' },
              { title: 'REASON' },
              { title: 'TRIES', align: 'right' },
              { title: 'SINCE' },
            ],
            rows.data.map((letter) => [
              letter.id,
              letter.kind,
              letter.task ?? '–',
              `${letter.origin.kind} ${letter.origin.id}`,
              letter.reason.code,
              count(letter.attempts),
              localTime(letter.created_at),
            ]),
            'nothing was given up',
          ),
        );
      },
    );

  letters
    .command('show')
    .argument('<letter>', 'its id (dlt_…)')
    .description('show a letter with its content and its attempts')
    .action(async (id: string, _options: unknown, command: Command) => {
      const letter = await session.client(command).deadLetters.get(id, { signal: session.signal });
      const out = session.output(command);
      await out.result(letter, () => {
        out.line(bold(letter.id), '  ', letter.kind, dim(`  ${letter.state}`));
        out.fields([
          ['from', `${letter.origin.kind} ${letter.origin.id}${letter.message === null ? '' : ` (${letter.message})`}`],
          ['task', letter.task ?? undefined],
          ['reason', `${letter.reason.code}: ${letter.reason.detail}`],
          ['trace', letter.trace_id ?? undefined],
          [
            'resolved',
            letter.resolved_at === null ? undefined : `${localTime(letter.resolved_at)} ${letter.resolution ?? ''}`,
          ],
        ]);
        for (const { at, code, detail } of letter.history) out.line(dim(localTime(at)), '  ', red(code), '  ', detail);
        if (letter.body !== null) {
          out.line(dim(`${letter.content_type}, ${count(letter.body.bytes)} bytes, ${letter.body.encoding}`));
          out.text(letter.body.data);
        }
      });
    });

  filterOptions(
    letters.command('replay').argument('[letters...]', 'their ids').description('send letters on their way again'),
  )
    .option('--all', 'every letter that matches, or that waits')
    .option('--input <json>', 'send one letter with this input instead of its own')
    .addHelpText(
      'after',
      `
Examples:
  understudy dead-letters replay dlt_… --input '{"text": "what was meant"}'
  understudy dead-letters replay --all --kind failed --task routing`,
    )
    .action(async (ids: string[], options: FilterOptions & { all?: boolean; input?: string }, command: Command) => {
      const { all, input, ...filter } = options;
      if ((ids.length === 0) !== (all === true)) throw new UsageError('give ids, or --all');
      if (ids.length > 0 && Object.keys(filter).length > 0)
        throw new UsageError('--kind, --task and --origin go with --all');
      if (input !== undefined && ids.length !== 1) throw new UsageError('--input goes with one letter');
      const { deadLetters } = session.client(command);
      const edits = input === undefined ? {} : { edits: [{ id: ids[0]!, input: parsed(input) }] };
      const total = { replayed: 0, refused: [] as { id: string; code: string; detail: string }[], more: false };
      do {
        const some = await deadLetters.replay(all === true ? { filter } : { ids, ...edits }, {
          signal: session.signal,
        });
        total.replayed += some.replayed;
        total.refused = some.refused;
        // Letters that are refused stay, and match again: go on only while others leave.
        total.more = some.more && some.replayed > 0;
      } while (total.more);
      const out = session.output(command);
      await out.result(total, () => {
        out.line(`${count(total.replayed)} on their way again`);
        for (const { id, code, detail } of total.refused) out.line(id, '  ', red(code), '  ', detail);
      });
      if (total.refused.length > 0) throw new Failed(`${total.refused.length} stay`);
    });

  letters
    .command('discard')
    .argument('<letters...>', 'their ids')
    .description('give letters up for good; their content is dropped')
    .option('--reason <text>', 'why, for whoever asks later')
    .action(async (ids: string[], options: { reason?: string }, command: Command) => {
      const { deadLetters } = session.client(command);
      const out = session.output(command);
      for (const id of ids) {
        const letter = await deadLetters.discard(id, options, { signal: session.signal });
        await out.result(letter, () => out.line(letter.id, ' is discarded'));
      }
    });

  return letters;
}

/** JSON where it is JSON, else a text. */
function parsed(input: string): unknown {
  try {
    return JSON.parse(input);
  } catch {
    return { text: input };
  }
}
