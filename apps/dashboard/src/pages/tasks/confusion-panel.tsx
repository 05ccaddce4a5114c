import { Table } from '@mantine/core';
import type { Quality } from '@understudy/client';
import { DataTable } from '../../components/data-table.tsx';
import { TextLink } from '../../components/links.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty } from '../../components/states.tsx';
import { LabelName, Status } from '../../components/status.tsx';
import { count } from '../../formatting/numbers.ts';
import { useScopes } from '../../session/session.ts';
import { IconArrowRight } from '../../theme/icons.ts';
import classes from './quality-tab.module.css';

interface ConfusionPanelProps {
  task: string;
  confusion: Quality['confusion'];
  /** RFC 3339, start of the period. */
  from: string;
}

const SHOWN = 30;

/** What the model takes for what, most often first, with the way to the decisions themselves. */
export function ConfusionPanel({ task, confusion, from }: ConfusionPanelProps) {
  const may = useScopes();
  return (
    <Panel title="Worst mix-ups" description="What it said, and what was right. Most frequent first." flush>
      {confusion.length === 0 ? (
        <Empty title="No wrong answer was found in this period" />
      ) : (
        <div className={classes.scroll}>
          <DataTable
            caption="Mix-ups, most frequent first"
            minWidth={430}
            columns={[
              { head: 'Said, and was right' },
              { head: 'Where' },
              { head: 'About', align: 'right' },
              { head: 'Examples', hidden: true },
            ]}
          >
            {confusion.slice(0, SHOWN).map(({ answered, truth, lane, decisions, rows }) => (
              <Table.Tr key={`${answered} ${truth} ${lane}`}>
                <Table.Td>
                  {answered === null ? <LabelName name="nothing" muted /> : <LabelName name={answered} />}
                  <IconArrowRight size={14} className={classes.arrow} aria-label="but right was" />
                  <LabelName name={truth} />
                </Table.Td>
                <Table.Td>
                  {lane === 'audited' ? (
                    <Status tone="bad">answered alone</Status>
                  ) : (
                    <Status tone="quiet">left to a person</Status>
                  )}
                </Table.Td>
                <Table.Td ta="right" className="figures">
                  {count(Math.max(rows, Math.round(decisions)))}
                </Table.Td>
                <Table.Td ta="right">
                  {may('decisions:read') && (
                    <TextLink
                      to="/decisions"
                      search={{
                        task,
                        from: from.slice(0, 10),
                        outcome: lane === 'audited' ? 'automated' : 'review',
                        ...(lane === 'audited' && answered !== null ? { label: answered } : {}),
                      }}
                      size="sm"
                      aria-label={`Decisions answered ${answered ?? 'with nothing'} where ${truth} was right`}
                    >
                      See
                    </TextLink>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </DataTable>
        </div>
      )}
    </Panel>
  );
}
