import { checked, choiceParam, patternParam, SLUG } from '../../search-params.ts';

export const jobStates = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type JobState = (typeof jobStates)[number];

/** What the list is narrowed down to; each is a filter of `GET /v1/jobs`. */
export interface JobsSearch {
  status?: JobState;
  task?: string;
}

export const parseJobsSearch = (raw: Record<string, unknown>): JobsSearch =>
  checked({ status: choiceParam(raw.status, jobStates), task: patternParam(raw.task, SLUG) });
