import { Tooltip } from '@mantine/core';
import type { Quality } from '@understudy/client';
import { Empty } from '../../components/states.tsx';
import { count, percent, plural } from '../../formatting/numbers.ts';
import { asSet } from './budget.ts';
import classes from './quality-tab.module.css';

interface ConfidenceDistributionProps {
  bands: Quality['confidence_distribution'];
  /** From here on the model answers alone; null = nowhere. */
  threshold: number | null;
}

/** Columns from unsure to sure; what was answered alone stands on top of what was left to people. */
export function ConfidenceDistribution({ bands, threshold }: ConfidenceDistributionProps) {
  const first = bands[0];
  if (first === undefined) return <Empty title="No decision had a model behind it yet" />;
  const slots = withoutGaps(bands);
  const most = Math.max(...bands.map(({ automated, review }) => automated + review));
  const automated = bands.reduce((sum, band) => sum + band.automated, 0);
  const review = bands.reduce((sum, band) => sum + band.review, 0);
  return (
    <>
      <div
        className={classes.bars}
        role="img"
        aria-label={`${count(automated)} answered alone and ${count(review)} left to people; most often, the model was ${percent(bands.reduce((a, b) => (a.automated + a.review >= b.automated + b.review ? a : b)).low, 0)} sure.`}
      >
        {slots.map((band) => (
          <Tooltip
            key={band.low}
            label={`${asSet(band.low)} to ${asSet(band.high)} sure: ${plural(band.automated, 'answer')} alone, ${count(band.review)} left to people`}
          >
            <div className={classes.column}>
              <div className={classes.automated} style={{ height: `${(100 * band.automated) / most}%` }} />
              <div className={classes.review} style={{ height: `${(100 * band.review) / most}%` }} />
            </div>
          </Tooltip>
        ))}
        {threshold !== null && threshold > first.low && (
          <div className={classes.threshold} style={{ left: placeOf(threshold, slots) }}>
            <span>alone from {percent(threshold)}</span>
          </div>
        )}
      </div>
      <div className={`${classes.axis} figures`} aria-hidden="true">
        {slots.map((band, index) => (
          <span key={band.low}>{index % Math.ceil(slots.length / LABELS) === 0 ? asSet(band.low) : ''}</span>
        ))}
      </div>
      <p className={classes.legend}>
        <span>
          <i className={classes.key} style={{ background: 'var(--chart-1)' }} />
          Answered alone ({count(automated)})
        </span>
        <span>
          <i className={classes.key} style={{ background: 'var(--line-strong)' }} />
          Left to people ({count(review)})
        </span>
      </p>
    </>
  );
}

/** Names below the columns, at most. */
const LABELS = 7;

type Bands = Quality['confidence_distribution'];

/** The bands as they come, which are the finer the surer; where decisions are missing, an empty one. */
function withoutGaps(bands: Bands): Bands {
  const rows: Bands = [];
  for (const band of bands) {
    const before = rows.at(-1);
    if (before !== undefined && band.low - before.high > 1e-9) {
      rows.push({ low: before.high, high: band.low, automated: 0, review: 0 });
    }
    rows.push(band);
  }
  const last = rows.at(-1);
  if (last !== undefined && 1 - last.high > 1e-9) rows.push({ low: last.high, high: 1, automated: 0, review: 0 });
  return rows;
}

/** How far to the right a confidence stands, every band being as wide as the others. */
function placeOf(value: number, slots: Bands): string {
  const index = slots.findIndex(({ high }) => value < high);
  const band = slots[index];
  if (band === undefined) return '100%';
  return `${(100 * (index + Math.max(0, value - band.low) / (band.high - band.low))) / slots.length}%`;
}
