import { Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { JobQueues } from '@understudy/client';
import { refresh } from '../../api/query-client.ts';
import { tasksQuery } from '../../api/resources.ts';
import { Stacked } from '../../components/columns.tsx';
import { DataTable } from '../../components/data-table.tsx';
import { Figure, Figures } from '../../components/figure.tsx';
import { ButtonLink, TextLink } from '../../components/links.tsx';
import rowClasses from '../../components/list-row.module.css';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { Empty, LoadingBlock, LoadingRows } from '../../components/states.tsx';
import { Term } from '../../components/term.tsx';
import { Time } from '../../components/time.tsx';
import { count, minutes } from '../../formatting/numbers.ts';
import { useScopes } from '../../session/session.ts';
import { IconStack2 } from '../../theme/icons.ts';
import { waitingLettersQuery } from '../dead-letters/dead-letter-queries.ts';
import { queuesQuery } from './queue-queries.ts';

/** How much waits for workers, task by task, and what was given up. */
export function QueuesPage() {
  const query = useQuery({ ...queuesQuery(), refetchInterval: refresh.live });
  return (
    <Page
      title="Queues"
      description="What your applications handed over and no worker has taken up yet. Workspaces take turns, and in each the higher priority goes first."
      actions={
        <ButtonLink to="/jobs" variant="default">
          All jobs
        </ButtonLink>
      }
    >
      <QueryView
        query={query}
        loading={
          <Stacked>
            <LoadingBlock height={98} />
            <Panel flush>
              <LoadingRows rows={4} />
            </Panel>
          </Stacked>
        }
      >
        {(queues) => (
          <Stacked>
            <Totals queues={queues} />
            <ByTask queues={queues} />
          </Stacked>
        )}
      </QueryView>
    </Page>
  );
}

function Totals({ queues: { data } }: { queues: JobQueues }) {
  const may = useScopes();
  const sum = (of: (queue: JobQueues['data'][number]) => number) => data.reduce((total, queue) => total + of(queue), 0);
  const oldest = data.reduce<number | null>(
    (most, { oldest_seconds: seconds }) => (seconds === null ? most : Math.max(most ?? 0, seconds)),
    null,
  );
  const scheduled = sum((queue) => queue.scheduled);
  return (
    <Figures>
      <Figure
        name="Jobs waiting"
        value={count(sum((queue) => queue.depth))}
        detail={scheduled === 0 ? 'none for later' : `and ${count(scheduled)} for later`}
      />
      <Figure name="Running" value={count(sum((queue) => queue.running))} detail="taken up by a worker" />
      <Figure
        name="The oldest waits for"
        value={oldest === null ? '–' : minutes(oldest / 60)}
        detail={oldest === null ? 'nothing waits' : 'since it was due'}
        {...(oldest !== null && oldest > 600 ? { tone: 'warn' as const } : {})}
      />
      {may('dead-letters:read') && <GivenUp />}
    </Figures>
  );
}

function GivenUp() {
  const { data } = useQuery({ ...waitingLettersQuery(), refetchInterval: refresh.steady });
  const more = data?.next_cursor != null;
  const number = data?.data.length;
  return (
    <Figure
      name={<Term name="dead letter">Dead letters</Term>}
      value={number === undefined ? '–' : more ? `${number} and more` : count(number)}
      {...(number === undefined || number === 0 ? {} : { tone: 'warn' as const })}
      detail={
        number === 0 ? (
          'nothing was given up'
        ) : (
          <TextLink to="/dead-letters" size="sm">
            Look at them
          </TextLink>
        )
      }
    />
  );
}

function ByTask({ queues: { data } }: { queues: JobQueues }) {
  const tasks = useQuery(tasksQuery());
  const titleOf = (slug: string) => tasks.data?.find(({ task }) => task === slug)?.title || slug;
  return (
    <Panel title="Task by task" flush>
      {data.length === 0 ? (
        <Empty title="Nothing waits" icon={<IconStack2 size={22} />}>
          A task stands here as soon as a job for it waits or runs.
        </Empty>
      ) : (
        <DataTable
          caption="Queues"
          minWidth={640}
          columns={[
            { head: 'Task' },
            { head: 'Waiting', align: 'right' },
            { head: 'For later', align: 'right' },
            { head: 'Running', align: 'right' },
            { head: 'Oldest' },
          ]}
        >
          {data.map((queue) => (
            <Table.Tr key={queue.task} className={rowClasses.row}>
              <Table.Td>
                <TextLink
                  to="/jobs"
                  search={{ task: queue.task, status: queue.depth > 0 ? 'queued' : 'running' }}
                  className={rowClasses.link ?? ''}
                >
                  {titleOf(queue.task)}
                </TextLink>
              </Table.Td>
              <Table.Td ta="right" className="figures">
                {count(queue.depth)}
              </Table.Td>
              <Table.Td ta="right" className="figures">
                {count(queue.scheduled)}
              </Table.Td>
              <Table.Td ta="right" className="figures">
                {count(queue.running)}
              </Table.Td>
              <Table.Td>
                {queue.oldest_at === null ? (
                  '–'
                ) : (
                  <>
                    due <Time at={queue.oldest_at} />
                  </>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </DataTable>
      )}
    </Panel>
  );
}
