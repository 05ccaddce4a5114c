import { useMemo } from 'react';
import { Chart } from '../../components/chart/chart.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty } from '../../components/states.tsx';
import { Term } from '../../components/term.tsx';
import { count, percent } from '../../formatting/numbers.ts';
import classes from './models.module.css';
import type { ReliabilityBin } from './version-metrics.ts';

const whole = (value: number) => percent(value, 0);

/** Whether the version is right as often as it is sure. */
export function ReliabilityPanel({ bins, rows }: { bins: readonly ReliabilityBin[]; rows: number | null }) {
  const data = useMemo(() => {
    const sorted = [...bins].sort((a, b) => a.confidence - b.confidence);
    return {
      x: sorted.map(({ confidence }) => confidence),
      series: [
        { name: 'Right', values: sorted.map(({ accuracy }) => accuracy), color: 1 as const },
        {
          name: 'As sure as it said',
          values: sorted.map(({ confidence }) => confidence),
          dashed: true,
          color: 3 as const,
        },
      ],
    };
  }, [bins]);
  const largest = bins.reduce<ReliabilityBin | null>(
    (best, bin) => (bin.count > (best?.count ?? 0) ? bin : best),
    null,
  );
  return (
    <Panel
      title={
        <>
          Does its <Term name="confidence">confidence</Term> hold?
        </>
      }
      description="Where the lines part, it is right less often, or more often, than it says."
    >
      {bins.length === 0 ? (
        <Empty title="Nothing was measured" />
      ) : (
        <>
          <Chart
            title="Share of right answers by how sure the version was"
            height={270}
            min={0}
            max={1}
            format={whole}
            formatX={whole}
            {...data}
          />
          {largest !== null && rows !== null && (
            <p className={classes.quiet} style={{ marginTop: 10 }}>
              {count(largest.count)} of {count(rows)} examples were answered with {whole(largest.low)} to{' '}
              {whole(largest.high)} confidence, and {percent(largest.accuracy)} of these were right. Points with few
              examples move by chance.
            </p>
          )}
        </>
      )}
    </Panel>
  );
}
