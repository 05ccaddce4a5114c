import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../shell/shell-route.ts';
import { parseDeadLettersSearch } from './dead-letters-search.ts';

export const deadLettersRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/dead-letters',
  validateSearch: parseDeadLettersSearch,
  component: lazyRouteComponent(() => import('./dead-letters-page.tsx'), 'DeadLettersPage'),
});

export const deadLetterRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/dead-letters/$letter',
  component: lazyRouteComponent(() => import('./dead-letter-page.tsx'), 'DeadLetterPage'),
});
