import { ActionIcon, Group, Select, Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { DatasetVersion, RowChange } from '@understudy/client';
import { CopyButton } from '../../components/copy-button.tsx';
import { DataTable } from '../../components/data-table.tsx';
import { Facts } from '../../components/facts.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { LoadingBlock } from '../../components/states.tsx';
import { LabelName } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import { count } from '../../formatting/numbers.ts';
import { shortTime } from '../../formatting/time.ts';
import { IconX } from '../../theme/icons.ts';
import classes from './data.module.css';
import { datasetQuery } from './data-queries.ts';
import type { Source } from './data-search.ts';
import { type CountChange, difference, shortId } from './dataset-difference.ts';
import { Distribution } from './distribution.tsx';
import { DownloadMenu } from './download-menu.tsx';
import { sourceNames } from './examples-tab.tsx';
import { RowDifferences } from './row-differences.tsx';
import { TrainedModels } from './trained-models.tsx';

interface DatasetPanelProps {
  task: string;
  id: string;
  /** Compared with. */
  other: string | undefined;
  choices: readonly DatasetVersion[];
  models: readonly string[];
  /** The kind of difference that is looked at. */
  change: RowChange | undefined;
  onCompare(id: string | undefined): void;
  onChange(change: RowChange | undefined): void;
  onClose(): void;
}

/** One dataset version: what it holds, what was made of it, and how it differs from another. */
export function DatasetPanel(props: DatasetPanelProps) {
  const { task, id, other, choices, models, change, onCompare, onChange, onClose } = props;
  const query = useQuery(datasetQuery(task, id));
  const compared = useQuery({ ...datasetQuery(task, other ?? ''), enabled: other !== undefined });
  const others = choices.filter((choice) => choice.id !== id);
  return (
    <Panel
      title={
        <>
          Version <span className="mono">{shortId(id)}</span>
        </>
      }
      actions={
        <Group gap={6} wrap="nowrap">
          <DownloadMenu task={task} id={id} />
          <ActionIcon aria-label="Close this version" onClick={onClose}>
            <IconX size={17} />
          </ActionIcon>
        </Group>
      }
    >
      <QueryView query={query} loading={<LoadingBlock height={230} />}>
        {(dataset) => (
          <>
            <div className={classes.dataset}>
              <Facts
                rows={[
                  ['Made', <Time key="at" at={dataset.created_at} as="exact" />],
                  ['Examples', count(dataset.rows)],
                  ['From', sourcesInWords(dataset)],
                  [
                    'Groups',
                    `${count(dataset.groups)}: alike examples and those about one subject stay together when some are kept back`,
                  ],
                  ['Contradicted', count(dataset.conflicts)],
                  ['Models', <TrainedModels key="models" task={task} versions={models} />],
                  [
                    'Id',
                    <span key="id" className={classes.digest}>
                      <span className="mono">{dataset.id}</span>
                      <CopyButton value={dataset.id} what="the id" />
                    </span>,
                  ],
                ]}
              />
              <div>
                <Distribution rows={dataset.labels.map(({ name, rows }) => ({ name, count: rows }))} />
              </div>
            </div>
            {others.length > 0 && (
              <div className={classes.compare}>
                <Select
                  label="Compare with"
                  placeholder="Another version"
                  clearable
                  value={other ?? null}
                  onChange={(value) => onCompare(value ?? undefined)}
                  data={others.map((choice) => ({
                    value: choice.id,
                    label: `${shortId(choice.id)}, ${shortTime(Date.parse(choice.created_at), { now: Date.now() })}`,
                  }))}
                  maw={320}
                />
                {other !== undefined && (
                  <QueryView query={compared} loading={<LoadingBlock height={180} />}>
                    {(before) => <Difference before={before} after={dataset} />}
                  </QueryView>
                )}
                {other !== undefined && (
                  <RowDifferences task={task} base={other} id={id} change={change} onChange={onChange} />
                )}
              </div>
            )}
          </>
        )}
      </QueryView>
    </Panel>
  );
}

const sourcesInWords = ({ sources }: DatasetVersion) =>
  sources
    .filter(({ rows }) => rows > 0)
    .map(({ name, rows }) => `${sourceNames[name as Source].toLowerCase()} ${count(rows)}`)
    .join(', ') || '–';

const LABELS_SHOWN = 30;

function Difference({ before, after }: { before: DatasetVersion; after: DatasetVersion }) {
  const { totals, sources, labels } = difference(before, after);
  const changed = labels.filter((label) => label.before !== label.after);
  const named = sources.map((row) => ({ ...row, name: sourceNames[row.name as Source] }));
  const heads = [shortId(before.id), shortId(after.id)] as const;
  return (
    <div className={classes.difference}>
      <Changes caption="Sizes and sources" first="What" heads={heads} rows={[...totals, ...named]} />
      {changed.length === 0 ? (
        <p className={classes.quiet}>Every label has as many examples in both.</p>
      ) : (
        <div>
          <Changes caption="Labels" first="Label" heads={heads} rows={changed.slice(0, LABELS_SHOWN)} labels />
          {labels.length - changed.length > 0 && (
            <p className={classes.quiet}>
              {labels.length - changed.length === 1
                ? '1 label has as many in both.'
                : `${count(labels.length - changed.length)} labels have as many in both.`}
            </p>
          )}
        </div>
      )}
    </div>
  );
}

interface ChangesProps {
  caption: string;
  first: string;
  heads: readonly [string, string];
  rows: readonly CountChange[];
  labels?: boolean;
}

function Changes({ caption, first, heads, rows, labels }: ChangesProps) {
  return (
    <DataTable
      caption={caption}
      minWidth={320}
      columns={[
        { head: first },
        { head: <span className="mono">{heads[0]}</span>, align: 'right' },
        { head: <span className="mono">{heads[1]}</span>, align: 'right' },
        { head: 'Change', align: 'right' },
      ]}
    >
      {rows.map(({ name, before, after }) => (
        <Table.Tr key={name}>
          <Table.Td>{labels === true ? <LabelName name={name} /> : name}</Table.Td>
          <Table.Td ta="right" className="figures">
            {count(before)}
          </Table.Td>
          <Table.Td ta="right" className="figures">
            {count(after)}
          </Table.Td>
          <Table.Td ta="right" className="figures">
            {after === before ? '–' : `${after > before ? '+' : '−'}${count(Math.abs(after - before))}`}
          </Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  );
}
