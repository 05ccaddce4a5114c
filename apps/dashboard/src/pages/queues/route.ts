import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { checked, choiceParam, patternParam, SLUG } from '../../search-params.ts';
import { shellRoute } from '../../shell/shell-route.ts';

export const jobStates = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type JobState = (typeof jobStates)[number];

/** What the list is narrowed down to; each is a filter of `GET /v1/jobs`. */
export interface JobsSearch {
  status?: JobState;
  task?: string;
}

export const parseJobsSearch = (raw: Record<string, unknown>): JobsSearch =>
  checked({ status: choiceParam(raw.status, jobStates), task: patternParam(raw.task, SLUG) });

export const queuesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/queues',
  component: lazyRouteComponent(() => import('./queues-page.tsx'), 'QueuesPage'),
});

export const jobsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/jobs',
  validateSearch: parseJobsSearch,
  component: lazyRouteComponent(() => import('./jobs-page.tsx'), 'JobsPage'),
});

export const jobRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/jobs/$job',
  component: lazyRouteComponent(() => import('./job-page.tsx'), 'JobPage'),
});
