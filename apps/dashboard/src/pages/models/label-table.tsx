import { Table, UnstyledButton } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { DataTable } from '../../components/data-table.tsx';
import { LabelName } from '../../components/status.tsx';
import { Term } from '../../components/term.tsx';
import { count, percent, percentInterval } from '../../formatting/numbers.ts';
import { IconChevronDown } from '../../theme/icons.ts';
import classes from './models.module.css';
import type { Estimate, LabelMetrics } from './version-metrics.ts';

type Order = 'f1' | 'support' | 'label';

const comparers: Record<Order, (a: LabelMetrics, b: LabelMetrics) => number> = {
  f1: (a, b) => a.f1 - b.f1,
  support: (a, b) => b.support - a.support,
  label: (a, b) => a.label.localeCompare(b.label),
};

/** Precision, recall and F1 of every label, the weakest first until asked otherwise. */
export function LabelTable({ labels }: { labels: readonly LabelMetrics[] }) {
  const [order, setOrder] = useState<Order>('f1');
  const sort = (by: Order, children: ReactNode, says: string) => (
    <UnstyledButton
      className={classes.sort}
      data-active={order === by || undefined}
      aria-pressed={order === by}
      title={says}
      onClick={() => setOrder(by)}
    >
      {children}
      {order === by && <IconChevronDown size={13} aria-hidden="true" />}
    </UnstyledButton>
  );
  return (
    <div className={classes.scroll}>
      <DataTable
        caption="Quality by label"
        minWidth={620}
        columns={[
          { head: sort('label', 'Label', 'Sort by name') },
          { head: sort('support', 'Examples', 'Sort by number of examples, most first'), align: 'right', width: 110 },
          { head: <Term name="precision">Precision</Term>, align: 'right', width: 150 },
          { head: <Term name="recall">Recall</Term>, align: 'right', width: 150 },
          { head: sort('f1', 'F1', 'Sort by F1, weakest first'), align: 'right', width: 130 },
        ]}
      >
        {[...labels].sort(comparers[order]).map(({ label, support, precision, recall, f1 }) => (
          <Table.Tr key={label}>
            <Table.Td>
              <LabelName name={label} />
            </Table.Td>
            <Table.Td ta="right" className="figures">
              {count(support)}
            </Table.Td>
            <EstimateCell {...precision} />
            <EstimateCell {...recall} none={support === 0} />
            <Table.Td ta="right" className="figures">
              {support === 0 ? '–' : percent(f1)}
              <span className={classes.bar} aria-hidden="true">
                <i style={{ width: `${100 * f1}%` }} />
              </span>
            </Table.Td>
          </Table.Tr>
        ))}
      </DataTable>
    </div>
  );
}

function EstimateCell({ estimate, low, high, none = low === 0 && high === 1 }: Estimate & { none?: boolean }) {
  return (
    <Table.Td ta="right" className="figures">
      {none ? '–' : percent(estimate)}
      {!none && <span className={classes.under}>{percentInterval(low, high)}</span>}
    </Table.Td>
  );
}
