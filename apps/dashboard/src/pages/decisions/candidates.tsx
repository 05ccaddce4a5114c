import type { DecisionDetail } from '@understudy/client';
import { percent } from '../../formatting/numbers.ts';
import classes from './candidates.module.css';

const SHOWN = 8;

/** What the model weighed up, with the bar that the best had to reach. */
export function Candidates({ candidates, threshold }: Pick<DecisionDetail, 'candidates' | 'threshold'>) {
  return (
    <>
      <ol className={classes.list}>
        {candidates.slice(0, SHOWN).map(({ label, score }) => (
          <li key={label} className={classes.row}>
            <span className={classes.name}>{label}</span>
            <span className={classes.track} aria-hidden="true">
              <span className={classes.bar} style={{ width: `${Math.max(0.5, 100 * Math.min(1, score))}%` }} />
              {threshold !== null && <span className={classes.threshold} style={{ left: `${100 * threshold}%` }} />}
            </span>
            <span className={`${classes.score} figures`}>{percent(score)}</span>
          </li>
        ))}
      </ol>
      {candidates.length > SHOWN && <p className={classes.rest}>and {candidates.length - SHOWN} less likely ones</p>}
      {threshold !== null && (
        <p className={classes.rest}>
          <span className={classes.legend} aria-hidden="true" /> threshold {percent(threshold)}
        </p>
      )}
    </>
  );
}
