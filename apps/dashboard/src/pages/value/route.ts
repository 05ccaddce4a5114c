import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../shell/shell-route.ts';
import { parseValueSearch } from './value-search.ts';

export const valueRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/value',
  validateSearch: parseValueSearch,
  component: lazyRouteComponent(() => import('./value-page.tsx'), 'ValuePage'),
});
