import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { checked, choiceParam } from '../../search-params.ts';
import { shellRoute } from '../../shell/shell-route.ts';
import { type SettingsTab, settingsTabs } from './settings-tabs.ts';

export const settingsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings',
  validateSearch: (raw: Record<string, unknown>): { tab?: SettingsTab } =>
    checked({ tab: choiceParam(raw.tab, settingsTabs) }),
  component: lazyRouteComponent(() => import('./settings-page.tsx'), 'SettingsPage'),
});
