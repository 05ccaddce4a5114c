import type { DecisionDetail, DecisionFilter } from '@understudy/client';
import { Command, Option } from 'commander';
import type { Session } from '../session.ts';
import { localTime, percent } from '../terminal/format.ts';
import { dim, yellow } from '../terminal/style.ts';
import { outcomePiece, showAnswer } from './decision-text.ts';
import { collectPages, limitOption } from './paging.ts';

interface ListOptions {
  limit: number;
  task?: string;
  outcome?: 'automated' | 'review';
  label?: string;
  modelVersion?: string;
  subject?: string;
  externalId?: string;
  from?: string;
  to?: string;
}

const filterOf = ({ modelVersion, externalId, limit: _limit, ...same }: ListOptions): DecisionFilter => {
  const filter: DecisionFilter = {
    ...(same.task === undefined ? {} : { task: same.task }),
    ...(same.outcome === undefined ? {} : { outcome: same.outcome }),
    ...(same.label === undefined ? {} : { label: same.label }),
    ...(same.subject === undefined ? {} : { subject: same.subject }),
    ...(same.from === undefined ? {} : { from: same.from }),
    ...(same.to === undefined ? {} : { to: same.to }),
    ...(modelVersion === undefined ? {} : { model_version: modelVersion }),
    ...(externalId === undefined ? {} : { external_id: externalId }),
  };
  return filter;
};

export function decisionsCommand(session: Session): Command {
  const decisions = new Command('decisions').description('what was decided');

  limitOption(
    decisions
      .command('list')
      .alias('ls')
      .description('list decisions, newest first')
      .option('--task <task>')
      .addOption(new Option('--outcome <outcome>').choices(['automated', 'review']))
      .option('--label <label>')
      .option('--model-version <version>')
      .option('--subject <subject>')
      .option('--external-id <id>')
      .option('--from <time>', 'made at or after, RFC 3339')
      .option('--to <time>', 'made before, RFC 3339'),
    20,
  ).action(async (options: ListOptions, command: Command) => {
    const page = { signal: session.signal, limit: Math.min(200, options.limit) };
    const rows = await collectPages(session.client(command).decisions.list(filterOf(options), page), options.limit);
    const out = session.output(command);
    await out.result(rows, () => {
      out.table(
        [
          { title: 'DECISION' },
          { title: 'TASK' },
          { title: 'OUTCOME' },
          { title: 'ANSWER', flexible: true },
          { title: 'CONFIDENCE', align: 'right' },
          { title: 'BY' },
          { title: 'WHEN' },
        ],
        rows.data.map((row) => [
          row.id,
          row.task,
          outcomePiece(row),
          row.label ?? (row.suggestion === null ? '–' : dim(`${row.suggestion.label}?`)),
          row.confidence === null ? '–' : percent(row.confidence),
          row.decided_by === null ? '–' : `v${row.decided_by.version}`,
          localTime(row.created_at),
        ]),
        'no decisions',
      );
      if (rows.next_cursor !== null) out.note(dim('there are more: --limit'));
    });
  });

  decisions
    .command('show')
    .argument('<decision>', 'its id (dec_…)')
    .description('show everything about a decision')
    .action(async (id: string, _options: unknown, command: Command) => {
      const decision = await session.client(command).decisions.get(id, { signal: session.signal });
      await session.output(command).result(decision, () => showDecision(session, command, decision));
    });

  return decisions;
}

function inputText(decision: DecisionDetail): string | undefined {
  if (decision.erased) return '(erased)';
  const { text } = (decision.input ?? {}) as { text?: unknown };
  return typeof text === 'string' ? text : JSON.stringify(decision.input);
}

function showDecision(session: Session, command: Command, decision: DecisionDetail): void {
  const out = session.output(command);
  showAnswer(out, decision);
  out.fields([
    ['task', `${decision.task}, revision ${decision.task_revision}`],
    ['text', inputText(decision)],
    ['subject', decision.subject ?? undefined],
    ['external id', decision.external_id ?? undefined],
    ['attributes', decision.attributes === null ? undefined : JSON.stringify(decision.attributes)],
    ['made', localTime(decision.created_at)],
    ['cost', `${decision.cost.amount} ${decision.cost.currency}`],
    ['audit', decision.audit === null ? undefined : `drawn with probability ${decision.audit.probability}`],
    ['ledger', `commit ${decision.ledger.commit}, position ${decision.ledger.position}`],
    ['request', decision.request_id],
  ]);
  if (decision.labels.length === 0) return;
  out.line('');
  if (decision.labels_conflict) out.line(yellow('the labels contradict each other'));
  out.table(
    [{ title: 'LABEL' }, { title: 'SOURCE' }, { title: 'BY' }, { title: 'WHEN' }, { title: 'NOTE', flexible: true }],
    decision.labels.map((label) => [
      label.label,
      label.source,
      label.given_by,
      localTime(label.created_at),
      label.note ?? '',
    ]),
  );
}
