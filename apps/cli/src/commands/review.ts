import { createInterface } from 'node:readline';
import type { ReviewClaim, UnderstudyClient } from '@understudy/client';
import { Command, InvalidArgumentError } from 'commander';
import type { Session } from '../session.ts';
import { localTime } from '../terminal/format.ts';
import type { Output } from '../terminal/output.ts';
import { bold, dim, yellow } from '../terminal/style.ts';

const number = (value: string): number => {
  const parsed = Number(value);
  if (!Number.isInteger(parsed) || parsed < 1 || parsed > 50) throw new InvalidArgumentError('It must be 1 to 50.');
  return parsed;
};

/** `understudy review`: the queue of what people decide, item by item or as single steps for scripts. */
export function reviewCommand(session: Session): Command {
  const review = new Command('review')
    .description('answer what waits for a person; without a further word, item by item')
    .option('--task <task>', 'only of this task')
    .addHelpText(
      'after',
      `
Examples:
  understudy review --task moderation                 one item after the other: a number answers it
  understudy review queues
  understudy review claim --task moderation --json    for scripts: the items with their claim tokens
  understudy review verdict itm_01k… spam --token …`,
    )
    .action(async (options: { task?: string }, command: Command) => {
      const client = session.client(command);
      await answerItems(session, client, session.output(command), options.task);
    });

  review
    .command('queues')
    .description('what waits, and how long it takes')
    .action(async (_options: object, command: Command) => {
      const { task } = command.optsWithGlobals<{ task?: string }>();
      const queues = await session
        .client(command)
        .review.queues(task === undefined ? {} : { task }, { signal: session.signal });
      const out = session.output(command);
      await out.result(queues, () =>
        out.table(
          [{ title: 'TASK' }, { title: 'WAITING' }, { title: 'OLDEST' }, { title: 'MINUTES OF WORK' }],
          queues.data.map((queue) => [
            bold(queue.task),
            String(queue.depth),
            queue.oldest_at === null ? '' : localTime(queue.oldest_at),
            queue.minutes_waiting === null ? dim('not known yet') : queue.minutes_waiting.toFixed(1),
          ]),
        ),
      );
    });

  review
    .command('claim')
    .description('take the next items; nobody else gets them until the claim ends')
    .option('--limit <n>', 'how many, 1 to 50', number, 1)
    .action(async ({ limit }: { limit: number }, command: Command) => {
      const { task } = command.optsWithGlobals<{ task?: string }>();
      const request = { limit, ...(task === undefined ? {} : { task }) };
      const claims = await session.client(command).review.claim(request, { signal: session.signal });
      const out = session.output(command);
      await out.result(claims, () => {
        if (claims.claims.length === 0) out.line('Nothing waits.');
        for (const claim of claims.claims) {
          out.line(bold(claim.item), '  ', dim(`token ${claim.claim_token}, until ${localTime(claim.expires_at)}`));
          out.line(textOf(claim));
          out.line(dim(claim.labels.join(' · ')));
        }
      });
    });

  review
    .command('verdict')
    .argument('<item>', 'its id (itm_…)')
    .argument('<label>')
    .requiredOption('--token <token>', 'from the claim')
    .option('--note <text>', 'why')
    .description('answer an item that was claimed')
    .action(async (item: string, label: string, options: { token: string; note?: string }, command: Command) => {
      const { token, note } = options;
      const request = { claim_token: token, label, ...(note === undefined ? {} : { note }) };
      const verdict = await session.client(command).review.verdict(item, request, { signal: session.signal });
      const out = session.output(command);
      await out.result(verdict, () => out.line(item, ' is answered ', bold(label)));
    });

  for (const [name, what] of [
    ['skip', 'let somebody else answer an item'],
    ['release', 'give an item back unread'],
    ['escalate', 'hand an item to the leads'],
  ] as const) {
    review
      .command(name)
      .argument('<item>', 'its id (itm_…)')
      .requiredOption('--token <token>', 'from the claim')
      .option('--note <text>', 'why')
      .description(what)
      .action(async (item: string, options: { token: string; note?: string }, command: Command) => {
        const { token, note } = options;
        const request = { claim_token: token, ...(note === undefined ? {} : { note }) };
        const state = await session.client(command).review[name](item, request, { signal: session.signal });
        const out = session.output(command);
        await out.result(state, () => out.line(item, ' is ', bold(state.status)));
      });
  }
  return review;
}

/** One item after the other, each answered by a line: a number, a label, or a letter. */
async function answerItems(session: Session, client: UnderstudyClient, out: Output, task?: string): Promise<void> {
  const { signal } = session;
  const { stdin, stderr } = session.terminal;
  const lines = createInterface({ input: stdin, terminal: false })[Symbol.asyncIterator]();
  const ask = async (question: string): Promise<string | null> => {
    stderr.write(question);
    const { value, done } = await lines.next();
    return done === true ? null : value.trim();
  };
  const next = async (): Promise<ReviewClaim | undefined> => {
    const request = { limit: 1, ...(task === undefined ? {} : { task }) };
    return (await client.review.claim(request, { signal })).claims[0];
  };
  const answered: { item: string; label: string }[] = [];
  let last: ReviewClaim | null = null;
  let claim = await next();
  while (claim !== undefined) {
    const current: ReviewClaim = claim;
    const { item, claim_token, labels } = current;
    const shownAt = performance.now();
    out.note('\n', textOf(current));
    if (current.decision.suggestion !== undefined) {
      const { label, confidence } = current.decision.suggestion;
      out.note(dim(`suggested: ${label} (${(confidence * 100).toFixed(0)} %)`));
    }
    const choices = labels.map((label, at) => `${at + 1} ${label}`).join(' · ');
    const said = await ask(`${choices} · s skip · e escalate · u undo · q quit > `);
    if (said === null || said === 'q') {
      await client.review.release(item, { claim_token }, { signal });
      break;
    }
    if (said === 'u') {
      if (last === null) {
        out.note(yellow('There is nothing to take back.'));
        continue;
      }
      await client.review.release(item, { claim_token }, { signal });
      claim = await client.review.undo(last.item, { claim_token: last.claim_token }, { signal });
      answered.pop();
      last = null;
      continue;
    }
    const label = labels[Number(said) - 1] ?? labels.find((one) => one === said);
    if (label !== undefined) {
      const seconds = Math.round((performance.now() - shownAt) / 100) / 10;
      await client.review.verdict(item, { claim_token, label, seconds }, { signal });
      answered.push({ item, label });
      last = current;
    } else if (said === 's') await client.review.skip(item, { claim_token }, { signal });
    else if (said === 'e') await client.review.escalate(item, { claim_token }, { signal });
    else {
      out.note(yellow(`"${said}" is none of the answers.`));
      continue;
    }
    claim = await next();
  }
  await out.result({ answered }, () => {
    if (claim === undefined) out.line('Nothing waits any more.');
    out.line(bold(String(answered.length)), answered.length === 1 ? ' item answered.' : ' items answered.');
  });
}

function textOf({ decision }: ReviewClaim): string {
  const { input } = decision;
  const text = typeof input === 'object' && input !== null && 'text' in input ? input.text : input;
  return typeof text === 'string' ? text : JSON.stringify(text);
}
