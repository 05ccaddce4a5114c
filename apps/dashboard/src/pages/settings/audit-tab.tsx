import { Button, Table } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { auditLogQuery } from '../../api/resources.ts';
import { DataTable } from '../../components/data-table.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty, Failure, LoadingRows } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import classes from './settings-page.module.css';

/** Who changed what. */
export function AuditTab() {
  const query = useInfiniteQuery(auditLogQuery({}));
  const rows = query.data?.pages.flatMap(({ data }) => data);
  return (
    <Panel flush title="Audit log" description="Who changed what, newest first. Nobody can edit it.">
      {rows === undefined ? (
        query.error === null ? (
          <LoadingRows />
        ) : (
          <Failure error={query.error} onRetry={() => void query.refetch()} retrying={query.isFetching} />
        )
      ) : rows.length === 0 ? (
        <Empty title="Nothing was changed yet" />
      ) : (
        <DataTable
          caption="Audit log"
          minWidth={760}
          columns={[
            { head: 'When', width: 130 },
            { head: 'What' },
            { head: 'On' },
            { head: 'By' },
            { head: 'Details' },
          ]}
        >
          {rows.map(({ id, at, action, resource, principal, details }) => (
            <Table.Tr key={id}>
              <Table.Td>
                <Time at={at} />
              </Table.Td>
              <Table.Td className={classes.action ?? ''}>{action}</Table.Td>
              <Table.Td className="mono">{resource}</Table.Td>
              <Table.Td>
                {principal.kind.replaceAll('_', ' ')} <span className="mono">{principal.id}</span>
              </Table.Td>
              <Table.Td className={classes.details ?? ''} title={JSON.stringify(details, null, 1)}>
                {detailsOf(details)}
              </Table.Td>
            </Table.Tr>
          ))}
        </DataTable>
      )}
      {query.hasNextPage && (
        <div className={classes.more}>
          <Button variant="subtle" onClick={() => void query.fetchNextPage()} loading={query.isFetchingNextPage}>
            Load more
          </Button>
        </div>
      )}
    </Panel>
  );
}

const detailsOf = (details: Record<string, unknown>): string =>
  Object.entries(details)
    .map(
      ([name, value]) =>
        `${name.replaceAll('_', ' ')}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
    )
    .join(', ');
