import { Table } from '@mantine/core';
import type { DialPosition } from '@understudy/client';
import type { ReactNode } from 'react';
import { LoadingRows } from '../../components/states.tsx';
import { Term } from '../../components/term.tsx';
import { count, minutes, money, percent } from '../../formatting/numbers.ts';
import { asSet } from './budget.ts';
import classes from './dial-panel.module.css';

interface DialOutcomeProps {
  present: DialPosition | undefined;
  asked: DialPosition | undefined;
  /** The dial stands elsewhere than the task’s budget. */
  moved: boolean;
  /** `asked` is of where the dial stands now. */
  fresh: boolean;
  decisions: number | null;
}

interface Row {
  name: ReactNode;
  of(position: DialPosition): string;
}

/** Without traffic to count by, the same is said of a thousand items. */
const THOUSAND = 1000;

const rowsOf = (monthly: boolean): Row[] => [
  { name: <Term name="coverage">Answered alone</Term>, of: (p) => percent(p.expected_coverage) },
  ...(monthly
    ? [
        { name: 'Wrong answers, expected', of: (p: DialPosition) => number(p.per_month?.errors) },
        { name: 'Wrong answers, at most', of: (p: DialPosition) => number(p.per_month?.errors_at_most) },
        { name: 'Work for reviewers', of: (p: DialPosition) => minutes(p.per_month?.reviewer_minutes) },
        {
          name: <Term name="audit lane">Work for audits</Term>,
          of: (p: DialPosition) => minutes(p.per_month?.audit_minutes),
        },
        {
          name: 'Cost of work and errors',
          of: (p: DialPosition) =>
            p.per_month === null ? '–' : money(p.per_month.cost.amount, p.per_month.cost.currency),
        },
      ]
    : [
        {
          name: 'Wrong answers, expected',
          of: (p: DialPosition) => number(THOUSAND * p.expected_coverage * (p.expected_error ?? 0)),
        },
        {
          name: 'Wrong answers, at most',
          of: (p: DialPosition) => number(THOUSAND * p.expected_coverage * p.max_error),
        },
        { name: 'Items for reviewers', of: (p: DialPosition) => count(THOUSAND * (1 - p.expected_coverage)) },
      ]),
];

/** Now and then, side by side. */
export function DialOutcome({ present, asked, moved, fresh, decisions }: DialOutcomeProps) {
  if (present === undefined) return <LoadingRows rows={6} height={18} />;
  const monthly = present.per_month !== null;
  const shown = asked ?? present;
  return (
    <>
      <Table className={classes.table} data-stale={(moved && !fresh) || undefined}>
        <caption className="visually-hidden">What to expect</caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{monthly ? 'A month' : 'Of 1,000 items'}</Table.Th>
            <Table.Th scope="col" ta="right">
              Now, {asSet(present.max_error)}
            </Table.Th>
            <Table.Th scope="col" ta="right" className={classes.with}>
              {moved ? `With ${asSet(shown.max_error)}` : 'With the dial'}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rowsOf(monthly).map(({ name, of }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows do not move
            <Table.Tr key={index}>
              <Table.Th scope="row" fw={400}>
                {name}
              </Table.Th>
              <Table.Td ta="right" className="figures">
                {of(present)}
              </Table.Td>
              <Table.Td ta="right" className={`figures ${classes.with}`}>
                {moved ? of(shown) : '–'}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <p className={classes.note} aria-live="polite">
        {shown.status === 'not_certifiable_yet'
          ? shown.needed?.labels == null
            ? `${asSet(shown.max_error)} cannot be proven: ${shown.needed?.reason ?? 'more labels are needed'}`
            : `With the examples that there are, ${asSet(shown.max_error)} cannot be proven: about ${count(shown.needed.labels)} examples kept for the proof would do.`
          : monthly
            ? `For as much work as in the last 30 days: ${count(decisions)} decisions.`
            : 'No decisions in the last 30 days to count by.'}
      </p>
    </>
  );
}

const number = (value: number | undefined): string =>
  value === undefined ? '–' : value === 0 ? '0' : value < 10 ? String(Number(value.toPrecision(2))) : count(value);
