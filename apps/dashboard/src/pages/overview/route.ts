import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { checked, choiceParam, textParam } from '../../search-params.ts';
import { shellRoute } from '../../shell/shell-route.ts';
import { type OverviewPeriod, overviewPeriods } from './period.ts';

export interface OverviewSearch {
  period?: OverviewPeriod;
  /** The charts show this task only. */
  task?: string;
}

export const overviewRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/',
  validateSearch: (raw: Record<string, unknown>): OverviewSearch =>
    checked({ period: choiceParam(raw.period, overviewPeriods), task: textParam(raw.task, 63) }),
  component: lazyRouteComponent(() => import('./overview-page.tsx'), 'OverviewPage'),
});
