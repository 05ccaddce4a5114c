import { Button, SegmentedControl, Table } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { DatasetDiff, DatasetRowDifference, RowChange } from '@understudy/client';
import { DataTable } from '../../components/data-table.tsx';
import { Failure, LoadingRows } from '../../components/states.tsx';
import { LabelName, Status } from '../../components/status.tsx';
import { count } from '../../formatting/numbers.ts';
import classes from './data.module.css';
import { differencesQuery } from './data-queries.ts';

const names: Record<RowChange, string> = {
  relabelled: 'Relabelled',
  added: 'Added',
  removed: 'Removed',
  changed: 'Otherwise changed',
};
const tones = { relabelled: 'warn', added: 'good', removed: 'bad', changed: 'quiet' } as const;

interface RowDifferencesProps {
  task: string;
  base: string;
  id: string;
  change: RowChange | undefined;
  onChange(change: RowChange | undefined): void;
}

/** The rows themselves in which two dataset versions differ. */
export function RowDifferences({ task, base, id, change, onChange }: RowDifferencesProps) {
  const query = useInfiniteQuery(differencesQuery(task, id, base, change));
  const summary = query.data?.pages[0]?.summary;
  const rows = query.data?.pages.flatMap(({ data }) => data);
  return (
    <section aria-label="Rows that differ">
      <div className={classes.differing}>
        <SegmentedControl
          size="xs"
          aria-label="Kind of change"
          value={change ?? ''}
          onChange={(value) => onChange((value || undefined) as RowChange | undefined)}
          className={classes.sources ?? ''}
          data={[
            { value: '', label: 'All rows that differ' },
            ...(Object.keys(names) as RowChange[]).map((value) => ({
              value,
              label: summary === undefined ? names[value] : `${names[value]} ${count(summary[value])}`,
            })),
          ]}
        />
        {summary !== undefined && (
          <span className={classes.quiet}>{count(summary.unchanged)} are the same in both</span>
        )}
      </div>
      {summary !== undefined && summary.relabellings.length > 0 && <Relabellings summary={summary} />}
      {rows === undefined ? (
        query.error === null ? (
          <LoadingRows rows={6} height={22} gap={16} />
        ) : (
          <Failure error={query.error} onRetry={() => void query.refetch()} retrying={query.isFetching} />
        )
      ) : rows.length === 0 ? (
        <p className={classes.quiet}>
          {change === undefined ? 'Both hold the same rows.' : 'No row differs in this way.'}
        </p>
      ) : (
        <Rows rows={rows} />
      )}
      {query.hasNextPage && (
        <div className={classes.more}>
          <Button variant="subtle" onClick={() => void query.fetchNextPage()} loading={query.isFetchingNextPage}>
            {query.isFetchNextPageError ? 'That failed; try again' : 'Load more'}
          </Button>
        </div>
      )}
    </section>
  );
}

const PAIRS_SHOWN = 6;

function Relabellings({ summary: { relabellings } }: { summary: DatasetDiff['summary'] }) {
  return (
    <p className={classes.pairs}>
      {relabellings.slice(0, PAIRS_SHOWN).map(({ from, to, rows }) => (
        <span key={`${from}\n${to}`}>
          <LabelName name={from} /> → <LabelName name={to} /> {count(rows)}
        </span>
      ))}
      {relabellings.length > PAIRS_SHOWN && (
        <span className={classes.quiet}>and {count(relabellings.length - PAIRS_SHOWN)} more pairs of labels</span>
      )}
    </p>
  );
}

const LONG = 260;

function Rows({ rows }: { rows: readonly DatasetRowDifference[] }) {
  return (
    <DataTable
      caption="Rows that differ"
      minWidth={420}
      columns={[{ head: 'Change', width: 150 }, { head: 'Text' }, { head: 'Label' }]}
    >
      {rows.map(({ change, text, before, after }) => (
        <Table.Tr key={`${before?.digest} ${after?.digest}`}>
          <Table.Td style={{ verticalAlign: 'top' }}>
            <Status tone={tones[change]}>{names[change].toLowerCase()}</Status>
          </Table.Td>
          <Table.Td>
            <p className={`content ${classes.text}`} dir="auto">
              {text.length > LONG ? `${text.slice(0, LONG)}…` : text}
            </p>
          </Table.Td>
          <Table.Td style={{ verticalAlign: 'top' }}>
            {before !== null && after !== null && before.label !== after.label ? (
              <>
                <LabelName name={before.label} /> → <LabelName name={after.label} />
              </>
            ) : (
              <LabelName name={(after ?? before)!.label} />
            )}
          </Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  );
}
