import { Button, Table } from '@mantine/core';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ModelVersion, Page } from '@understudy/client';
import { DataTable } from '../../components/data-table.tsx';
import { TextLink } from '../../components/links.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { LoadingRows } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import { Term } from '../../components/term.tsx';
import { Time } from '../../components/time.tsx';
import { bytes, percent, percentInterval } from '../../formatting/numbers.ts';
import { useScopes } from '../../session/session.ts';
import { VersionCertificateStatus } from './certificate-status.tsx';
import { ChampionButton } from './champion-dialog.tsx';
import type { ModelSearch } from './model-search.ts';
import classes from './models.module.css';
import { metricsOf } from './version-metrics.ts';

interface VersionsPanelProps {
  model: string;
  champion: string | undefined;
  shown: string;
  search: ModelSearch;
  query: UseInfiniteQueryResult<InfiniteData<Page<ModelVersion>>>;
}

/** All versions, newest first; one of them is looked at. */
export function VersionsPanel({ model, champion, shown, search, query }: VersionsPanelProps) {
  const may = useScopes();
  return (
    <Panel title="Versions" flush>
      <QueryView query={query} loading={<LoadingRows rows={3} />}>
        {({ pages }) => (
          <>
            <div className={classes.scroll}>
              <DataTable
                caption="Versions"
                minWidth={900}
                columns={[
                  { head: 'Version' },
                  { head: 'Right on unseen examples', align: 'right' },
                  { head: <Term name="macro F1">Macro F1</Term>, align: 'right' },
                  { head: <Term name="certificate">Certificate</Term> },
                  { head: 'Learnt by' },
                  { head: 'Size', align: 'right' },
                  { head: 'Trained', align: 'right' },
                  ...(may('models:write') ? [{ head: 'Change', hidden: true, width: 104 }] : []),
                ]}
              >
                {pages.flatMap(({ data }) =>
                  data.map((version) => (
                    <VersionRow
                      key={version.version}
                      model={model}
                      version={version}
                      champion={champion}
                      shown={version.version === shown}
                      search={search}
                    />
                  )),
                )}
              </DataTable>
            </div>
            {query.hasNextPage && (
              <div className={classes.more}>
                <Button variant="subtle" onClick={() => void query.fetchNextPage()} loading={query.isFetchingNextPage}>
                  Older versions
                </Button>
              </div>
            )}
          </>
        )}
      </QueryView>
    </Panel>
  );
}

interface VersionRowProps {
  model: string;
  version: ModelVersion;
  champion: string | undefined;
  shown: boolean;
  search: ModelSearch;
}

function VersionRow({ model, version, champion, shown, search }: VersionRowProps) {
  const may = useScopes();
  const { accuracy, accuracyInterval, macroF1 } = metricsOf(version);
  const answers = version.version === champion;
  const others = version.aliases.filter((alias) => alias !== 'champion');
  return (
    <Table.Tr className={classes.row} data-shown={shown || undefined}>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        <TextLink
          to="/models/$model"
          params={{ model }}
          search={{ ...search, version: version.version }}
          replace
          resetScroll={false}
          className={`${classes.link} figures`}
          aria-current={shown ? 'true' : undefined}
        >
          Version {version.version}
        </TextLink>{' '}
        {answers && <Status tone="good">answers now</Status>}
        {others.map((alias) => (
          <Status key={alias} tone="quiet">
            {alias}
          </Status>
        ))}
      </Table.Td>
      <Table.Td ta="right" className="figures">
        {accuracy === null ? 'not evaluated' : percent(accuracy)}
        {accuracyInterval !== null && (
          <span className={classes.under}>{percentInterval(accuracyInterval.low, accuracyInterval.high)}</span>
        )}
      </Table.Td>
      <Table.Td ta="right" className="figures">
        {percent(macroF1)}
      </Table.Td>
      <Table.Td>
        <VersionCertificateStatus version={version} />
      </Table.Td>
      <Table.Td>{version.lineage.trainer}</Table.Td>
      <Table.Td ta="right" className="figures">
        {bytes(version.artifact.bytes)}
      </Table.Td>
      <Table.Td ta="right">
        <Time at={version.created_at} />
      </Table.Td>
      {may('models:write') && (
        <Table.Td ta="right">{!answers && <ChampionButton version={version} champion={champion} />}</Table.Td>
      )}
    </Table.Tr>
  );
}
