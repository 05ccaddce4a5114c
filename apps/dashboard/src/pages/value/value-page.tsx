import { SegmentedControl, Select } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ValueReport } from '@understudy/client';
import { client } from '../../api/client.ts';
import { refresh } from '../../api/query-client.ts';
import { tasksQuery } from '../../api/resources.ts';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { Empty, LoadingBlock, LoadingRows } from '../../components/states.tsx';
import { Term } from '../../components/term.tsx';
import { useNow } from '../../components/time.tsx';
import { shortTime } from '../../formatting/time.ts';
import { useScopes } from '../../session/session.ts';
import { IconReceipt } from '../../theme/icons.ts';
import { CostPanel } from './cost-panel.tsx';
import { EvidencePanel } from './evidence-panel.tsx';
import { ExportPanel } from './export-panel.tsx';
import { HistoryPanel } from './history-panel.tsx';
import { ReportButtons } from './report-buttons.tsx';
import { SavingsPanel } from './savings-panel.tsx';
import { TasksPanel } from './tasks-panel.tsx';
import classes from './value.module.css';
import { type ValuePeriod, type ValueSearch, valuePeriods } from './value-search.ts';
import { windowOf } from './value-window.ts';

const route = getRouteApi('/shell/value');

const periodNames: Record<ValuePeriod, string> = {
  '24h': '24 h',
  '7d': '7 days',
  '30d': '30 days',
  '90d': '90 days',
  '1y': 'Year',
  all: 'All',
};

/** What automation saves, what it costs, and why that can be believed. */
export function ValuePage() {
  const { period = '30d', task } = route.useSearch();
  const navigate = route.useNavigate();
  const may = useScopes();
  const tasks = useQuery({ ...tasksQuery(), enabled: may('tasks:read') });
  const query = useQuery({
    queryKey: ['value', 'report', period, task],
    queryFn: ({ signal }) => client.value.report({ ...windowOf(period, task, Date.now()), signal }),
    placeholderData: keepPreviousData,
    refetchInterval: refresh.steady,
  });
  const change = (part: { [K in keyof ValueSearch]: ValueSearch[K] | undefined }) =>
    void navigate({
      search: (old) =>
        Object.fromEntries(Object.entries({ ...old, ...part }).filter(([, value]) => value !== undefined)),
      replace: true,
      resetScroll: false,
    });
  return (
    <Page
      title="Value"
      description={
        <>
          What automation saves against the <Term name="baseline">same work done by hand</Term>. Every figure follows
          from the <Term name="ledger" />, and anybody can check it.
        </>
      }
      actions={query.data !== undefined && <ReportButtons report={query.data} />}
    >
      <div className={`${classes.bar} no-print`}>
        <SegmentedControl
          size="xs"
          aria-label="Period"
          value={period}
          onChange={(value) => change({ period: value === '30d' ? undefined : (value as ValuePeriod) })}
          data={valuePeriods.map((value) => ({ value, label: periodNames[value] }))}
        />
        <Select
          size="xs"
          aria-label="Task"
          placeholder="All tasks"
          clearable
          searchable
          value={task ?? null}
          onChange={(value) => change({ task: value ?? undefined })}
          data={(tasks.data ?? []).map(({ task: name, title }) => ({ value: name, label: title || name }))}
          w={200}
        />
        {query.data !== undefined && <Span report={query.data} />}
      </div>
      <div aria-busy={query.isPlaceholderData || undefined} className={classes.stack}>
        {query.data === undefined && query.error !== null ? (
          <Panel>
            <QueryView query={query}>{() => null}</QueryView>
          </Panel>
        ) : (
          <QueryView
            query={query}
            loading={
              <>
                <Panel>
                  <LoadingBlock height={112} />
                </Panel>
                <Panel>
                  <LoadingBlock height={68} />
                </Panel>
                <Panel title="What it cost, and what it would have cost" flush>
                  <LoadingRows rows={7} height={24} />
                </Panel>
              </>
            }
            isEmpty={({ decisions }) => decisions === 0}
            empty={
              <Panel>
                <Empty title="Nothing was decided in this period" icon={<IconReceipt size={22} />}>
                  As soon as your application asks for decisions, this page says what they cost and what they save.
                </Empty>
              </Panel>
            }
          >
            {(report) => <Report report={report} />}
          </QueryView>
        )}
      </div>
    </Page>
  );
}

function Span({ report }: { report: ValueReport }) {
  const now = useNow();
  const moment = (at: string) => shortTime(Date.parse(at), { now });
  return (
    <span className={`${classes.quiet} figures`}>
      {moment(report.from)} to {moment(report.to)}, whole hours
    </span>
  );
}

function Report({ report }: { report: ValueReport }) {
  return (
    <>
      <SavingsPanel report={report} />
      <CostPanel report={report} />
      <HistoryPanel report={report} />
      {report.tasks.length > 1 && <TasksPanel tasks={report.tasks} />}
      <EvidencePanel report={report} />
      <ExportPanel report={report} />
    </>
  );
}
