import { VERSION } from '@understudy/client';
import { Command, InvalidArgumentError } from 'commander';
import { auditLogCommand, loginCommand, logoutCommand, whoamiCommand } from './commands/account.ts';
import { backupCommand, restoreCommand } from './commands/backup.ts';
import { completionCommand } from './commands/completion.ts';
import { datasetCommand } from './commands/dataset.ts';
import { deadLettersCommand } from './commands/dead-letters.ts';
import { decisionsCommand } from './commands/decisions.ts';
import { demoCommand } from './commands/demo.ts';
import { doctorCommand } from './commands/doctor.ts';
import { examplesCommand } from './commands/examples.ts';
import { importCommand } from './commands/import.ts';
import { jobsCommand } from './commands/jobs.ts';
import { keysCommand } from './commands/keys.ts';
import { labelCommand } from './commands/label.ts';
import { ledgerCommand } from './commands/ledger.ts';
import { membersCommand, signInCommand } from './commands/members.ts';
import { modelsCommand } from './commands/models.ts';
import { predictCommand } from './commands/predict.ts';
import { promoteCommand, rollbackCommand } from './commands/promote.ts';
import { replayCommand } from './commands/replay.ts';
import { reviewCommand } from './commands/review.ts';
import { runsCommand } from './commands/runs.ts';
import { taskCommand } from './commands/task.ts';
import { trainCommand } from './commands/train.ts';
import { valueCommand } from './commands/value.ts';
import { versionCommand } from './commands/version.ts';
import { workspaceCommand } from './commands/workspace.ts';
import { EXIT_HELP } from './exit-codes.ts';
import type { Session } from './session.ts';

const seconds = (value: string): number => {
  const number = Number(value);
  if (!(number > 0)) throw new InvalidArgumentError('It must be a number of seconds.');
  return number;
};

/** Words that need the real `start`: itself, and what prints it. */
const NEED_START = new Set(['start', 'help', 'completion']);

/**
 * `start` pulls in the whole server, a second of loading that no other command should pay. Its name and description
 * stand in the help all the same.
 */
async function start(words: readonly string[] | undefined): Promise<Command> {
  if (words !== undefined && !words.some((word) => NEED_START.has(word))) {
    return new Command('start').description('start the server in the foreground');
  }
  const { startCommand } = await import('./commands/start.ts');
  return startCommand();
}

/**
 * The whole command tree. Completion and the reference are made from it too. With `words`, the command line, what
 * these words cannot reach may be left unloaded.
 */
export async function createProgram(session: Session, words?: readonly string[]): Promise<Command> {
  const program = new Command('understudy')
    .description('Understudy takes repetitive decisions over, only as far as it can prove.')
    .version(VERSION, '-V, --version', 'print the version of this program')
    .option('--url <url>', 'the server (UNDERSTUDY_URL, or the profile) [http://127.0.0.1:8080]')
    .option('--key <key>', 'the API key (better: UNDERSTUDY_API_KEY, or `understudy login`)')
    .option('--profile <name>', 'a profile that `login` stored')
    .option('--json', 'JSON on stdout, nothing else there')
    .option('-q, --quiet', 'no progress')
    .option('--no-color', 'no colours (also NO_COLOR)')
    .option('--timeout <seconds>', 'longest wait for an answer', seconds)
    .exitOverride()
    .showHelpAfterError('(--help shows what there is)')
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .addHelpText(
      'after',
      `
A first task:
  understudy start                                          in a terminal of its own
  understudy --key us_op_… workspace create shop --save     with the operator key that it prints
  understudy task create moderation --labels ok,spam
  understudy import moderation comments.csv                 columns: text,label
  understudy train moderation
  understudy predict moderation "Buy cheap watches now" --explain

${EXIT_HELP}`,
    );
  program.commandsGroup('Server:');
  program.addCommand(await start(words));
  program.addCommand(doctorCommand(session));
  program.addCommand(demoCommand(session));
  program.addCommand(backupCommand(session));
  program.addCommand(restoreCommand(session));
  program.commandsGroup('Tasks and data:');
  for (const make of [taskCommand, importCommand, examplesCommand, datasetCommand]) program.addCommand(make(session));
  program.commandsGroup('Models:');
  for (const make of [trainCommand, runsCommand, modelsCommand, promoteCommand, rollbackCommand]) {
    program.addCommand(make(session));
  }
  program.commandsGroup('Decisions:');
  for (const make of [predictCommand, decisionsCommand, reviewCommand, labelCommand, ledgerCommand]) {
    program.addCommand(make(session));
  }
  program.commandsGroup('Later:');
  for (const make of [jobsCommand, deadLettersCommand]) program.addCommand(make(session));
  program.commandsGroup('Value:');
  for (const make of [valueCommand, replayCommand]) program.addCommand(make(session));
  program.commandsGroup('Access:');
  for (const make of [signInCommand, loginCommand, logoutCommand, whoamiCommand]) program.addCommand(make(session));
  for (const make of [keysCommand, membersCommand, workspaceCommand, auditLogCommand])
    program.addCommand(make(session));
  program.commandsGroup('This program:');
  program.addCommand(completionCommand());
  program.addCommand(versionCommand(session));
  inheritSettings(program);
  return program;
}

/** Commands that are added ready-made do not inherit what `.command()` would hand down. */
function inheritSettings(parent: Command): void {
  for (const child of parent.commands) {
    child.copyInheritedSettings(parent);
    inheritSettings(child);
  }
}
