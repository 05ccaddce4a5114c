import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { checked, choiceParam, textParam } from '../../search-params.ts';
import { shellRoute } from '../../shell/shell-route.ts';

export interface ReviewSearch {
  task?: string;
  mode?: 'grid';
  queue?: 'leads';
}

export const reviewRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/review',
  validateSearch: (raw: Record<string, unknown>): ReviewSearch =>
    checked({
      task: textParam(raw.task, 63),
      mode: choiceParam(raw.mode, ['grid'] as const),
      queue: choiceParam(raw.queue, ['leads'] as const),
    }),
  component: lazyRouteComponent(() => import('./review-page.tsx'), 'ReviewPage'),
});
