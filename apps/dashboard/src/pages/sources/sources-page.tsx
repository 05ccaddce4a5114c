import { Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Source } from '@understudy/client';
import { refresh } from '../../api/query-client.ts';
import { DataTable } from '../../components/data-table.tsx';
import { ButtonLink, TextLink } from '../../components/links.tsx';
import rowClasses from '../../components/list-row.module.css';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { Empty } from '../../components/states.tsx';
import { Term } from '../../components/term.tsx';
import { Time } from '../../components/time.tsx';
import { count } from '../../formatting/numbers.ts';
import { useScopes } from '../../session/session.ts';
import { IconPlugConnected, IconPlus } from '../../theme/icons.ts';
import { sourcesQuery } from './source-queries.ts';
import { SourceState } from './source-state.tsx';

/** Topics and queues of the application’s own brokers that items are taken from. */
export function SourcesPage() {
  const query = useQuery({ ...sourcesQuery(), refetchInterval: refresh.live });
  const may = useScopes();
  const add = may('sources:write') && (
    <ButtonLink to="/new-source" leftSection={<IconPlus size={15} />}>
      New source
    </ButtonLink>
  );
  return (
    <Page
      title="Sources"
      wide
      description="Items come in from your own message broker: each message becomes a decision, once, and the answer can go back the same way."
      actions={add}
    >
      <Panel flush>
        <QueryView
          query={query}
          isEmpty={(rows) => rows.length === 0}
          empty={
            <Empty title="No source yet" icon={<IconPlugConnected size={22} />}>
              A source binds a topic of Kafka, RabbitMQ, SQS or PostgreSQL to a task, and says where in a message the
              text stands.
            </Empty>
          }
        >
          {(rows) => <Rows rows={rows} />}
        </QueryView>
      </Panel>
    </Page>
  );
}

function Rows({ rows }: { rows: readonly Source[] }) {
  return (
    <DataTable
      caption="Sources"
      minWidth={900}
      columns={[
        { head: 'Source' },
        { head: 'From' },
        { head: 'Task' },
        { head: 'State', width: 120 },
        { head: <Term name="lag">Lag</Term>, align: 'right', width: 90 },
        { head: 'Decided', align: 'right', width: 100 },
        { head: 'Unprocessable', align: 'right', width: 120 },
        { head: 'Last message', width: 130 },
      ]}
    >
      {rows.map((source) => (
        <Table.Tr key={source.id} className={rowClasses.row}>
          <Table.Td>
            <TextLink to="/sources/$source" params={{ source: source.source }} className={rowClasses.link ?? ''}>
              {source.source}
            </TextLink>
            {source.problem !== null && (
              <div className={`${rowClasses.second} ${rowClasses.cut}`} title={source.problem.detail}>
                {source.problem.detail}
              </div>
            )}
          </Table.Td>
          <Table.Td>
            <div className={rowClasses.cut}>{source.topic}</div>
            <div className={rowClasses.second}>{source.bus}</div>
          </Table.Td>
          <Table.Td>{source.task}</Table.Td>
          <Table.Td>
            <SourceState state={source.state} />
          </Table.Td>
          <Table.Td ta="right" className="figures">
            {count(source.lag)}
          </Table.Td>
          <Table.Td ta="right" className="figures">
            {count(source.counts.decided)}
          </Table.Td>
          <Table.Td ta="right" className="figures">
            {count(source.counts.unprocessable)}
          </Table.Td>
          <Table.Td>{source.last_message_at === null ? 'never' : <Time at={source.last_message_at} />}</Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  );
}
