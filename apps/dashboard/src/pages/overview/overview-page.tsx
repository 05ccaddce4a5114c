import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { Overview } from '@understudy/client';
import { reviewQueuesQuery } from '../../api/resources.ts';
import { ButtonLink } from '../../components/links.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Failure, LoadingBlock } from '../../components/states.tsx';
import { useScopes } from '../../session/session.ts';
import { IconPlus } from '../../theme/icons.ts';
import { AlertsPanel } from './alerts-panel.tsx';
import { FirstSteps } from './first-steps.tsx';
import { Headline } from './headline.tsx';
import { HistoryPanels } from './history-panels.tsx';
import classes from './overview-page.module.css';
import { openAlertsQuery, overviewQuery, savingsQuery, youthQuery } from './overview-queries.ts';
import { type OverviewPeriod, openingPeriod, overviewPeriods, periodFacts } from './period.ts';
import { PeriodPicker } from './period-picker.tsx';
import { TasksPanel } from './tasks-panel.tsx';

const route = getRouteApi('/shell/');

/** What is taken over, how well, and what waits: for whoever opens the dashboard in the morning. */
export function OverviewPage() {
  const { period: chosen, task } = route.useSearch();
  const navigate = route.useNavigate();
  const may = useScopes();
  const youth = useQuery({ ...youthQuery(), enabled: chosen === undefined });
  const period = chosen ?? openingPeriod(youth.data ?? null, Date.now());
  const opening = chosen === undefined && youth.isLoading;
  const overview = useQuery({ ...overviewQuery(period), enabled: !opening });
  const alerts = useQuery({ ...openAlertsQuery(), enabled: may('alerts:read') });
  // What stands on top decides where the rest stands: all of it is shown at once.
  const savings = useQuery({ ...savingsQuery(period), enabled: !opening && may('value:read') });
  const queues = useQuery({ ...reviewQueuesQuery(), enabled: may('review:read') });
  const waits = overview.data === undefined || alerts.isLoading || savings.isLoading || queues.isLoading;
  const pick = (next: OverviewPeriod) =>
    void navigate({ search: (old) => ({ ...old, period: next }), replace: true, resetScroll: false });
  return (
    <Page
      title="Overview"
      description={`What Understudy has taken over in ${periodFacts[period].words}, how often it was wrong, and what waits for people.`}
      actions={
        <>
          <Select
            size="xs"
            w={190}
            aria-label="Task in the charts"
            disabled={(overview.data?.tasks.length ?? 0) < 2}
            value={task ?? ''}
            onChange={(value) =>
              void navigate({
                search: (old) => ({ ...old, task: value === null || value === '' ? undefined : value }),
                replace: true,
                resetScroll: false,
              })
            }
            data={[
              { value: '', label: 'All tasks' },
              ...(overview.data?.tasks ?? []).map((one) => ({ value: one.task, label: one.title })),
            ]}
          />
          <PeriodPicker period={period} onPick={pick} choices={overviewPeriods} />
        </>
      }
    >
      {overview.data === undefined && overview.error !== null ? (
        <Panel>
          <Failure error={overview.error} onRetry={() => void overview.refetch()} retrying={overview.isFetching} />
        </Panel>
      ) : waits ? (
        <div className={classes.stack}>
          <LoadingBlock height={112} />
          <LoadingBlock height={330} />
          <LoadingBlock height={260} />
        </div>
      ) : (
        <Filled overview={overview.data!} period={period} task={task} stale={overview.isPlaceholderData}>
          <AlertsPanel query={alerts} />
        </Filled>
      )}
    </Page>
  );
}

interface FilledProps {
  overview: Overview;
  period: OverviewPeriod;
  task: string | undefined;
  /** Of the period before; the one asked for is on its way. */
  stale: boolean;
  children: React.ReactNode;
}

function Filled({ overview, period, task, stale, children }: FilledProps) {
  const may = useScopes();
  const shown = task === undefined ? undefined : overview.tasks.find((one) => one.task === task);
  if (overview.tasks.length === 0 || (overview.evidence.ledger_size === 0 && overview.total.decisions === 0)) {
    return (
      <div className={classes.stack}>
        {children}
        <FirstSteps tasks={overview.tasks} />
      </div>
    );
  }
  return (
    <div className={classes.stack} data-stale={stale || undefined}>
      {children}
      <Headline overview={overview} period={period} task={shown} />
      <HistoryPanels overview={overview} task={shown} />
      <TasksPanel
        overview={overview}
        period={period}
        actions={
          may('tasks:write') && (
            <ButtonLink to="/new-task" variant="default" size="xs" leftSection={<IconPlus size={14} />}>
              New task
            </ButtonLink>
          )
        }
      />
    </div>
  );
}
