import { Table } from '@mantine/core';
import type { ReplayResult as Result } from '@understudy/client';
import type { ReactNode } from 'react';
import { TextLink } from '../../components/links.tsx';
import { Term } from '../../components/term.tsx';
import { count, minutes, money, percent, percentInterval, plural } from '../../formatting/numbers.ts';
import classes from './what-if-tab.module.css';

type Side = Result['history'];

const rows: { name: ReactNode; of(side: Side): ReactNode }[] = [
  { name: <Term name="automation rate">Answered alone</Term>, of: (side) => percent(side.automation_rate) },
  { name: 'That is', of: (side) => plural(side.automated, 'decision') },
  {
    name: 'Wrong, of these',
    of: ({ error_rate: error }) =>
      error.estimate === null ? '–' : `${percent(error.estimate)} (${percentInterval(error.low, error.high)})`,
  },
  {
    name: 'Wrong answers, expected',
    of: (side) => (side.expected_errors === null ? '–' : count(Math.round(side.expected_errors))),
  },
  { name: 'Items for people', of: (side) => count(side.queue.items) },
  { name: 'Their time', of: (side) => minutes(side.queue.minutes) },
  {
    name: 'On the busiest day',
    of: ({ queue }) => (queue.busiest_day === null ? '–' : minutes(queue.busiest_day.minutes)),
  },
  { name: 'Cost of work and errors', of: ({ cost }) => money(cost.total, cost.currency) },
];

/** What happened and what would have happened, side by side. */
export function ReplayResult({ result }: { result: Result }) {
  const { history, replayed, compared } = result;
  const notes = [
    ...new Set([
      ...result.configuration.flatMap(({ note }) => (note === null ? [] : [note])),
      ...[history.error_rate.note, replayed.error_rate.note].filter((note) => note !== null),
      ...(result.erased > 0 ? [`${plural(result.erased, 'item')} were erased and are taken as recorded.`] : []),
      ...(result.unavailable > 0
        ? [`${plural(result.unavailable, 'item')} could not be scored again and are taken as recorded.`]
        : []),
    ]),
  ];
  return (
    <>
      <p className={classes.summary}>{summary(result)}</p>
      <Table className={classes.table}>
        <caption className="visually-hidden">What happened and what would have happened</caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">
              <span className="visually-hidden">Figure</span>
            </Table.Th>
            <Table.Th scope="col" ta="right">
              As it happened
            </Table.Th>
            <Table.Th scope="col" ta="right" className={classes.with}>
              As it would have been
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ name, of }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows do not move
            <Table.Tr key={index}>
              <Table.Th scope="row" fw={400}>
                {name}
              </Table.Th>
              <Table.Td ta="right" className="figures">
                {of(history)}
              </Table.Td>
              <Table.Td ta="right" className={`figures ${classes.with}`}>
                {of(replayed)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {compared.differences.length > 0 && (
        <p className={classes.notes} style={{ paddingLeft: 0 }}>
          For example:{' '}
          {[...new Set(compared.differences.map(({ decision }) => decision))].slice(0, 4).map((decision, index) => (
            <span key={decision}>
              {index > 0 && ', '}
              <TextLink to="/decisions/$decision" params={{ decision }} className="mono" size="xs">
                {decision}
              </TextLink>
            </span>
          ))}
        </p>
      )}
      {notes.length > 0 && (
        <ul className={classes.notes}>
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </>
  );
}

function summary({ compared, history }: Result): string {
  if (history.decisions === 0) return 'Nothing was decided in that time.';
  if (compared.different === 0) return `All ${count(compared.identical)} decisions come out exactly as they did.`;
  const parts = [
    compared.newly_automated > 0 ? `${plural(compared.newly_automated, 'more item')} answered alone` : null,
    compared.newly_reviewed > 0 ? `${plural(compared.newly_reviewed, 'more item')} left to people` : null,
    compared.other_label > 0 ? `${plural(compared.other_label, 'other answer')}` : null,
  ].filter((part) => part !== null);
  return `${plural(compared.different, 'decision')} of ${count(history.decisions)} would have been different${parts.length === 0 ? '' : `: ${parts.join(', ')}`}.`;
}
