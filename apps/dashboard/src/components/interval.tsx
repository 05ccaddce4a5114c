import { percent, percentInterval } from '../formatting/numbers.ts';
import classes from './interval.module.css';

interface IntervalProps {
  /** All 0…1. */
  estimate: number | null;
  low: number | null;
  high: number | null;
  /** The largest value allowed, drawn as a line. */
  limit?: number;
  /** Right end of the scale. Default: a round value that holds everything. */
  max?: number;
  /** E.g. `Audited error`. */
  name: string;
}

/** An estimate as a dot, its interval as a bar, the limit as a line; the same in words for who cannot see it. */
export function Interval({ estimate, low, high, limit, max, name }: IntervalProps) {
  if (estimate === null || low === null || high === null) return null;
  const end = max ?? Math.min(1, Math.max(high, limit ?? 0, 0.001) * 1.25);
  const place = (value: number) => `${Math.min(100, (100 * value) / end)}%`;
  const tone = limit === undefined ? 'info' : low > limit ? 'bad' : high > limit ? 'warn' : 'good';
  const words = `${name} ${percent(estimate)}, with 95 % certainty ${percentInterval(low, high)}${limit === undefined ? '' : `, limit ${percent(limit)}`}`;
  return (
    <div className={classes.interval} data-tone={tone} role="img" aria-label={words}>
      <span className={classes.bar} style={{ left: place(low), right: `calc(100% - ${place(high)})` }} />
      <span className={classes.dot} style={{ left: place(estimate) }} />
      {limit !== undefined && <span className={classes.limit} style={{ left: place(limit) }} />}
    </div>
  );
}
