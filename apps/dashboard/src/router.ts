import { createRouter } from '@tanstack/react-router';
import { dataRoute } from './pages/data/route.ts';
import { deadLetterRoute, deadLettersRoute } from './pages/dead-letters/route.ts';
import { decisionRoute, decisionsRoute } from './pages/decisions/route.ts';
import { modelRoute, modelsRoute } from './pages/models/route.ts';
import { overviewRoute } from './pages/overview/route.ts';
import { jobRoute, jobsRoute, queuesRoute } from './pages/queues/route.ts';
import { reviewRoute } from './pages/review/route.ts';
import { settingsRoute } from './pages/settings/route.ts';
import { signInRoute } from './pages/sign-in/route.ts';
import { newSourceRoute, sourceRoute, sourcesRoute } from './pages/sources/route.ts';
import { newTaskRoute, taskRoute, taskSetupRoute, tasksRoute } from './pages/tasks/route.ts';
import { valueRoute } from './pages/value/route.ts';
import { webhookRoute, webhooksRoute } from './pages/webhooks/route.ts';
import { rootRoute } from './shell/root-route.ts';
import { RouteFailure, RouteNotFound } from './shell/route-failure.tsx';
import { shellRoute } from './shell/shell-route.ts';

const routeTree = rootRoute.addChildren([
  signInRoute,
  shellRoute.addChildren([
    overviewRoute,
    tasksRoute,
    newTaskRoute,
    taskRoute,
    taskSetupRoute,
    reviewRoute,
    decisionsRoute,
    decisionRoute,
    modelsRoute,
    modelRoute,
    dataRoute,
    valueRoute,
    queuesRoute,
    jobsRoute,
    jobRoute,
    deadLettersRoute,
    deadLetterRoute,
    sourcesRoute,
    newSourceRoute,
    sourceRoute,
    webhooksRoute,
    webhookRoute,
    settingsRoute,
  ]),
]);

export const router = createRouter({
  routeTree,
  defaultErrorComponent: RouteFailure,
  defaultNotFoundComponent: RouteNotFound,
  defaultPreload: 'intent',
  defaultPreloadDelay: 80,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
