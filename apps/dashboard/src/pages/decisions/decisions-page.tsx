import { Table } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { DecisionFilter, DecisionSummary } from '@understudy/client';
import { refresh } from '../../api/query-client.ts';
import { decisionsQuery } from '../../api/resources.ts';
import { DataTable } from '../../components/data-table.tsx';
import { Endless, whileShort } from '../../components/endless.tsx';
import { TextLink } from '../../components/links.tsx';
import rowClasses from '../../components/list-row.module.css';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty, LoadingRows } from '../../components/states.tsx';
import { LabelName, Status } from '../../components/status.tsx';
import { Term } from '../../components/term.tsx';
import { Time } from '../../components/time.tsx';
import { percent } from '../../formatting/numbers.ts';
import { givenCount } from '../../search-params.ts';
import { IconListDetails } from '../../theme/icons.ts';
import { type DecisionsSearch, parseDecisionsSearch } from './decisions-search.ts';
import { Filters } from './filters.tsx';
import { ViewsMenu } from './views-menu.tsx';

const route = getRouteApi('/shell/decisions');

/** Days of the viewer’s calendar as moments; `to` is the end of its day. */
function filterOf({ from, to, ...rest }: DecisionsSearch): DecisionFilter {
  const start = (day: string, plus: number): string | undefined => {
    const [year, month, date] = day.split('-').map(Number);
    const moment = new Date(year!, month! - 1, date! + plus);
    return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
  };
  const begin = from === undefined ? undefined : start(from, 0);
  const end = to === undefined ? undefined : start(to, 1);
  return { ...rest, ...(begin === undefined ? {} : { from: begin }), ...(end === undefined ? {} : { to: end }) };
}

/** Every decision of the workspace, newest first. */
export function DecisionsPage() {
  // Only what is a filter: the router leaves everything else that an address says in there.
  const search = parseDecisionsSearch({ ...route.useSearch() });
  const navigate = route.useNavigate();
  const query = useInfiniteQuery({
    ...decisionsQuery(filterOf(search)),
    refetchInterval: whileShort(refresh.steady),
  });
  const change = (part: Partial<DecisionsSearch>) =>
    void navigate({
      search: (old) =>
        Object.fromEntries(Object.entries({ ...old, ...part }).filter(([, value]) => value !== undefined)),
      replace: true,
    });
  return (
    <Page
      title="Decisions"
      wide
      description={
        <>
          Every question that was asked and what was answered, as it stands in the <Term name="ledger" />.
        </>
      }
      actions={<ViewsMenu search={search} onChoose={(chosen) => void navigate({ search: chosen })} />}
    >
      <Filters
        search={search}
        onChange={change}
        onClear={() => void navigate({ search: {} })}
        onOpen={(decision) => void navigate({ to: '/decisions/$decision', params: { decision } })}
      />
      <Panel flush>
        <Endless
          query={query}
          loading={<LoadingRows rows={12} height={18} gap={19} />}
          isEmpty={(pages) => pages.every(({ data }) => data.length === 0)}
          empty={<Nothing filtered={givenCount(search) > 0} />}
        >
          {(pages) => <Rows rows={pages.flatMap(({ data }) => data)} />}
        </Endless>
      </Panel>
    </Page>
  );
}

function Nothing({ filtered }: { filtered: boolean }) {
  return filtered ? (
    <Empty title="No decision matches" icon={<IconListDetails size={22} />}>
      Take a filter away, or look at a longer time.
    </Empty>
  ) : (
    <Empty title="No decision yet" icon={<IconListDetails size={22} />}>
      As soon as your application asks for one, it stands here.
    </Empty>
  );
}

function Rows({ rows }: { rows: readonly DecisionSummary[] }) {
  return (
    <DataTable
      caption="Decisions"
      minWidth={820}
      columns={[
        { head: 'Made', width: 120 },
        { head: 'Task' },
        { head: 'Outcome', width: 150 },
        { head: 'Answer' },
        { head: <Term name="confidence">Confidence</Term>, align: 'right', width: 110 },
        { head: 'Model', width: 90 },
        { head: 'External id' },
      ]}
    >
      {rows.map((row) => (
        <Table.Tr key={row.id} className={rowClasses.row}>
          <Table.Td>
            <TextLink to="/decisions/$decision" params={{ decision: row.id }} className={rowClasses.link ?? ''}>
              <Time at={row.created_at} />
            </TextLink>
          </Table.Td>
          <Table.Td>{row.task}</Table.Td>
          <Table.Td>
            <OutcomeStatus outcome={row.outcome} />
          </Table.Td>
          <Table.Td>
            <Answer row={row} />
          </Table.Td>
          <Table.Td ta="right" className="figures">
            {percent(row.confidence)}
          </Table.Td>
          <Table.Td className="figures">{row.decided_by === null ? '–' : `v${row.decided_by.version}`}</Table.Td>
          <Table.Td className={rowClasses.cut ?? ''}>{row.external_id ?? '–'}</Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  );
}

export function OutcomeStatus({ outcome }: { outcome: 'automated' | 'review' }) {
  return outcome === 'automated' ? <Status tone="good">Automated</Status> : <Status tone="info">Went to people</Status>;
}

function Answer({ row: { label, suggestion } }: { row: DecisionSummary }) {
  if (label !== null) return <LabelName name={label} />;
  if (suggestion !== null) {
    return (
      <span title="What the model would have said">
        <LabelName name={suggestion.label} muted />
      </span>
    );
  }
  return '–';
}
