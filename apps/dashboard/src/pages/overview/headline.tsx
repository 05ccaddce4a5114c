import { useQuery } from '@tanstack/react-query';
import type { Overview, OverviewTask, ValueReport } from '@understudy/client';
import { reviewQueuesQuery } from '../../api/resources.ts';
import { Figure, Figures } from '../../components/figure.tsx';
import type { Tone } from '../../components/status.tsx';
import { Term } from '../../components/term.tsx';
import { count, minutes, money, percent, plural } from '../../formatting/numbers.ts';
import { useScopes } from '../../session/session.ts';
import { asSet } from '../tasks/budget.ts';
import { savingsQuery } from './overview-queries.ts';
import { isLive, type OverviewPeriod } from './period.ts';

interface HeadlineProps {
  overview: Overview;
  period: OverviewPeriod;
  /** One task instead of all. */
  task: OverviewTask | undefined;
}

/** The four figures that everybody asks for, each with what it rests on. */
export function Headline({ overview, period, task }: HeadlineProps) {
  const may = useScopes();
  const { total, queue } = task ?? overview;
  return (
    <Figures minWidth={150}>
      <Figure
        name={<Term name="automation rate">Done without a person</Term>}
        value={percent(total.automation_rate)}
        detail={
          total.decisions === 0
            ? 'Nothing was decided yet'
            : `${count(total.automated)} of ${plural(total.decisions, 'decision')}`
        }
      />
      <ErrorFigure overview={overview} task={task} />
      {may('value:read') && <SavingsFigure period={period} task={task?.task} />}
      <QueueFigure waiting={queue.waiting} task={task?.task} />
    </Figures>
  );
}

function ErrorFigure({ overview, task }: { overview: Overview; task: OverviewTask | undefined }) {
  const { audited_error: error } = (task ?? overview).total;
  const name = <Term name="audited error">Wrong, by blind audit</Term>;
  if (error.estimate === null) {
    return <Figure name={name} value="–" detail={nothingAudited(error)} />;
  }
  const interval = `between ${percent(error.low)} and ${percent(error.high)}`;
  return (
    <Figure
      name={name}
      value={percent(error.estimate)}
      {...(task === undefined ? {} : { tone: toneOf(task.within_budget) })}
      detail={
        <>
          {interval}
          <br />
          {task === undefined ? budgetsInWords(overview.tasks) : `budget ${asSet(task.error_budget.max_error)}`}
          {`, from ${plural(error.audited, 'audit')}`}
        </>
      }
    />
  );
}

const nothingAudited = (error: OverviewTask['total']['audited_error']) =>
  error.pending > 0
    ? `${plural(error.pending, 'audit')} wait${error.pending === 1 ? 's' : ''} for a person`
    : 'No audit was answered yet';

export const toneOf = (within: boolean | null): Tone => (within === false ? 'bad' : within ? 'good' : 'quiet');

function budgetsInWords(tasks: readonly OverviewTask[]): string {
  const beyond = tasks.filter((task) => task.within_budget === false).length;
  if (beyond > 0) return `${plural(beyond, 'task')} over budget`;
  const budgets = [...new Set(tasks.map((task) => task.error_budget.max_error))];
  return budgets.length === 1 ? `budget ${asSet(budgets[0]!)}` : 'no task is over its budget';
}

function SavingsFigure({ period, task }: { period: OverviewPeriod; task: string | undefined }) {
  const { data, error } = useQuery(savingsQuery(period));
  const name = <Term name="baseline">Saved</Term>;
  if (data === undefined) {
    return <Figure name={name} value="–" detail={error === null ? 'Being added up …' : 'Could not be loaded'} />;
  }
  const report = task === undefined ? data : data.tasks.find((one) => one.task === task);
  if (report === undefined) return <Figure name={name} value="–" detail="Nothing was decided yet" />;
  if (report.currency === null) {
    return <Figure name={name} value={perCurrency(data)} detail="In several currencies, which are not added up" />;
  }
  const { savings, currency } = report;
  if (savings.amount === null) {
    return <Figure name={name} value="–" detail={savings.note ?? 'Too little is known yet'} />;
  }
  const lossy = Number(savings.amount) < 0;
  const rate = savings.low === null || savings.high === null ? percent(savings.rate) : rateInterval(savings);
  return (
    <Figure
      name={name}
      value={money(savings.amount, currency)}
      {...(lossy ? { tone: 'bad' as const } : {})}
      detail={`${rate} of ${money(report.baseline.cost, currency)} by hand${isLive(period) ? ', in whole hours' : ''}`}
    />
  );
}

function rateInterval({ low, high, rate }: ValueReport['savings']): string {
  const [a, b] = [percent(low, 0), percent(high, 0)];
  return a === b ? percent(rate, 0) : `${percent(rate, 0)} (${a.replace(' %', '')} – ${b})`;
}

const perCurrency = ({ currencies }: ValueReport) =>
  currencies.map(({ savings, currency }) => money(savings, currency)).join(' + ') || '–';

function QueueFigure({ waiting, task }: { waiting: number; task: string | undefined }) {
  const may = useScopes();
  const { data } = useQuery({ ...reviewQueuesQuery(), enabled: may('review:read') });
  const queue = task === undefined ? data?.total : data?.data.find((one) => one.task === task);
  return (
    <Figure
      name={<Term name="review item">Waiting for people</Term>}
      value={count(waiting)}
      detail={waiting === 0 ? 'Nothing waits' : (work(queue) ?? 'How long it takes is not known yet')}
    />
  );
}

function work(queue: { minutes_waiting: number | null; outlook: string } | undefined): string | null {
  if (queue === undefined || queue.minutes_waiting === null) return null;
  const outlook = { empty: '', shrinking: ', getting shorter', growing: ', growing', unknown: '' }[queue.outlook];
  return `about ${minutes(queue.minutes_waiting)} of work${outlook ?? ''}`;
}
