import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../shell/shell-route.ts';
import { parseModelSearch } from './model-search.ts';

export const modelsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/models',
  component: lazyRouteComponent(() => import('./models-page.tsx'), 'ModelsPage'),
});

export const modelRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/models/$model',
  validateSearch: parseModelSearch,
  component: lazyRouteComponent(() => import('./model-page.tsx'), 'ModelPage'),
});
