import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { checked, choiceParam } from '../../search-params.ts';
import { shellRoute } from '../../shell/shell-route.ts';

export const sourcesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/sources',
  component: lazyRouteComponent(() => import('./sources-page.tsx'), 'SourcesPage'),
});

/** Not `/sources/new`: a source may be called `new`. */
export const newSourceRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/new-source',
  component: lazyRouteComponent(() => import('./new-source-page.tsx'), 'NewSourcePage'),
});

export const sourceTabs = ['state', 'settings'] as const;
export type SourceTab = (typeof sourceTabs)[number];

export const sourceRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/sources/$source',
  validateSearch: (raw: Record<string, unknown>): { tab?: SourceTab } =>
    checked({ tab: choiceParam(raw.tab, sourceTabs) }),
  component: lazyRouteComponent(() => import('./source-page.tsx'), 'SourcePage'),
});
