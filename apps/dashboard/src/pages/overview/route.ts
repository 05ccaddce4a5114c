import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { choiceParam, present, textParam } from '../../search-params.ts';
import { shellRoute } from '../../shell/shell-route.ts';
import { type Period, periods } from './period.ts';

export interface OverviewSearch {
  period?: Period;
  /** The charts show this task only. */
  task?: string;
}

export const overviewRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/',
  validateSearch: (raw: Record<string, unknown>): OverviewSearch =>
    present({ period: choiceParam(raw.period, periods), task: textParam(raw.task, 63) }),
  component: lazyRouteComponent(() => import('./overview-page.tsx'), 'OverviewPage'),
});
