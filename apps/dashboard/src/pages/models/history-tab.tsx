import { Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { DataTable } from '../../components/data-table.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { Empty, LoadingRows } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import { aliasHistoryQuery } from './model-queries.ts';
import classes from './models.module.css';
import { pairedTestOf } from './version-metrics.ts';

/** Which version answered from when on, who decided it, and why. */
export function HistoryTab({ model }: { model: string }) {
  const query = useQuery(aliasHistoryQuery(model));
  return (
    <Panel title="Promotions and roll-backs" description="Of all versions of this model, newest first." flush>
      <QueryView
        query={query}
        loading={<LoadingRows rows={4} />}
        isEmpty={(rows) => rows.length === 0}
        empty={<Empty title="No version was ever promoted">The first sound one is, by itself.</Empty>}
      >
        {(rows) => (
          <DataTable
            caption="Promotions and roll-backs"
            minWidth={760}
            columns={[{ head: 'When' }, { head: 'Change' }, { head: 'Reason' }, { head: 'By' }]}
          >
            {rows.map(({ alias, version, previous, reason, evidence, by, at }) => (
              <Table.Tr key={`${at} ${alias} ${version}`}>
                <Table.Td style={{ whiteSpace: 'nowrap', verticalAlign: 'top' }}>
                  <Time at={at} />
                </Table.Td>
                <Table.Td style={{ whiteSpace: 'nowrap', verticalAlign: 'top' }}>
                  <Change alias={alias} version={version} previous={previous} />
                </Table.Td>
                <Table.Td style={{ verticalAlign: 'top' }}>
                  <span className="content">{sentence(reason)}</span>
                  {pairedTestOf(evidence) !== null && <span className={classes.under}>decided by a paired test</span>}
                </Table.Td>
                <Table.Td className="mono" style={{ verticalAlign: 'top' }}>
                  {by}
                </Table.Td>
              </Table.Tr>
            ))}
          </DataTable>
        )}
      </QueryView>
    </Panel>
  );
}

function Change({ alias, version, previous }: { alias: string; version: string | null; previous: string | null }) {
  const name = alias === 'champion' ? '' : ` (${alias})`;
  if (version === null) return <Status tone="warn">{`None any more, was ${previous ?? 'none'}${name}`}</Status>;
  if (previous !== null && Number(version) < Number(previous)) {
    return <Status tone="warn">{`Back to version ${version}, from ${previous}${name}`}</Status>;
  }
  return <Status tone="info">{`Version ${version}${previous === null ? '' : `, after ${previous}`}${name}`}</Status>;
}

const sentence = (text: string) => {
  const rest = text.replace(/^promoted: /, '');
  return `${rest.charAt(0).toUpperCase()}${rest.slice(1)}`;
};
