import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../shell/shell-route.ts';
import { parseSetupSearch, parseTaskSearch } from './task-search.ts';

/** All tasks, and one of them. */
export const tasksRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/tasks',
  component: lazyRouteComponent(() => import('./tasks-page.tsx'), 'TasksPage'),
});

/** Not `/tasks/new`: a task may be called `new`. */
export const newTaskRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/new-task',
  component: lazyRouteComponent(() => import('./new-task-page.tsx'), 'NewTaskPage'),
});

export const taskSetupRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/tasks/$task/setup',
  validateSearch: parseSetupSearch,
  component: lazyRouteComponent(() => import('./setup-page.tsx'), 'SetupPage'),
});

export const taskRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/tasks/$task',
  validateSearch: parseTaskSearch,
  component: lazyRouteComponent(() => import('./task-page.tsx'), 'TaskPage'),
});
