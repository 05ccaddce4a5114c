import { Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { OverviewTask, Task } from '@understudy/client';
import { tasksQuery } from '../../api/resources.ts';
import { DataTable } from '../../components/data-table.tsx';
import { ButtonLink, PlainLink } from '../../components/links.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { Empty, LoadingRows } from '../../components/states.tsx';
import { LabelName } from '../../components/status.tsx';
import { Term } from '../../components/term.tsx';
import { Time } from '../../components/time.tsx';
import { count, percent } from '../../formatting/numbers.ts';
import { useScopes } from '../../session/session.ts';
import { IconListCheck, IconPlus } from '../../theme/icons.ts';
import { CertificateStatus } from '../overview/certificate-status.tsx';
import classes from '../overview/overview-page.module.css';
import { overviewQuery } from '../overview/overview-queries.ts';
import { asSet } from './budget.ts';

const LABELS = 4;

/** All tasks: what each decides, and how far it may alone. */
export function TasksPage() {
  const may = useScopes();
  const tasks = useQuery(tasksQuery());
  const overview = useQuery({ ...overviewQuery('30d'), enabled: may('quality:read') });
  const create = may('tasks:write') ? (
    <ButtonLink to="/new-task" leftSection={<IconPlus size={15} />}>
      New task
    </ButtonLink>
  ) : null;
  return (
    <Page
      title="Tasks"
      description="Each task is a kind of question about a text, with the answers it can have and the errors it may make."
      actions={create}
    >
      <Panel flush>
        <QueryView
          // Both at once: a status that comes later would move the columns.
          query={overview.isLoading ? { ...tasks, data: undefined, error: null } : tasks}
          loading={<LoadingRows rows={5} height={30} />}
          isEmpty={(rows) => rows.length === 0}
          empty={
            <Empty title="There is no task yet" icon={<IconListCheck size={22} />} action={create}>
              Say what is to be decided and which answers there are. People decide everything until it is proven that a
              model makes few enough mistakes.
            </Empty>
          }
        >
          {(rows) => (
            <DataTable
              caption="All tasks"
              minWidth={860}
              columns={[
                { head: 'Task', width: 240 },
                { head: 'Answers' },
                { head: <Term name="certificate">Status</Term>, width: 170 },
                { head: <Term name="error budget">Budget</Term>, align: 'right' },
                { head: <Term name="automation rate">Without a person</Term>, align: 'right' },
                { head: 'Waiting', align: 'right' },
                { head: 'Changed', align: 'right', width: 120 },
              ]}
            >
              {rows.map((task) => (
                <Row key={task.task} task={task} live={overview.data?.tasks.find((one) => one.task === task.task)} />
              ))}
            </DataTable>
          )}
        </QueryView>
      </Panel>
    </Page>
  );
}

function Row({ task, live }: { task: Task; live: OverviewTask | undefined }) {
  return (
    <Table.Tr>
      <Table.Td>
        <PlainLink to="/tasks/$task" params={{ task: task.task }} className={classes.task}>
          {task.title}
        </PlainLink>
        {task.title !== task.task && <span className={classes.slug}>{task.task}</span>}
      </Table.Td>
      <Table.Td>
        <span className={classes.labels}>
          {task.labels.slice(0, LABELS).map(({ name }) => (
            <LabelName key={name} name={name} />
          ))}
          {task.labels.length > LABELS && <span className={classes.slug}>+{task.labels.length - LABELS}</span>}
        </span>
      </Table.Td>
      <Table.Td>
        {live === undefined && task.automation.mode === 'certified' ? (
          '–'
        ) : (
          <CertificateStatus status={live?.certificate?.status} mode={task.automation.mode} />
        )}
      </Table.Td>
      <Table.Td ta="right" className="figures">
        {asSet(task.error_budget.max_error)}
      </Table.Td>
      <Table.Td ta="right" className="figures">
        {percent(live?.total.automation_rate)}
      </Table.Td>
      <Table.Td ta="right" className="figures">
        {count(live?.queue.waiting)}
      </Table.Td>
      <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
        <Time at={task.updated_at} />
      </Table.Td>
    </Table.Tr>
  );
}
