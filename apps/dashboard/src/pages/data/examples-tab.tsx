import { ActionIcon, Button, SegmentedControl, Select, Switch, Table, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Example, ExampleStats, Task } from '@understudy/client';
import { useEffect, useState } from 'react';
import { client } from '../../api/client.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { DataTable } from '../../components/data-table.tsx';
import { ButtonLink, TextLink } from '../../components/links.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { Empty, Failure, LoadingRows } from '../../components/states.tsx';
import { LabelName, Status } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import { TypedInput } from '../../components/typed-input.tsx';
import { count, plural } from '../../formatting/numbers.ts';
import { useScopes } from '../../session/session.ts';
import { IconDatabase, IconSearch, IconTrash } from '../../theme/icons.ts';
import classes from './data.module.css';
import { examplesQuery, statsQuery } from './data-queries.ts';
import type { DataSearch, Source } from './data-search.ts';
import { Distribution } from './distribution.tsx';

/** As many rows as a search loads before it waits to be asked for more. */
const ENOUGH = 20;

export const sourceNames: Record<Source, string> = {
  import: 'Imported',
  reviewer: 'Reviewers',
  audit: 'Audits',
  application: 'Application',
};

interface ExamplesTabProps {
  task: Task;
  search: DataSearch;
  onChange(part: Partial<Record<keyof DataSearch, string | undefined>>): void;
}

/** All examples of a task as they stand, and how they are spread. */
export function ExamplesTab({ task, search, onChange }: ExamplesTabProps) {
  const stats = useQuery(statsQuery(task.task));
  const may = useScopes();
  if (stats.data?.examples === 0) {
    return (
      <Panel>
        <Empty
          title="No example yet"
          icon={<IconDatabase size={22} />}
          action={
            may('examples:write') && (
              <ButtonLink to="/data" search={{ task: task.task, tab: 'import' }}>
                Import a file
              </ButtonLink>
            )
          }
        >
          Import what people have answered so far. From then on, every answer of a person becomes an example by itself.
        </Empty>
      </Panel>
    );
  }
  return (
    <div className={classes.columns}>
      <List task={task} search={search} stats={stats.data} onChange={onChange} />
      <Panel title="How they are spread" description={stats.data === undefined ? ' ' : summary(stats.data)}>
        <QueryView query={stats} loading={<LoadingRows rows={8} />}>
          {({ labels }) => (
            <Distribution
              rows={labels.map(({ name, examples }) => ({ name, count: examples }))}
              chosen={search.label}
              onChoose={(label) => onChange({ label })}
            />
          )}
        </QueryView>
      </Panel>
    </div>
  );
}

const summary = ({ examples, labels }: ExampleStats) =>
  `${plural(examples, 'example')} of ${plural(labels.length, 'label')}`;

interface ListProps extends ExamplesTabProps {
  stats: ExampleStats | undefined;
}

function List({ task, search, stats, onChange }: ListProps) {
  const { source, label, conflicts, q } = search;
  const filter = {
    ...(q === undefined ? {} : { q }),
    ...(source === undefined ? {} : { source }),
    ...(label === undefined ? {} : { label }),
    ...(conflicts === undefined ? {} : { conflicts }),
  };
  const query = useInfiniteQuery(examplesQuery(task.task, filter));
  const { hasNextPage, isFetchingNextPage, fetchNextPage, isFetchNextPageError } = query;
  const [doomed, setDoomed] = useState<Example | null>(null);
  const rows = query.data?.pages.flatMap(({ data }) => data);
  // A page of a search ends where it has looked at enough rows, whatever it has found by then.
  const searching = q !== undefined && hasNextPage && !isFetchNextPageError && (rows?.length ?? 0) < ENOUGH;
  useEffect(() => {
    if (searching && !isFetchingNextPage) void fetchNextPage();
  }, [searching, isFetchingNextPage, fetchNextPage]);
  const of = (name: Source) => stats?.sources.find((each) => each.name === name)?.examples ?? 0;
  return (
    <Panel flush>
      <search className={classes.filters}>
        <TypedInput
          size="xs"
          aria-label="Search the texts"
          placeholder="Search the texts"
          leftSection={<IconSearch size={14} />}
          maxLength={200}
          value={q}
          onSettle={(value) => onChange({ q: value })}
          className={classes.query ?? ''}
        />
        <SegmentedControl
          size="xs"
          aria-label="Source"
          value={source ?? ''}
          onChange={(value) => onChange({ source: value || undefined })}
          className={classes.sources ?? ''}
          data={[
            { value: '', label: 'All' },
            ...(Object.keys(sourceNames) as Source[]).map((value) => ({
              value,
              label: `${sourceNames[value]}${stats === undefined ? '' : ` ${count(of(value))}`}`,
            })),
          ]}
        />
        <Select
          size="xs"
          aria-label="Label"
          placeholder="Any label"
          clearable
          searchable
          value={label ?? null}
          data={[...new Set([...task.labels.map(({ name }) => name), ...(label === undefined ? [] : [label])])]}
          onChange={(value) => onChange({ label: value ?? undefined })}
          w={170}
        />
        <Switch
          size="xs"
          label={`Only contradictions${stats === undefined ? '' : ` (${count(stats.conflicts)})`}`}
          checked={conflicts === 'only'}
          onChange={(event) => onChange({ conflicts: event.currentTarget.checked ? 'only' : undefined })}
        />
      </search>
      {rows === undefined ? (
        query.error === null ? (
          <LoadingRows rows={10} height={22} gap={22} />
        ) : (
          <Failure error={query.error} onRetry={() => void query.refetch()} retrying={query.isFetching} />
        )
      ) : rows.length === 0 && searching ? (
        <LoadingRows rows={10} height={22} gap={22} />
      ) : rows.length === 0 ? (
        <Empty
          title="No example matches"
          action={
            <Button
              variant="default"
              onClick={() => onChange({ q: undefined, source: undefined, label: undefined, conflicts: undefined })}
            >
              Show all
            </Button>
          }
        >
          {q === undefined
            ? 'Take a filter away to see more.'
            : 'Every word has to occur in the text, in any order; put words in quotes to look for them as one.'}
        </Empty>
      ) : (
        <ExampleRows rows={rows} onDelete={setDoomed} />
      )}
      {hasNextPage && (
        <div className={classes.more}>
          <Button variant="subtle" onClick={() => void fetchNextPage()} loading={isFetchingNextPage}>
            {isFetchNextPageError ? 'That failed; try again' : 'Load more'}
          </Button>
        </div>
      )}
      <DeleteDialog task={task.task} example={doomed} onClose={() => setDoomed(null)} />
    </Panel>
  );
}

function ExampleRows({ rows, onDelete }: { rows: readonly Example[]; onDelete(example: Example): void }) {
  const may = useScopes();
  return (
    <DataTable
      caption="Examples"
      minWidth={380}
      columns={[
        { head: 'Text' },
        { head: 'Label' },
        { head: 'From' },
        ...(may('examples:write') ? [{ head: 'Delete', hidden: true, width: 52 }] : []),
      ]}
    >
      {rows.map((example) => (
        <Table.Tr key={example.id}>
          <Table.Td>
            <ExampleText example={example} />
          </Table.Td>
          <Table.Td style={{ verticalAlign: 'top' }}>
            <LabelName name={example.label} />
            {example.conflict && (
              <div className={classes.conflict}>
                <Tooltip label="The same text stands under another label too. Only one of them can be right.">
                  <span>
                    <Status tone="warn">contradicted</Status>
                  </span>
                </Tooltip>
              </div>
            )}
          </Table.Td>
          <Table.Td style={{ verticalAlign: 'top', whiteSpace: 'nowrap' }}>
            {example.decision === null ? (
              sourceNames[example.source]
            ) : (
              <TextLink to="/decisions/$decision" params={{ decision: example.decision }}>
                {sourceNames[example.source]}
              </TextLink>
            )}
            <span className={classes.under}>
              <Time at={example.labelled_at ?? example.created_at} />
            </span>
          </Table.Td>
          {may('examples:write') && (
            <Table.Td ta="right" style={{ verticalAlign: 'top' }}>
              <ActionIcon
                size="sm"
                aria-label={`Delete the example “${excerpt(example)}”`}
                onClick={() => onDelete(example)}
              >
                <IconTrash size={15} />
              </ActionIcon>
            </Table.Td>
          )}
        </Table.Tr>
      ))}
    </DataTable>
  );
}

const LONG = 220;
const textOf = ({ input }: Example) => input.text ?? Object.values(input).join(' · ');
const excerpt = (example: Example) => textOf(example).slice(0, 40);

/** Long texts are cut until they are asked for. */
function ExampleText({ example }: { example: Example }) {
  const [whole, setWhole] = useState(false);
  const text = textOf(example);
  const long = text.length > LONG;
  return (
    <>
      <p className={`content ${classes.text}`} dir="auto">
        {long && !whole ? `${text.slice(0, LONG)}…` : text}
      </p>
      <span className={classes.under}>
        {long && (
          <Button variant="transparent" size="compact-xs" px={0} onClick={() => setWhole(!whole)} aria-expanded={whole}>
            {whole ? 'Less' : `All ${count(text.length)} characters`}
          </Button>
        )}
        {[example.external_id, example.subject === null ? null : `about ${example.subject}`]
          .filter((part) => part !== null)
          .map((part) => (
            <span key={part} className={classes.id}>
              {part}
            </span>
          ))}
      </span>
    </>
  );
}

interface DeleteDialogProps {
  task: string;
  example: Example | null;
  onClose(): void;
}

function DeleteDialog({ task, example, onClose }: DeleteDialogProps) {
  const cache = useQueryClient();
  // Kept while the dialog fades, so that its words do not vanish before it does.
  const [last, setLast] = useState(example);
  if (example !== null && example !== last) setLast(example);
  return (
    <ConfirmDialog
      opened={example !== null}
      title="Delete this example?"
      action="Delete"
      dangerous
      onConfirm={async () => {
        await client.examples.delete(task, last!.id);
        await cache.invalidateQueries({ queryKey: ['examples', task] });
        notifications.show({ message: 'The example is gone.' });
      }}
      onClose={onClose}
    >
      {last !== null && (
        <>
          <p className={`content ${classes.quote}`} dir="auto">
            {textOf(last).slice(0, 400)}
          </p>
          <p>
            Labelled <LabelName name={last.label} />. The next model does not learn from it; dataset versions that hold
            it stay as they are.
          </p>
        </>
      )}
    </ConfirmDialog>
  );
}
