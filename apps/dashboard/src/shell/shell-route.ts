import { createRoute } from '@tanstack/react-router';
import { Gate } from './gate.tsx';
import { rootRoute } from './root-route.ts';
import { RouteFailure, RouteNotFound } from './route-failure.tsx';

/** Over every page that needs a session. */
export const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  component: Gate,
  errorComponent: RouteFailure,
  notFoundComponent: RouteNotFound,
});
