import { useQuery } from '@tanstack/react-query';
import type { Overview, OverviewPoint, OverviewTask } from '@understudy/client';
import { useMemo } from 'react';
import { Chart } from '../../components/chart/chart.tsx';
import { Interval } from '../../components/interval.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { Empty, LoadingBlock } from '../../components/states.tsx';
import { Term } from '../../components/term.tsx';
import { percent, plural } from '../../formatting/numbers.ts';
import { useScopes } from '../../session/session.ts';
import { asSet } from '../tasks/budget.ts';
import classes from './overview-page.module.css';
import { hourlyOverviewQuery } from './overview-queries.ts';
import { automationOver, recentDecisionsQuery } from './recent-automation.ts';

/** Fewer buckets than this say nothing: then the hours are shown. */
const FEW = 3;
const RECENT_MS = 4 * 24 * 3_600_000;
const HEIGHT = 230;

/** Automation and audited error over time, of all tasks or of one. */
export function HistoryPanels({ overview, task }: { overview: Overview; task: OverviewTask | undefined }) {
  const coarse = (task ?? overview).series;
  const first = coarse[0];
  const live = overview.bucket === 'minute' || overview.bucket === 'ten_seconds';
  const young =
    !live &&
    overview.bucket !== 'hour' &&
    first !== undefined &&
    coarse.length < FEW &&
    Date.now() - Date.parse(first.from) < RECENT_MS;
  const hours = useQuery({ ...hourlyOverviewQuery(first?.from ?? overview.from), enabled: young });
  const shown = young && hours.data !== undefined ? hours.data : overview;
  const series = task === undefined ? shown.series : (shown.tasks.find((one) => one.task === task.task)?.series ?? []);
  const may = useScopes();
  // Even hours are too coarse for the first ones of a workspace: then the decisions themselves are counted.
  const newborn =
    (live || (young && hours.data !== undefined)) && series.length > 0 && series.length < FEW && may('decisions:read');
  return (
    <div className={classes.pair}>
      <Panel
        title={
          <>
            <Term name="automation rate">Done without a person</Term>, {newborn ? 'lately' : bucketWords[shown.bucket]}
          </>
        }
      >
        {young && hours.isLoading ? (
          <LoadingBlock height={HEIGHT + 28} />
        ) : newborn ? (
          <RecentAutomation task={task?.task} />
        ) : (
          <AutomationHistory series={series} />
        )}
      </Panel>
      <Panel
        title={
          <>
            <Term name="audited error">Wrong answers</Term>,{' '}
            {live || few(series) ? 'so far' : bucketWords[shown.bucket]}
          </>
        }
      >
        {(live || few(series)) && (task ?? overview).total.audited_error.estimate !== null ? (
          <ErrorSoFar error={(task ?? overview).total.audited_error} budget={budgetOf(overview, task)} />
        ) : (
          <ErrorHistory series={series} budget={budgetOf(overview, task)} />
        )}
      </Panel>
    </div>
  );
}

const bucketWords: Record<Overview['bucket'], string> = {
  ten_seconds: 'every ten seconds',
  minute: 'by minute',
  hour: 'by hour',
  day: 'by day',
  week: 'by week',
  month: 'by month',
};

/** Too few stretches with an audit for a line. */
const few = (series: readonly OverviewPoint[]) =>
  series.filter((point) => point.audited_error.estimate !== null).length < FEW;

/** One line for one budget: tasks with different ones cannot share it. */
function budgetOf(overview: Overview, task: OverviewTask | undefined): number | null {
  if (task !== undefined) return task.error_budget.max_error;
  const budgets = new Set(overview.tasks.map((one) => one.error_budget.max_error));
  return budgets.size === 1 ? [...budgets][0]! : null;
}

const middle = ({ from, to }: OverviewPoint) => (Date.parse(from) + Math.min(Date.now(), Date.parse(to))) / 2;
const whole = (value: number) => percent(value, 0);
const fine = (value: number) => percent(value, Number.isInteger(Math.round(value * 1e6) / 1e4) ? 0 : 1);

function AutomationHistory({ series }: { series: readonly OverviewPoint[] }) {
  const data = useMemo(
    () => ({
      x: series.map(middle),
      series: [
        { name: 'Without a person', values: series.map((point) => point.automation_rate), color: 1 as const },
        { name: 'A person worked on it', values: series.map((point) => point.human_touch_rate), color: 3 as const },
      ],
    }),
    [series],
  );
  if (series.length === 0) return <Nothing title="Nothing was decided in this period" />;
  return (
    <Chart title="Share of decisions made without a person" height={HEIGHT} min={0} max={1} format={whole} {...data} />
  );
}

function RecentAutomation({ task }: { task: string | undefined }) {
  const query = useQuery(recentDecisionsQuery(task));
  const data = useMemo(() => {
    const points = automationOver(query.data ?? []);
    return {
      x: points.map(({ at }) => at),
      series: [{ name: 'Without a person', values: points.map(({ rate }) => rate), color: 1 as const }],
    };
  }, [query.data]);
  return (
    <QueryView
      query={query}
      loading={<LoadingBlock height={HEIGHT + 28} />}
      isEmpty={(rows) => rows.length === 0}
      empty={<Nothing title="Nothing was decided yet" />}
    >
      {(rows) =>
        data.x.length < 2 ? (
          <div className={classes.nothing}>
            <div className={classes.single}>
              <span className={`${classes.big} figures`}>{percent(data.series[0]!.values[0])}</span>
              <p className={classes.singleText}>
                of {plural(rows.length, 'decision')}. The line begins as soon as more come in.
              </p>
            </div>
          </div>
        ) : (
          <Chart
            title="Share of the latest decisions made without a person"
            height={HEIGHT}
            min={0}
            max={1}
            format={whole}
            {...data}
          />
        )
      }
    </QueryView>
  );
}

/** One figure with its interval, while there is nothing to draw a line through. */
function ErrorSoFar({ error, budget }: { error: OverviewTask['total']['audited_error']; budget: number | null }) {
  return (
    <div className={classes.nothing}>
      <div className={classes.single}>
        <span className={`${classes.big} figures`}>{percent(error.estimate)}</span>
        <Interval
          name="Audited error"
          estimate={error.estimate}
          low={error.low}
          high={error.high}
          {...(budget === null ? {} : { limit: budget })}
          max={Math.max(2 * (budget ?? 0.05), Math.min(1, (error.estimate ?? 0) * 1.3))}
        />
        <p className={classes.singleText}>
          Between {percent(error.low)} and {percent(error.high)}, from {plural(error.audited, 'audit')}
          {budget !== null && `; the line is the budget of ${asSet(budget)}`}. More audits make this more precise.
        </p>
      </div>
    </div>
  );
}

function ErrorHistory({ series, budget }: { series: readonly OverviewPoint[]; budget: number | null }) {
  const known = useMemo(() => series.filter((point) => point.audited_error.estimate !== null), [series]);
  const top = niceTop(
    Math.max((budget ?? 0.02) * 2, ...known.map((point) => (point.audited_error.estimate ?? 0) * 1.3)),
  );
  const data = useMemo(
    () => ({
      x: known.map(middle),
      series: [
        {
          name: 'Wrong, by blind audit',
          values: known.map((point) => point.audited_error.estimate),
          // The band may reach beyond the axis; cut, the line stays legible.
          low: known.map((point) => Math.min(top, point.audited_error.low)),
          high: known.map((point) => Math.min(top, point.audited_error.high)),
          color: 1 as const,
        },
        ...(budget === null
          ? []
          : [{ name: 'Error budget', values: known.map(() => budget), dashed: true, color: 5 as const }]),
      ],
    }),
    [known, budget, top],
  );
  if (known.length === 0) {
    return (
      <Nothing title="No audit was answered in this period">
        A random share of the automated decisions is also put before a person, who does not see the answer. How often it
        was wrong appears here.
      </Nothing>
    );
  }
  return (
    <Chart
      title="Share of automated decisions that were wrong, by blind audit"
      height={HEIGHT}
      min={0}
      max={top}
      format={fine}
      {...data}
    />
  );
}

/** As tall as the chart would be. */
function Nothing({ title, children }: { title: string; children?: string }) {
  return (
    <div className={classes.nothing}>
      <Empty title={title}>{children}</Empty>
    </div>
  );
}

/** A round end of an axis, at least as high. */
function niceTop(value: number): number {
  return [0.01, 0.02, 0.04, 0.06, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8].find((top) => top >= value) ?? 1;
}
