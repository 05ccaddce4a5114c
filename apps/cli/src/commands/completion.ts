import { Argument, Command } from 'commander';
import { completionScript, type Shell, shells } from '../completion.ts';

export function completionCommand(): Command {
  return new Command('completion')
    .description('print the completion script of a shell')
    .addArgument(new Argument('<shell>').choices(shells))
    .addHelpText(
      'after',
      `
Add one of these to your shell's start file:
  bash   eval "$(understudy completion bash)"
  zsh    source <(understudy completion zsh)
  fish   understudy completion fish | source`,
    )
    .action((shell: Shell, _options: unknown, command: Command) => {
      let root = command;
      while (root.parent !== null) root = root.parent;
      process.stdout.write(completionScript(root, shell));
    });
}
