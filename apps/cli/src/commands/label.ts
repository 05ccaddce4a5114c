import { Command, Option } from 'commander';
import type { Session } from '../session.ts';
import { bold, dim } from '../terminal/style.ts';

export function labelCommand(session: Session): Command {
  return new Command('label')
    .description('say what the right answer of a decision was')
    .argument('<decision>', 'its id (dec_…)')
    .argument('<label>')
    .addOption(new Option('--source <source>', 'who says so').choices(['application', 'appeal']).default('application'))
    .option(
      '--person <id>',
      'who decided; without one, a label that equals our automated answer counts as a copy of it',
    )
    .option('--note <text>', 'why')
    .addHelpText('after', '\nExample:\n  understudy label dec_01k… spam --source appeal --note "the shop is real"')
    .action(
      async (
        decision: string,
        label: string,
        options: { source: 'application' | 'appeal'; person?: string; note?: string },
        command: Command,
      ) => {
        const given = await session
          .client(command)
          .decisions.label(decision, { label, ...options }, { signal: session.signal });
        const out = session.output(command);
        await out.result(given, () => {
          out.line(decision, ' is labelled ', bold(label), ' ', dim(`(${options.source})`));
          if (given.echo) out.line(dim('That is our own answer, and nobody is named: it is kept and does not count.'));
        });
      },
    );
}
