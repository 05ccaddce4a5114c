import type { JobSummary } from '@understudy/client';
import type { TimelineEntry } from '../../components/timeline.tsx';
import { plural } from '../../formatting/numbers.ts';

/** What happened to a job, in order, and what comes next. */
export function jobTimeline(job: JobSummary): TimelineEntry[] {
  const entries: TimelineEntry[] = [{ at: job.created_at, title: 'Accepted', detail: 'Kept safe from here on.' }];
  if (job.started_at !== null) {
    const again = job.attempts > 1 ? `${plural(job.attempts, 'attempt')} so far.` : undefined;
    entries.push({
      at: job.started_at,
      title: 'Taken up by a worker',
      tone: 'info',
      ...(again === undefined || job.finished_at !== null ? {} : { detail: again }),
    });
  }
  if (job.finished_at !== null) {
    // Of a job with many items, attempts are those of the part that was under way.
    const after = job.attempts > 0 ? { detail: `After ${plural(job.attempts, 'attempt')}.` } : {};
    if (job.status === 'succeeded') {
      entries.push({ at: job.finished_at, title: 'Done', tone: 'good', ...after });
    } else if (job.status === 'failed') {
      entries.push({ at: job.finished_at, title: 'Given up', tone: 'bad', ...after });
    } else {
      entries.push({ at: job.finished_at, title: 'Cancelled', detail: 'What was decided before stays.' });
    }
    return entries;
  }
  if (job.status === 'queued') {
    if (job.not_before !== null) entries.push({ at: job.not_before, title: 'Due', detail: 'It waits for this time.' });
    if (job.error !== null) {
      entries.push({
        title: 'To be tried again',
        tone: 'warn',
        detail: `The last attempt failed: ${job.error.detail}`,
      });
    }
    entries.push({ title: 'A worker takes it up' });
  }
  entries.push({ title: 'Done' });
  return entries;
}
