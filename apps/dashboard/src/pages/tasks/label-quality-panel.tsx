import { Table } from '@mantine/core';
import type { LabelQuality } from '@understudy/client';
import { DataTable } from '../../components/data-table.tsx';
import { Interval } from '../../components/interval.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty } from '../../components/states.tsx';
import { LabelName } from '../../components/status.tsx';
import { Term } from '../../components/term.tsx';
import { count, percent, percentInterval } from '../../formatting/numbers.ts';
import classes from './quality-tab.module.css';

/** Precision, recall and F1 of each answer, with what chance leaves open. */
export function LabelQualityPanel({ labels }: { labels: readonly LabelQuality[] }) {
  return (
    <Panel
      title="Answer by answer"
      description="Of everything that the model saw: what it answered alone and what it would have suggested."
      flush
    >
      {labels.length === 0 ? (
        <Empty title="No decision had a model behind it yet" />
      ) : (
        <DataTable
          caption="Quality of each answer"
          minWidth={760}
          columns={[
            { head: 'Answer' },
            { head: <Term name="precision">Precision</Term>, width: 150 },
            { head: <Term name="recall">Recall</Term>, width: 150 },
            { head: <Term name="macro F1">F1</Term>, width: 150 },
            { head: 'Answered', align: 'right' },
            { head: 'Answered alone', align: 'right' },
            { head: 'Checked', align: 'right' },
          ]}
        >
          {labels.map((label) => (
            <Table.Tr key={label.label}>
              <Table.Td>
                <LabelName name={label.label} />
              </Table.Td>
              <Share name="Precision" of={label.precision} />
              <Share name="Recall" of={label.recall} />
              <Share name="F1" of={label.f1} />
              <Table.Td ta="right" className="figures">
                {count(label.answered)}
              </Table.Td>
              <Table.Td ta="right" className="figures">
                {count(label.automated)}
              </Table.Td>
              <Table.Td ta="right" className="figures">
                {count(label.known)}
              </Table.Td>
            </Table.Tr>
          ))}
        </DataTable>
      )}
    </Panel>
  );
}

function Share({ name, of }: { name: string; of: LabelQuality['precision'] }) {
  return (
    <Table.Td className="figures">
      {percent(of.estimate)}
      {of.estimate !== null && (
        <>
          <Interval name={name} estimate={of.estimate} low={of.low} high={of.high} max={1} />
          <span className={classes.under}>{percentInterval(of.low, of.high)}</span>
        </>
      )}
    </Table.Td>
  );
}
