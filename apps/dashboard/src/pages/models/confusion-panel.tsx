import { Table } from '@mantine/core';
import { DataTable } from '../../components/data-table.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty } from '../../components/states.tsx';
import { LabelName } from '../../components/status.tsx';
import { count, percent } from '../../formatting/numbers.ts';
import { IconArrowRight } from '../../theme/icons.ts';
import classes from './models.module.css';
import type { VersionMetrics } from './version-metrics.ts';

interface ConfusionPanelProps {
  labels: readonly string[];
  cells: VersionMetrics['cells'];
}

/** More labels than this are a list of mix-ups, not a matrix that nobody can read. */
const MATRIX_LABELS = 20;
/** With at most so many, the heads have room to lie. */
const FEW_LABELS = 6;
const LISTED = 40;

/** What the version takes for what. */
export function ConfusionPanel({ labels, cells }: ConfusionPanelProps) {
  const wrong = cells.filter(({ truth, predicted }) => truth !== predicted);
  if (wrong.length === 0) {
    return (
      <Panel title="Mix-ups">
        <Empty title="It mixed up nothing">Every example that was kept back was answered right.</Empty>
      </Panel>
    );
  }
  return labels.length <= MATRIX_LABELS ? (
    <Panel title="Mix-ups" description="Rows are what was right, columns what the version said.">
      <Matrix labels={labels} cells={cells} />
    </Panel>
  ) : (
    <Panel title="Mix-ups" description="What was right, and what the version said instead. Most frequent first." flush>
      <List cells={cells} wrong={wrong} />
    </Panel>
  );
}

function Matrix({ labels, cells }: ConfusionPanelProps) {
  const counts = new Map(cells.map(({ truth, predicted, count: n }) => [JSON.stringify([truth, predicted]), n]));
  const totals = new Map<string, number>();
  for (const { truth, count: n } of cells) totals.set(truth, (totals.get(truth) ?? 0) + n);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable with the keyboard
    <section style={{ overflowX: 'auto' }} aria-label="Mix-ups of labels" tabIndex={0}>
      <table className={classes.matrix}>
        <caption className="visually-hidden">How often each label was answered with each label</caption>
        <thead className={labels.length <= FEW_LABELS ? classes.few : classes.many}>
          <tr>
            <td style={{ background: 'none' }} />
            {labels.map((label) => (
              <th key={label} scope="col" title={label}>
                <span>{label}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {labels.map((truth) => (
            <tr key={truth}>
              <th scope="row" title={truth}>
                {truth}
              </th>
              {labels.map((predicted) => {
                const n = counts.get(JSON.stringify([truth, predicted])) ?? 0;
                const share = n / Math.max(1, totals.get(truth) ?? 0);
                return (
                  <td
                    key={predicted}
                    data-filled={n > 0 || undefined}
                    title={`${truth} answered with ${predicted}: ${count(n)} (${percent(share)})`}
                    style={
                      n === 0
                        ? {}
                        : ({
                            '--cell': truth === predicted ? 'var(--chart-2)' : 'var(--chart-3)',
                            '--strength': `${Math.round(10 + 40 * share)}%`,
                          } as never)
                    }
                  >
                    {n === 0 ? '' : count(n)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function List({ cells, wrong }: { cells: VersionMetrics['cells']; wrong: VersionMetrics['cells'] }) {
  const totals = new Map<string, number>();
  for (const { truth, count: n } of cells) totals.set(truth, (totals.get(truth) ?? 0) + n);
  const ranked = [...wrong].sort((a, b) => b.count - a.count || a.truth.localeCompare(b.truth));
  return (
    <div className={classes.scroll}>
      <DataTable
        caption="Mix-ups"
        minWidth={380}
        columns={[
          { head: 'Right was, said was' },
          { head: 'Times', align: 'right' },
          { head: 'Of these', align: 'right' },
        ]}
      >
        {ranked.slice(0, LISTED).map(({ truth, predicted, count: n }) => (
          <Table.Tr key={`${truth} ${predicted}`}>
            <Table.Td>
              <LabelName name={truth} />
              <IconArrowRight size={14} className={classes.arrow} aria-label="answered with" />
              <LabelName name={predicted} />
            </Table.Td>
            <Table.Td ta="right" className="figures">
              {count(n)}
            </Table.Td>
            <Table.Td ta="right" className="figures">
              {percent(n / Math.max(1, totals.get(truth) ?? 0))}
            </Table.Td>
          </Table.Tr>
        ))}
      </DataTable>
      {ranked.length > LISTED && (
        <p className={classes.note}>and {count(ranked.length - LISTED)} pairs that are rarer</p>
      )}
    </div>
  );
}
