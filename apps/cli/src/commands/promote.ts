import { Command } from 'commander';
import { UsageError } from '../exit-codes.ts';
import type { Session } from '../session.ts';
import { bold } from '../terminal/style.ts';

interface Options {
  alias: string;
  reason?: string;
}

async function point(
  session: Session,
  command: Command,
  model: string,
  version: string,
  options: Options,
): Promise<void> {
  const set = await session.client(command).models.aliases.set(model, options.alias, version, {
    signal: session.signal,
    ...(options.reason === undefined ? {} : { reason: options.reason }),
  });
  const out = session.output(command);
  await out.result(set, () => out.line(bold(model), `: ${set.alias} is version `, bold(set.version)));
}

export function promoteCommand(session: Session): Command {
  return new Command('promote')
    .description('make a version the champion, the one that answers')
    .argument('<model>')
    .argument('<version>')
    .option('--alias <alias>', 'another alias than champion', 'champion')
    .option('--reason <text>', 'goes into the history')
    .addHelpText('after', '\nExample:\n  understudy promote routing 7 --reason "better on refunds"')
    .action((model: string, version: string, options: Options, command: Command) =>
      point(session, command, model, version, options),
    );
}

export function rollbackCommand(session: Session): Command {
  return new Command('rollback')
    .description('make the version before the champion the champion again')
    .argument('<model>')
    .option('--alias <alias>', 'another alias than champion', 'champion')
    .option('--reason <text>', 'goes into the history')
    .action(async (model: string, options: Options, command: Command) => {
      const { data } = await session.client(command).models.aliases.history(model, { signal: session.signal });
      const last = data.find(({ alias }) => alias === options.alias);
      if (last === undefined || last.previous === null) {
        throw new UsageError(`${model} has no earlier ${options.alias} to go back to`);
      }
      const reason = options.reason ?? `rolled back from version ${last.version ?? '–'}`;
      await point(session, command, model, last.previous, { ...options, reason });
    });
}
