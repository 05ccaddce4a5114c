import { checked, choiceParam, numberParam, textParam } from '../../search-params.ts';
import { type Period, periods } from '../overview/period.ts';

export const setupSteps = ['answers', 'budget', 'costs', 'instructions', 'import', 'train'] as const;
export type SetupStep = (typeof setupSteps)[number];

export interface SetupSearch {
  step?: SetupStep;
  /** The training run that is watched. */
  run?: string;
}

export const parseSetupSearch = (raw: Record<string, unknown>): SetupSearch =>
  checked({ step: choiceParam(raw.step, setupSteps), run: textParam(raw.run, 100) });

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

export const parseTaskSearch = (raw: Record<string, unknown>): TaskSearch =>
  checked({
    tab: choiceParam(raw.tab, taskTabs),
    period: choiceParam(raw.period, periods),
    budget: numberParam(raw.budget, 0, 100),
    confidence: numberParam(raw.confidence, 50, 100),
    replay: textParam(raw.replay, 100),
  });
