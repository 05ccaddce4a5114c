import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../shell/shell-route.ts';
import { parseDecisionsSearch } from './decisions-search.ts';

export const decisionsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/decisions',
  validateSearch: parseDecisionsSearch,
  component: lazyRouteComponent(() => import('./decisions-page.tsx'), 'DecisionsPage'),
});

export const decisionRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/decisions/$decision',
  component: lazyRouteComponent(() => import('./decision-page.tsx'), 'DecisionPage'),
});
