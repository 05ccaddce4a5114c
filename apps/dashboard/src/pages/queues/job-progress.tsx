import { Progress } from '@mantine/core';
import type { JobSummary } from '@understudy/client';
import { count } from '../../formatting/numbers.ts';
import { stopwatch } from '../../formatting/time.ts';
import { isOver } from './job-status.tsx';
import classes from './jobs.module.css';

/** How many of its items are decided; of a job with one item, nothing to show. */
export function JobProgress({ job, wide }: { job: JobSummary; wide?: boolean }) {
  const { done, total, eta_seconds: eta } = job.progress;
  const over = isOver(job);
  return (
    <div className={classes.progress} data-wide={wide === true || undefined}>
      {total > 1 && (!over || wide === true) && (
        <Progress
          value={(100 * done) / Math.max(1, total)}
          color={job.status === 'failed' ? 'red' : 'brand'}
          aria-label={`${count(done)} of ${count(total)} items`}
          animated={job.status === 'running'}
        />
      )}
      <span className="figures nowrap">
        {total === 1 ? '1 item' : `${count(done)} of ${count(total)}`}
        {!over && eta !== null && <span className={classes.eta}> · about {stopwatch(eta * 1000)} left</span>}
      </span>
    </div>
  );
}
