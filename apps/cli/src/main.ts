import process from 'node:process';
import { CommanderError } from 'commander';
import { readEnvironment } from './environment.ts';
import { EXIT } from './exit-codes.ts';
import { isExposed, profilePath } from './profile.ts';
import { createProgram } from './program.ts';
import { reportError } from './report-error.ts';
import { Session } from './session.ts';

// `understudy … | head` closes our stdout: there is nobody left to tell, and nothing went wrong.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.ok);
    throw error;
  });
}

const environment = readEnvironment();
const session = new Session(environment, process);
const program = await createProgram(session, process.argv.slice(2));

try {
  if (isExposed(environment)) {
    process.stderr.write(`understudy: others can read the keys in ${profilePath(environment)}: chmod 600 it\n`);
  }
  await program.parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  else {
    const { json = false, color } = program.opts<{ json?: boolean; color?: boolean }>();
    const colour = color !== false && !environment.noColor && (process.stderr.isTTY === true || environment.forceColor);
    process.exitCode = reportError(error, { stderr: process.stderr, json, colour });
  }
}
