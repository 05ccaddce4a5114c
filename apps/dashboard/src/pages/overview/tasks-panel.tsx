import { Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Overview, OverviewTask, ValueReport } from '@understudy/client';
import type { ReactNode } from 'react';
import { tasksQuery } from '../../api/resources.ts';
import { DataTable } from '../../components/data-table.tsx';
import { Interval } from '../../components/interval.tsx';
import { PlainLink } from '../../components/links.tsx';
import { Panel } from '../../components/panel.tsx';
import { Term } from '../../components/term.tsx';
import { count, money, percent, percentInterval, plural } from '../../formatting/numbers.ts';
import { useScopes } from '../../session/session.ts';
import { asSet } from '../tasks/budget.ts';
import { CertificateStatus } from './certificate-status.tsx';
import classes from './overview-page.module.css';
import { savingsQuery } from './overview-queries.ts';
import type { OverviewPeriod } from './period.ts';

interface TasksPanelProps {
  overview: Overview;
  period: OverviewPeriod;
  actions?: ReactNode;
}

/** Every task in a line: may it answer alone, how much does it, how well, and what waits. */
export function TasksPanel({ overview, period, actions }: TasksPanelProps) {
  const may = useScopes();
  const value = useQuery({ ...savingsQuery(period), enabled: may('value:read') });
  const tasks = useQuery({ ...tasksQuery(), enabled: may('tasks:read') });
  const columns = [
    { head: 'Task' },
    { head: <Term name="certificate">Status</Term> },
    { head: <Term name="automation rate">Without a person</Term>, align: 'right' as const },
    { head: <Term name="audited error">Wrong, of the budget</Term>, width: 210 },
    { head: 'Waiting', align: 'right' as const },
    ...(may('value:read') ? [{ head: 'Saved', align: 'right' as const }] : []),
  ];
  return (
    <Panel title="Tasks" flush actions={actions}>
      <DataTable caption="All tasks" minWidth={780} columns={columns}>
        {overview.tasks.map((task) => (
          <TaskRow
            key={task.task}
            task={task}
            mode={tasks.data?.find((one) => one.task === task.task)?.automation.mode}
            value={value.data}
          />
        ))}
      </DataTable>
    </Panel>
  );
}

interface TaskRowProps {
  task: OverviewTask;
  mode: string | undefined;
  value: ValueReport | undefined;
}

function TaskRow({ task, mode, value }: TaskRowProps) {
  const may = useScopes();
  const { total, certificate, error_budget: budget } = task;
  const { audited_error: error } = total;
  const saved = value?.tasks.find((one) => one.task === task.task);
  return (
    <Table.Tr>
      <Table.Td>
        <PlainLink to="/tasks/$task" params={{ task: task.task }} className={classes.task}>
          {task.title}
        </PlainLink>
        {task.title !== task.task && <span className={classes.slug}>{task.task}</span>}
      </Table.Td>
      <Table.Td>
        <CertificateStatus status={certificate?.status} {...(mode === undefined ? {} : { mode })} />
        {certificate !== null && <span className={classes.under}>model version {certificate.model_version}</span>}
      </Table.Td>
      <Table.Td ta="right" className="figures">
        {percent(total.automation_rate)}
        <span className={classes.under}>
          {total.decisions === 0 ? 'no decisions' : `of ${plural(total.decisions, 'decision')}`}
        </span>
      </Table.Td>
      <Table.Td className="figures">
        <div className={classes.error}>
          {error.estimate === null ? '–' : percent(error.estimate)} of {asSet(budget.max_error)}
          {error.estimate !== null && (
            <Interval
              name="Audited error"
              estimate={error.estimate}
              low={error.low}
              high={error.high}
              limit={budget.max_error}
              max={Math.max(budget.max_error * 2, Math.min(1, error.estimate * 1.2))}
            />
          )}
          <span className={classes.under}>
            {error.estimate === null
              ? 'no audit answered yet'
              : `${percentInterval(error.low, error.high)}, ${plural(error.audited, 'audit')}`}
          </span>
        </div>
      </Table.Td>
      <Table.Td ta="right" className="figures">
        {task.queue.waiting === 0 || !may('review:write') ? (
          count(task.queue.waiting)
        ) : (
          <PlainLink
            to="/review"
            search={{ task: task.task }}
            className={classes.task}
            aria-label={`Review ${plural(task.queue.waiting, 'item')} of ${task.title}`}
          >
            {count(task.queue.waiting)}
          </PlainLink>
        )}
      </Table.Td>
      {may('value:read') && (
        <Table.Td ta="right" className="figures">
          {saved === undefined || saved.currency === null ? '–' : money(saved.savings.amount, saved.currency)}
          {saved?.savings.rate != null && <span className={classes.under}>{percent(saved.savings.rate, 0)}</span>}
        </Table.Td>
      )}
    </Table.Tr>
  );
}
