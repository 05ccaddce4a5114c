import { Command } from 'commander';
import type { Session } from '../session.ts';
import { localTime, percent } from '../terminal/format.ts';
import { dim } from '../terminal/style.ts';
import { collectPages, limitOption } from './paging.ts';
import { showRun, statusPiece } from './run-report.ts';
import { followToEnd } from './train.ts';

export function runsCommand(session: Session): Command {
  const runs = new Command('runs').description('training runs');

  limitOption(
    runs.command('list').alias('ls').argument('<task>').description('list the runs of a task, newest first'),
    20,
  ).action(async (task: string, options: { limit: number }, command: Command) => {
    const page = { signal: session.signal, limit: Math.min(200, options.limit) };
    const rows = await collectPages(session.client(command).trainingRuns.list(task, page), options.limit);
    const out = session.output(command);
    await out.result(rows, () =>
      out.table(
        [
          { title: 'RUN' },
          { title: 'STATUS' },
          { title: 'TRAINER' },
          { title: 'VERSION', align: 'right' },
          { title: 'ACCURACY', align: 'right' },
          { title: 'STARTED' },
        ],
        rows.data.map((run) => [
          run.id,
          statusPiece(run.status),
          run.chosen_trainer ?? run.trainer,
          run.model_version ?? '–',
          typeof run.metrics?.accuracy === 'number' ? percent(run.metrics.accuracy, 2) : '–',
          localTime(run.created_at),
        ]),
        'no runs yet: `understudy train --help`',
      ),
    );
  });

  runs
    .command('show')
    .argument('<run>', 'its id (run_…)')
    .description('show a run and its log')
    .option('--log', 'with the log')
    .action(async (id: string, options: { log?: boolean }, command: Command) => {
      const run = await session.client(command).trainingRuns.get(id, { signal: session.signal });
      const out = session.output(command);
      await out.result(run, () => {
        showRun(out, run);
        if (options.log === true) for (const line of run.log) out.line(dim(line));
      });
    });

  runs
    .command('watch')
    .argument('<run>', 'its id (run_…)')
    .description('follow a run to its end')
    .action(async (id: string, _options: unknown, command: Command) => {
      const client = session.client(command);
      await followToEnd(session, command, client, await client.trainingRuns.get(id, { signal: session.signal }));
    });

  runs
    .command('cancel')
    .argument('<run>', 'its id (run_…)')
    .description('ask a run to stop')
    .action(async (id: string, _options: unknown, command: Command) => {
      const run = await session.client(command).trainingRuns.cancel(id, { signal: session.signal });
      const out = session.output(command);
      await out.result(run, () =>
        out.line(run.id, run.cancel_requested ? ' is asked to stop' : ' is ', run.cancel_requested ? '' : run.status),
      );
    });

  return runs;
}
