import type { JobSummary } from '@understudy/client';
import { Status, type Tone } from '../../components/status.tsx';

export const jobStateNames: Record<JobSummary['status'], string> = {
  queued: 'Waiting',
  running: 'Running',
  succeeded: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

const tones: Record<JobSummary['status'], Tone> = {
  queued: 'quiet',
  running: 'info',
  succeeded: 'good',
  failed: 'bad',
  cancelled: 'quiet',
};

export const isOver = ({ status }: Pick<JobSummary, 'status'>) => status !== 'queued' && status !== 'running';

/** How far a job is, in a word; one that waits for its time says so. */
export function JobStatus({ job }: { job: Pick<JobSummary, 'status' | 'not_before'> }) {
  if (job.status === 'queued' && job.not_before !== null) return <Status tone="quiet">Scheduled</Status>;
  return <Status tone={tones[job.status]}>{jobStateNames[job.status]}</Status>;
}
