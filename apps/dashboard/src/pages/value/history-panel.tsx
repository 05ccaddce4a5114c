import { useQuery } from '@tanstack/react-query';
import type { ValueReport } from '@understudy/client';
import { useMemo } from 'react';
import { client } from '../../api/client.ts';
import { refresh } from '../../api/query-client.ts';
import { Chart } from '../../components/chart/chart.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty } from '../../components/states.tsx';
import { money, percent } from '../../formatting/numbers.ts';
import classes from './value.module.css';

/** Fewer columns than this are no history: then the hours are shown. */
const FEW = 3;
const RECENT_MS = 4 * 24 * 3_600_000;
const HEIGHT = 230;

/** Costs and automation over time. */
export function HistoryPanel({ report }: { report: ValueReport }) {
  const first = report.buckets[0];
  const young =
    report.bucket !== 'hour' &&
    first !== undefined &&
    report.buckets.length < FEW &&
    Date.now() - Date.parse(first.from) < RECENT_MS;
  const from = first?.from ?? report.from;
  const hours = useQuery({
    queryKey: ['value', 'hours', from, report.task],
    queryFn: ({ signal }) =>
      client.value.report({ from, bucket: 'hour', signal, ...(report.task === null ? {} : { task: report.task }) }),
    enabled: young,
    refetchInterval: refresh.steady,
  });
  const shown = young && hours.data !== undefined ? hours.data : report;
  const { currency, bucket } = shown;
  const known = shown.buckets.filter(({ cost }) => cost.total !== null);
  return (
    <div className={classes.pair}>
      {currency !== null && (
        <Panel title={`Cost by ${bucket}`}>
          {shown.buckets.length < 2 ? (
            <OneOnly bucket={bucket} />
          ) : known.length < 2 ? (
            <Nothing title="Too little evidence">
              What wrong answers cost is part of every total. Too few of the answers were audited to tell.
            </Nothing>
          ) : (
            <Costs buckets={known} currency={currency} />
          )}
        </Panel>
      )}
      <Panel title={`Done without a person, by ${bucket}`}>
        {shown.buckets.length < 2 ? <OneOnly bucket={bucket} /> : <Automation buckets={shown.buckets} />}
      </Panel>
    </div>
  );
}

/** As tall as the chart would be. */
function Nothing({ title, children }: { title: string; children: string }) {
  return (
    <div className={classes.nothing}>
      <Empty title={title}>{children}</Empty>
    </div>
  );
}

function OneOnly({ bucket }: { bucket: string }) {
  return <Nothing title="No history yet">{`There is one ${bucket} so far; a line needs two.`}</Nothing>;
}

type Buckets = ValueReport['buckets'];

const middle = ({ from, to }: Buckets[number]) => (Date.parse(from) + Math.min(Date.now(), Date.parse(to))) / 2;
const whole = (value: number) => percent(value, 0);

function Costs({ buckets, currency }: { buckets: Buckets; currency: string }) {
  const data = useMemo(
    () => ({
      x: buckets.map(middle),
      series: [
        {
          name: 'By hand',
          values: buckets.map(({ baseline }) => (baseline.cost === null ? null : Number(baseline.cost))),
          dashed: true,
          color: 3 as const,
        },
        { name: 'This way', values: buckets.map(({ cost }) => Number(cost.total)), color: 1 as const },
      ],
    }),
    [buckets],
  );
  return (
    <Chart
      title="Cost of the work by hand and this way"
      height={HEIGHT}
      min={0}
      format={(value) => money(value, currency)}
      {...data}
    />
  );
}

function Automation({ buckets }: { buckets: Buckets }) {
  const data = useMemo(
    () => ({
      x: buckets.map(middle),
      series: [
        {
          name: 'Without a person',
          values: buckets.map(({ automation_rate }) => automation_rate),
          color: 1 as const,
        },
        {
          name: 'A person worked on it',
          values: buckets.map(({ human_touch_rate }) => human_touch_rate),
          color: 3 as const,
        },
      ],
    }),
    [buckets],
  );
  return (
    <Chart title="Share of decisions made without a person" height={HEIGHT} min={0} max={1} format={whole} {...data} />
  );
}
