import { Command, InvalidArgumentError } from 'commander';
import { readExampleTasks } from '../demo/example-tasks.ts';
import { describePlay, type PlayProgress, play } from '../demo/play.ts';
import { prepareExampleTasks } from '../demo/prepare.ts';
import { UsageError } from '../exit-codes.ts';
import type { Session } from '../session.ts';

const speed = (value: string): number => {
  const number = Number(value);
  if (!(number > 0 && number <= 100)) throw new InvalidArgumentError('It must be a number above 0, at most 100.');
  return number;
};

/** `understudy demo`: the example tasks' streams, decided and reviewed before your eyes. */
export function demoCommand(session: Session): Command {
  return new Command('demo')
    .description('play the example tasks: a stream of items and simulated reviewers')
    .option('--speed <factor>', '1 = all of it in about two and a half minutes', speed, 1)
    .option('--reset', 'delete the example tasks of this workspace and begin again (the ledger keeps everything)')
    .option('-y, --yes', 'do not ask before --reset')
    .addHelpText(
      'after',
      `\nEvery decision is a real one, marked with the attribute demo=true. The reviewers know answers that the models
never saw, and take as long as a careful person for each: there are as many of them as there is work for.`,
    )
    .action(async (options: { speed: number; reset?: boolean; yes?: boolean }, command: Command) => {
      const connection = session.connection(command);
      const client = session.client(command, connection);
      if (connection.key === undefined) throw new UsageError('this needs a key: --key, UNDERSTUDY_API_KEY or `login`');
      const { signal } = session;
      const output = session.output(command);
      if (options.reset === true && options.yes !== true) {
        const slugs = (await readExampleTasks()).map(({ slug }) => slug).join(', ');
        if (!(await session.confirm(`Delete ${slugs} in this workspace and begin again?`))) {
          throw new UsageError('nothing was changed: --reset needs a yes (or --yes)');
        }
      }
      const tasks = await prepareExampleTasks(client, { reset: options.reset === true, signal });
      const bar = session.progress(command);
      let last: PlayProgress;
      try {
        last = await play({
          url: connection.url,
          key: connection.key,
          tasks: tasks.map(({ slug }) => slug),
          speed: options.speed,
          signal,
          progress: (state) => bar.update(state.decided / state.total, 'demo', describePlay(state)),
        });
      } finally {
        bar.stop();
      }
      await output.result({ ...last }, () => output.line(`${describePlay(last)} · the dashboard: ${connection.url}`));
    });
}
