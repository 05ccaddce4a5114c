import type { JobError, JobOptions, JobStatus } from './job.ts';

/** What the workspace's log says of a job's end. Without personal data: it can never be erased. */
export function finishedEvent(
  job: {
    id: string;
    task: string;
    status: JobStatus;
    total: number;
    failed: number;
    many: boolean;
    options: Pick<JobOptions, 'traceId'>;
  },
  end: { decision: string | null; error: JobError | null } | null,
): { type: 'job.finished'; subject: string; data: Record<string, unknown> } {
  return {
    type: 'job.finished',
    subject: job.id,
    data: {
      job: job.id,
      task: job.task,
      status: job.status,
      ...(job.many ? { items: { total: job.total, failed: job.failed } } : {}),
      ...(end?.decision == null ? {} : { decision: end.decision }),
      ...(job.options.traceId === null ? {} : { trace_id: job.options.traceId }),
      ...(end?.error == null ? {} : { error: { code: end.error.code } }),
    },
  };
}
