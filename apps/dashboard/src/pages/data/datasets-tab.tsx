import { Button, Table } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { DatasetVersion } from '@understudy/client';
import { client } from '../../api/client.ts';
import { DataTable } from '../../components/data-table.tsx';
import { TextLink } from '../../components/links.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { Empty, explain, LoadingRows } from '../../components/states.tsx';
import { Term } from '../../components/term.tsx';
import { Time } from '../../components/time.tsx';
import { count } from '../../formatting/numbers.ts';
import { useScopes } from '../../session/session.ts';
import { IconDatabase } from '../../theme/icons.ts';
import classes from './data.module.css';
import { datasetsQuery, trainedQuery } from './data-queries.ts';
import type { DataSearch, Source } from './data-search.ts';
import { shortId } from './dataset-difference.ts';
import { DatasetPanel } from './dataset-panel.tsx';
import { DownloadMenu } from './download-menu.tsx';
import { sourceNames } from './examples-tab.tsx';
import { TrainedModels } from './trained-models.tsx';

interface DatasetsTabProps {
  task: string;
  search: DataSearch;
  onChange(part: Partial<Record<keyof DataSearch, string | undefined>>): void;
}

/** The fixed sets of examples, one of which may be looked at and compared with another. */
export function DatasetsTab({ task, search, onChange }: DatasetsTabProps) {
  const may = useScopes();
  const query = useInfiniteQuery(datasetsQuery(task));
  const trained = useQuery({ ...trainedQuery(task), enabled: may('models:read'), throwOnError: false });
  const versionsOf = (id: string) =>
    (trained.data ?? []).filter(({ lineage }) => lineage.dataset === id).map(({ version }) => version);
  return (
    <>
      {search.dataset !== undefined && (
        <DatasetPanel
          key={search.dataset}
          task={task}
          id={search.dataset}
          other={search.with}
          choices={query.data?.pages.flatMap(({ data }) => data) ?? []}
          models={versionsOf(search.dataset)}
          change={search.change}
          onCompare={(id) => onChange({ with: id, change: undefined })}
          onChange={(change) => onChange({ change })}
          onClose={() => onChange({ dataset: undefined, with: undefined, change: undefined })}
        />
      )}
      <Panel
        title="Dataset versions"
        description="Each is the examples as they stood at a moment, and never changes. Training makes one by itself; the same examples give the same one."
        flush
        actions={
          may('datasets:write') && (
            <Make task={task} onMade={(id) => onChange({ dataset: id, with: undefined, change: undefined })} />
          )
        }
      >
        <QueryView
          query={query}
          loading={<LoadingRows rows={5} />}
          isEmpty={({ pages }) => pages[0]?.data.length === 0}
          empty={
            <Empty title="No version yet" icon={<IconDatabase size={22} />}>
              The first training run makes one, or make it now.
            </Empty>
          }
        >
          {({ pages }) => (
            <>
              <Rows
                task={task}
                rows={pages.flatMap(({ data }) => data)}
                shown={search.dataset}
                search={search}
                versionsOf={versionsOf}
              />
              {query.hasNextPage && (
                <div className={classes.more}>
                  <Button
                    variant="subtle"
                    onClick={() => void query.fetchNextPage()}
                    loading={query.isFetchingNextPage}
                  >
                    {query.isFetchNextPageError ? 'That failed; try again' : 'Older versions'}
                  </Button>
                </div>
              )}
            </>
          )}
        </QueryView>
      </Panel>
    </>
  );
}

function Make({ task, onMade }: { task: string; onMade(id: string): void }) {
  const cache = useQueryClient();
  const make = useMutation({
    mutationFn: () => client.datasets.create(task),
    onSuccess: async ({ id }) => {
      const known = cache
        .getQueryData(datasetsQuery(task).queryKey)
        ?.pages.some(({ data }) => data.some((one) => one.id === id));
      await cache.invalidateQueries({ queryKey: ['datasets', task] });
      notifications.show({
        message:
          known === true
            ? 'The examples have not changed since: this version is the one.'
            : 'The version is made and will never change.',
      });
      onMade(id);
    },
  });
  return (
    <>
      {make.error !== null && (
        <span className={classes.bad} role="alert">
          {explain(make.error).detail}
        </span>
      )}
      <Button size="xs" onClick={() => make.mutate()} loading={make.isPending}>
        Make a version
      </Button>
    </>
  );
}

interface RowsProps {
  task: string;
  rows: readonly DatasetVersion[];
  shown: string | undefined;
  search: DataSearch;
  versionsOf(id: string): string[];
}

function Rows({ task, rows, shown, search, versionsOf }: RowsProps) {
  return (
    <DataTable
      caption="Dataset versions"
      minWidth={780}
      columns={[
        { head: 'Version' },
        { head: 'Examples', align: 'right' },
        { head: 'Labels', align: 'right' },
        { head: <Term name="label">From people</Term>, align: 'right' },
        { head: 'Contradicted', align: 'right' },
        { head: 'Models made of it' },
        { head: 'Made', align: 'right' },
        { head: 'Download', hidden: true, width: 60 },
      ]}
    >
      {rows.map((dataset) => (
        <Table.Tr key={dataset.id} className={classes.row} data-shown={dataset.id === shown || undefined}>
          <Table.Td>
            <TextLink
              to="/data"
              search={
                {
                  ...search,
                  task,
                  tab: 'versions',
                  dataset: dataset.id,
                  with: undefined,
                  change: undefined,
                } as DataSearch
              }
              replace
              className={`${classes.link} mono`}
              aria-current={dataset.id === shown ? 'true' : undefined}
            >
              {shortId(dataset.id)}
            </TextLink>
          </Table.Td>
          <Table.Td ta="right" className="figures">
            {count(dataset.rows)}
          </Table.Td>
          <Table.Td ta="right" className="figures">
            {count(dataset.labels.length)}
          </Table.Td>
          <Table.Td ta="right" className="figures" title={sourcesOf(dataset)}>
            {count(dataset.rows - (dataset.sources.find(({ name }) => name === 'import')?.rows ?? 0))}
          </Table.Td>
          <Table.Td ta="right" className="figures">
            {count(dataset.conflicts)}
          </Table.Td>
          <Table.Td className={classes.over ?? ''}>
            <TrainedModels task={task} versions={versionsOf(dataset.id)} />
          </Table.Td>
          <Table.Td ta="right">
            <Time at={dataset.created_at} />
          </Table.Td>
          <Table.Td ta="right">
            <DownloadMenu task={task} id={dataset.id} compact />
          </Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  );
}

const sourcesOf = ({ sources }: DatasetVersion) =>
  sources.map(({ name, rows }) => `${sourceNames[name as Source]} ${count(rows)}`).join(', ');
