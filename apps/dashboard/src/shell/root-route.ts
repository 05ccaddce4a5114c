import { createRootRoute, Outlet } from '@tanstack/react-router';
import { RouteNotFound } from './route-failure.tsx';

/** Over everything, the sign-in page too. */
export const rootRoute = createRootRoute({ component: Outlet, notFoundComponent: RouteNotFound });
