import type { TrainingRun, TrainingRunRequest, UnderstudyClient } from '@understudy/client';
import { Command, InvalidArgumentError, Option } from 'commander';
import { Failed, Interrupted, UsageError } from '../exit-codes.ts';
import type { Session } from '../session.ts';
import { duration } from '../terminal/format.ts';
import { bold, dim, green } from '../terminal/style.ts';
import { showRun } from './run-report.ts';

interface Options {
  trainer?: string;
  seed?: number;
  dataset?: string;
  promote?: 'never' | 'if_better';
  parameter?: string[];
  detach?: boolean;
}

const seed = (value: string): number => {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0) throw new InvalidArgumentError('It must be a whole number, at least 0.');
  return number;
};

/** `name=value`, the value as JSON where it is JSON. */
function parametersOf(given: string[]): Record<string, unknown> {
  return Object.fromEntries(
    given.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new UsageError(`--parameter ${pair}: write name=value`);
      const value = pair.slice(at + 1);
      try {
        return [pair.slice(0, at), JSON.parse(value)];
      } catch {
        return [pair.slice(0, at), value];
      }
    }),
  );
}

export function trainCommand(session: Session): Command {
  return new Command('train')
    .description('train a model on the examples of a task, and serve it if it is better')
    .argument('<task>')
    .option('--trainer <name>', 'auto tries all and keeps the best; or linear, neural')
    .option('--seed <number>', 'the same seed and rows give the same model', seed)
    .option('--dataset <id>', 'train on this snapshot (default: all examples as they stand)')
    .addOption(new Option('--promote <when>', 'when the model becomes champion').choices(['if_better', 'never']))
    .option('--parameter <name=value>', 'a parameter of the trainer; may be repeated', (value, all: string[] = []) => [
      ...all,
      value,
    ])
    .option('--detach', 'start the run and do not wait for it')
    .addHelpText(
      'after',
      `
Ctrl-C while it runs asks whether to cancel it or to leave it running on the server.

Examples:
  understudy train routing
  understudy train routing --trainer linear --seed 7 --promote never
  understudy train routing --detach && understudy runs list routing`,
    )
    .action(async (task: string, options: Options, command: Command) => {
      const client = session.client(command);
      const request: TrainingRunRequest = {
        ...(options.trainer === undefined ? {} : { trainer: options.trainer }),
        ...(options.seed === undefined ? {} : { seed: options.seed }),
        ...(options.dataset === undefined ? {} : { dataset: options.dataset }),
        ...(options.promote === undefined ? {} : { promote: options.promote }),
        ...(options.parameter === undefined ? {} : { parameters: parametersOf(options.parameter) }),
      };
      const started = await client.trainingRuns.start(task, request, { signal: session.signal });
      const out = session.output(command);
      if (options.detach === true) {
        await out.result(started, () => {
          out.line(green(started.id), ' is ', started.status);
          out.line(dim(`understudy runs watch ${started.id}`));
        });
        return;
      }
      await followToEnd(session, command, client, started);
    });
}

/** Shows progress until the run is over, then its report. Throws Failed when it did not succeed. */
export async function followToEnd(
  session: Session,
  command: Command,
  client: UnderstudyClient,
  started: TrainingRun,
): Promise<void> {
  const out = session.output(command);
  if (!out.json) out.note(bold(started.task), '  ', dim(started.id));
  const interrupt = new AbortController();
  let progress = session.progress(command);
  let asking = false;
  const release = session.takeInterrupts(() => {
    // A second Ctrl-C while the question stands means: away from here, whatever becomes of the run.
    if (asking) interrupt.abort(new Interrupted(`${started.id} was left running`));
    asking = true;
    progress.stop();
    void decide(session, client, started.id).then(
      (choice) => {
        asking = false;
        if (choice === 'leave') interrupt.abort(new Interrupted(`${started.id} was left running`));
        else if (choice === 'cancel') out.note(dim('cancelling …'));
        if (choice !== 'leave') progress = session.progress(command);
      },
      (error: unknown) => interrupt.abort(error),
    );
  });
  let run: TrainingRun;
  try {
    run = await client.trainingRuns.wait(started.id, {
      signal: interrupt.signal,
      onProgress: ({ status, progress: { done, total, phase, detail, eta_seconds } }) => {
        const eta = eta_seconds === null ? '' : `${duration(eta_seconds)} left`;
        const stage = status === 'queued' ? 'waiting for a worker' : phase;
        if (!asking)
          progress.update(
            total === 0 ? 0 : done / total,
            stage,
            [detail ?? '', eta].filter((part) => part !== '').join(' · '),
          );
      },
    });
  } finally {
    release();
    progress.stop();
  }
  await out.result(run, () => showRun(out, run));
  if (run.status === 'cancelled')
    throw asking || run.cancel_requested ? new Interrupted('the run was cancelled') : new Failed('cancelled');
  if (run.status !== 'succeeded') throw new Failed(run.status);
}

/** Where nobody can be asked, an interrupted `train` takes its run with it. */
async function decide(session: Session, client: UnderstudyClient, id: string): Promise<'cancel' | 'leave' | 'watch'> {
  let choice = 'c';
  if (session.terminal.stdin.isTTY === true && session.terminal.stderr.isTTY === true) {
    const answer = await session.ask(
      '\nCancel the run (c), leave it running on the server (l), or keep watching (Enter)? ',
    );
    choice = answer.trim().toLowerCase();
  }
  if (choice.startsWith('l')) return 'leave';
  if (!choice.startsWith('c')) return 'watch';
  await client.trainingRuns.cancel(id);
  return 'cancel';
}
