import { Table } from '@mantine/core';
import type { ValueReport } from '@understudy/client';
import { DataTable } from '../../components/data-table.tsx';
import { Panel } from '../../components/panel.tsx';
import { minutes, money, percent, plural } from '../../formatting/numbers.ts';
import { costParts } from './cost-parts.ts';
import classes from './value.module.css';

/** Where the money went, against what the same work costs by hand. */
export function CostPanel({ report }: { report: ValueReport }) {
  const { currency, baseline, cost } = report;
  if (currency === null) return <CurrenciesPanel report={report} />;
  const parts = costParts(report);
  const by = Number(baseline.cost ?? 0);
  const total = parts.reduce((sum, { amount }) => sum + Number(amount), 0);
  const scale = Math.max(by, total);
  const width = (amount: number) => `${scale === 0 ? 0 : (100 * amount) / scale}%`;
  return (
    <Panel title="What it cost, and what it would have cost" flush>
      <div className={classes.bars} aria-hidden="true">
        <span className={classes.barName}>By hand</span>
        <span className={classes.track}>
          <i className={classes.hand} style={{ width: width(by) }} />
        </span>
        <span className={classes.barName}>{cost.errors === null ? 'This way, errors not counted' : 'This way'}</span>
        <span className={classes.track}>
          {parts.map(({ name, color, amount }) =>
            Number(amount) <= 0 ? null : (
              <i key={name} style={{ width: width(Number(amount)), background: `var(--chart-${color})` }} />
            ),
          )}
        </span>
      </div>
      <DataTable
        caption="Costs"
        minWidth={460}
        columns={[
          { head: 'Cost' },
          { head: 'Amount', align: 'right' },
          { head: 'Of the work by hand', align: 'right' },
        ]}
      >
        {parts.map(({ name, color, amount, says }) => (
          <Table.Tr key={name}>
            <Table.Td>
              <i className={classes.key} style={{ background: `var(--chart-${color})` }} aria-hidden="true" />
              {name}
              <span className={`${classes.under} ${classes.indent}`}>{says}</span>
            </Table.Td>
            <Table.Td ta="right" className="figures">
              {money(amount, currency)}
            </Table.Td>
            <Table.Td ta="right" className="figures">
              {by === 0 ? '–' : percent(Number(amount) / by)}
            </Table.Td>
          </Table.Tr>
        ))}
        <Table.Tr className={classes.sum}>
          <Table.Td>
            Together
            {cost.errors === null && (
              <span className={classes.under}>without wrong answers: their rate is not known</span>
            )}
          </Table.Td>
          <Table.Td ta="right" className="figures">
            {cost.total === null ? 'not known yet' : money(cost.total, currency)}
          </Table.Td>
          <Table.Td ta="right" className="figures">
            {cost.total === null || by === 0 ? '–' : percent(Number(cost.total) / by)}
          </Table.Td>
        </Table.Tr>
        <Table.Tr>
          <Table.Td>
            <i className={`${classes.key} ${classes.hand}`} aria-hidden="true" />
            All of it by hand
            <span className={`${classes.under} ${classes.indent}`}>
              {plural(report.decisions, 'decision')}, {minutes(baseline.minutes)}
            </span>
          </Table.Td>
          <Table.Td ta="right" className="figures">
            {money(baseline.cost, currency)}
          </Table.Td>
          <Table.Td ta="right" className="figures">
            100 %
          </Table.Td>
        </Table.Tr>
      </DataTable>
      <Work work={report.work} />
    </Panel>
  );
}

/** What the minutes are made of, where some of them are not measured. */
function Work({ work }: Pick<ValueReport, 'work'>) {
  // `by_hand` holds those that wait, too.
  const others = work.by_hand - work.waiting;
  const assumed = [
    work.waiting > 0 ? `${plural(work.waiting, 'item')} that still wait${work.waiting === 1 ? 's' : ''}` : '',
    others > 0 ? `${plural(others, 'item')} that your own people answered` : '',
    work.verdicts_without_time > 0 ? `${plural(work.verdicts_without_time, 'verdict')} without a measured time` : '',
    work.audit_verdicts_without_time > 0
      ? `${plural(work.audit_verdicts_without_time, 'audit')} without a measured time`
      : '',
  ].filter((part) => part !== '');
  return (
    <p className={classes.note}>
      {plural(work.verdicts, 'verdict')} and {plural(work.audit_verdicts, 'audit')} by people.
      {assumed.length > 0 && ` Counted with the full minutes by hand: ${assumed.join(', ')}.`}
    </p>
  );
}

function CurrenciesPanel({ report }: { report: ValueReport }) {
  return (
    <Panel title="Currency by currency" flush>
      <DataTable
        caption="Currency by currency"
        minWidth={460}
        columns={[
          { head: 'Currency' },
          { head: 'By hand', align: 'right' },
          { head: 'This way', align: 'right' },
          { head: 'Saved', align: 'right' },
          { head: 'Rate', align: 'right' },
        ]}
      >
        {report.currencies.map(({ currency, baseline, total, savings, rate }) => (
          <Table.Tr key={currency}>
            <Table.Td>{currency}</Table.Td>
            {[baseline, total, savings].map((amount, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns do not move
              <Table.Td key={index} ta="right" className="figures">
                {amount === null ? 'not known yet' : money(amount, currency)}
              </Table.Td>
            ))}
            <Table.Td ta="right" className="figures">
              {percent(rate)}
            </Table.Td>
          </Table.Tr>
        ))}
      </DataTable>
    </Panel>
  );
}
