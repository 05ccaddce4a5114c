import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { checked, textParam } from '../../search-params.ts';
import { rootRoute } from '../../shell/root-route.ts';

export interface SignInSearch {
  /** Where to go afterwards; a path of this dashboard. */
  next?: string;
  /** Signed in already; another workspace is to be added. */
  add?: boolean;
}

/** Only a path of our own: a link that somebody sends must not lead away after the sign-in. */
const ownPath = (value: unknown): string | undefined => {
  const path = textParam(value, 2000);
  return path !== undefined && /^\/(?![/\\])/.test(path) && !path.startsWith('/sign-in') ? path : undefined;
};

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: (raw: Record<string, unknown>): SignInSearch =>
    checked({ next: ownPath(raw.next), add: raw.add === true ? true : undefined }),
  component: lazyRouteComponent(() => import('./sign-in-page.tsx'), 'SignInPage'),
});
