import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { checked, choiceParam, numberParam, textParam } from '../../search-params.ts';
import { shellRoute } from '../../shell/shell-route.ts';
import { type Period, periods } from '../overview/period.ts';

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

export const setupSteps = ['answers', 'budget', 'costs', 'instructions', 'import', 'train'] as const;
export type SetupStep = (typeof setupSteps)[number];

export const taskSetupRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/tasks/$task/setup',
  validateSearch: (raw: Record<string, unknown>): { step?: SetupStep; run?: string } =>
    checked({ step: choiceParam(raw.step, setupSteps), run: textParam(raw.run, 100) }),
  component: lazyRouteComponent(() => import('./setup-page.tsx'), 'SetupPage'),
});

export const taskTabs = ['certificate', 'quality', 'training', 'what-if', 'settings'] as const;
export type TaskTab = (typeof taskTabs)[number];

export interface TaskSearch {
  tab?: TaskTab;
  period?: Period;
  /** Where the dial stands, in percent: what is tried can be shared before it is applied. */
  budget?: number;
  confidence?: number;
  /** The replay that is shown. */
  replay?: string;
}

export const taskRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/tasks/$task',
  validateSearch: (raw: Record<string, unknown>): TaskSearch =>
    checked({
      tab: choiceParam(raw.tab, taskTabs),
      period: choiceParam(raw.period, periods),
      budget: numberParam(raw.budget, 0, 100),
      confidence: numberParam(raw.confidence, 50, 100),
      replay: textParam(raw.replay, 100),
    }),
  component: lazyRouteComponent(() => import('./task-page.tsx'), 'TaskPage'),
});
