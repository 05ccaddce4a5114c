import type { Replay, ReplayRequest } from '@understudy/client';
import { Command, InvalidArgumentError } from 'commander';
import { Failed } from '../exit-codes.ts';
import type { Session } from '../session.ts';
import { count, percent } from '../terminal/format.ts';
import { bold, dim, green, yellow } from '../terminal/style.ts';

const share = (value: string): number => {
  const number = Number(value);
  if (value.trim() === '' || !(number >= 0 && number <= 1))
    throw new InvalidArgumentError('It must be between 0 and 1.');
  return number;
};

interface Options {
  from?: string;
  to?: string;
  maxError?: number;
  confidence?: number;
  threshold?: number;
  modelVersion?: string;
}

export function replayCommand(session: Session): Command {
  return new Command('replay')
    .argument('<task>')
    .description('what if the past had been decided under another budget, threshold or model version?')
    .option('--from <time>', 'decisions from this moment on (RFC 3339)')
    .option('--to <time>', 'decisions before this moment')
    .option('--max-error <share>', 'another error budget, e.g. 0.02', share)
    .option('--confidence <share>', 'another confidence of the budget', share)
    .option('--threshold <score>', 'another threshold, whatever it would certify', share)
    .option('--model-version <version>', 'another version of the model')
    .addHelpText(
      'after',
      '\nWithout a change every decision is made again and compared with the record.\n\nExamples:\n  understudy replay routing\n  understudy replay routing --max-error 0.02',
    )
    .action(async (task: string, options: Options, command: Command) => {
      const { replays } = session.client(command);
      const what = {
        ...(options.maxError === undefined ? {} : { max_error: options.maxError }),
        ...(options.confidence === undefined ? {} : { confidence: options.confidence }),
        ...(options.threshold === undefined ? {} : { threshold: options.threshold }),
        ...(options.modelVersion === undefined ? {} : { model_version: options.modelVersion }),
      };
      const request: ReplayRequest = {
        ...(options.from === undefined ? {} : { from: options.from }),
        ...(options.to === undefined ? {} : { to: options.to }),
        what,
      };
      const progress = session.progress(command);
      let replay: Replay;
      try {
        const started = await replays.start(task, request, { signal: session.signal });
        replay = await replays.wait(started.id, {
          signal: session.signal,
          onProgress: ({ progress: { done, total } }) =>
            progress.update(total === null || total === 0 ? 0 : done / total, 'replaying', `${count(done)} decisions`),
        });
      } finally {
        progress.stop();
      }
      await session.output(command).result(replay, () => show(session, command, replay));
      if (replay.status !== 'succeeded') throw new Failed(replay.error?.detail ?? `the replay was ${replay.status}`);
    });
}

function show(session: Session, command: Command, { result, task }: Replay): void {
  if (result === null) return;
  const out = session.output(command);
  const { history, replayed, compared } = result;
  const rate = (value: number | null) => (value === null ? '–' : percent(value));
  const money = (amount: string | null, currency: string) => (amount === null ? '–' : `${amount} ${currency}`);
  out.line(bold(task), dim(`  ${count(history.decisions)} decisions, ${count(result.decisions_per_second)} a second`));
  const line = (name: string, of: (side: typeof history) => string) => [name, of(history), of(replayed)];
  out.table(
    [{ title: '' }, { title: 'RECORDED', align: 'right' }, { title: 'REPLAYED', align: 'right' }],
    [
      line('automated', (side) => `${count(side.automated)}  ${rate(side.automation_rate)}`),
      line('error', (side) => `${rate(side.error_rate.estimate)} of ${count(side.error_rate.labelled)} labelled`),
      line('left to people', (side) => `${count(side.queue.items)}  ${count(Math.round(side.queue.minutes))} min`),
      line('cost', (side) => money(side.cost.total, side.cost.currency)),
    ],
  );
  if (compared.different === 0) out.line(green('every decision came out as it was recorded'));
  else {
    out.line(
      `${count(compared.different)} decisions differ: ${count(compared.newly_automated)} newly automated, ${count(compared.newly_reviewed)} newly left to people, ${count(compared.other_label)} with another label`,
    );
  }
  if (result.erased > 0) out.line(yellow('! '), `${count(result.erased)} inputs are erased and were not scored again`);
  for (const one of result.configuration) if (one.note !== null) out.line(yellow('! '), one.note);
}
