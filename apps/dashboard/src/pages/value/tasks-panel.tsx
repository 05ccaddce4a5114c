import { Table } from '@mantine/core';
import type { ValueReport } from '@understudy/client';
import { DataTable } from '../../components/data-table.tsx';
import { TextLink } from '../../components/links.tsx';
import { Panel } from '../../components/panel.tsx';
import { Term } from '../../components/term.tsx';
import { count, money, percent, percentInterval } from '../../formatting/numbers.ts';
import classes from './value.module.css';

/** The same figures, task by task. */
export function TasksPanel({ tasks }: Pick<ValueReport, 'tasks'>) {
  const moneyOf = (amount: string | null, currency: string | null) =>
    amount === null || currency === null ? 'not known yet' : money(amount, currency);
  return (
    <Panel title="Task by task" flush>
      <DataTable
        caption="Task by task"
        minWidth={860}
        columns={[
          { head: 'Task' },
          { head: 'Decisions', align: 'right' },
          { head: <Term name="automation rate">Without a person</Term>, align: 'right' },
          { head: <Term name="audited error">Wrong</Term>, align: 'right' },
          { head: 'By hand', align: 'right' },
          { head: 'This way', align: 'right' },
          { head: 'Saved', align: 'right' },
        ]}
      >
        {tasks.map((task) => (
          <Table.Tr key={task.task_id} className={classes.row}>
            <Table.Td>
              <TextLink
                to="/value"
                search={(old) => ({ ...('period' in old ? { period: old.period as never } : {}), task: task.task })}
                className={classes.link ?? ''}
              >
                {task.title || task.task}
              </TextLink>
            </Table.Td>
            <Table.Td ta="right" className="figures">
              {count(task.decisions)}
            </Table.Td>
            <Table.Td ta="right" className="figures">
              {percent(task.automation_rate)}
            </Table.Td>
            <Table.Td ta="right" className="figures">
              {task.error_rate.estimate === null ? 'not known yet' : percent(task.error_rate.estimate)}
              {task.error_rate.estimate !== null && (
                <span className={classes.under}>{percentInterval(task.error_rate.low, task.error_rate.high)}</span>
              )}
            </Table.Td>
            <Table.Td ta="right" className="figures">
              {moneyOf(task.baseline.cost, task.currency)}
            </Table.Td>
            <Table.Td ta="right" className="figures">
              {moneyOf(task.cost.total, task.currency)}
            </Table.Td>
            <Table.Td ta="right" className="figures">
              {moneyOf(task.savings.amount, task.currency)}
              {task.savings.rate !== null && <span className={classes.under}>{percent(task.savings.rate)}</span>}
            </Table.Td>
          </Table.Tr>
        ))}
      </DataTable>
    </Panel>
  );
}
