import { useElementSize } from '@mantine/hooks';
import type { DialPosition } from '@understudy/client';
import { percent } from '../../formatting/numbers.ts';
import classes from './dial-panel.module.css';
import { budgetStops, placeOf } from './dial-scale.ts';

interface DialCurveProps {
  positions: readonly DialPosition[];
  now: number;
  tried: number;
  /** At the budget that is tried, once it is known. */
  coverage: number | undefined;
}

const HEIGHT = 132;
const TOP = 18;
const BOTTOM = 2;
/** Half of the slider’s thumb, so that the curve stands exactly above it. */
const INSET = 0;

/** Over the slider: which share of all items could be answered alone at each budget. */
export function DialCurve({ positions, now, tried, coverage }: DialCurveProps) {
  const { ref, width } = useElementSize();
  const inner = Math.max(1, width - 2 * INSET);
  const x = (budget: number) => INSET + (placeOf(budget, budgetStops) / (budgetStops.length - 1)) * inner;
  const y = (share: number) => TOP + (1 - share) * (HEIGHT - TOP - BOTTOM);
  const inside = positions.filter(({ max_error: at }) => at >= budgetStops[0] && at <= budgetStops.at(-1)!);
  const line = inside
    .map(({ max_error: at, expected_coverage: share }, index) => `${index === 0 ? 'M' : 'L'}${x(at)},${y(share)}`)
    .join('');
  const [first, last] = [inside[0], inside.at(-1)];
  const at = x(tried);
  return (
    <div ref={ref} style={{ height: HEIGHT }} className={classes.curve}>
      {width > 0 && (
        <svg width={width} height={HEIGHT} aria-hidden="true">
          {[0, 0.5, 1].map((share) => (
            <g key={share}>
              <line className={classes.grid} x1={0} x2={width} y1={y(share)} y2={y(share)} />
              <text className={classes.tick} x={width} y={y(share) - 4} textAnchor="end">
                {share === 1 ? 'all answered alone' : share === 0 ? '' : '50 %'}
              </text>
            </g>
          ))}
          {first !== undefined && last !== undefined && (
            <>
              <path
                className={classes.area}
                d={`${line}L${x(last.max_error)},${y(0)}L${x(first.max_error)},${y(0)}Z`}
              />
              <path className={classes.line} d={line} />
            </>
          )}
          <line className={classes.now} x1={x(now)} x2={x(now)} y1={TOP} y2={y(0)} />
          <line
            className={classes.tried}
            x1={at}
            x2={at}
            y1={coverage === undefined ? y(0.5) : y(coverage)}
            y2={y(0)}
          />
          {coverage !== undefined && (
            <>
              <circle className={classes.dot} cx={at} cy={y(coverage)} r={5} />
              <text
                className={classes.value}
                x={Math.min(width - 24, Math.max(24, at))}
                y={y(coverage) - 10}
                textAnchor="middle"
              >
                {percent(coverage, 0)}
              </text>
            </>
          )}
        </svg>
      )}
    </div>
  );
}
