import type { Icon } from '@tabler/icons-react';
import {
  IconCube,
  IconDatabase,
  IconEye,
  IconHome,
  IconListCheck,
  IconListDetails,
  IconReceipt,
  IconSettings,
} from '../theme/icons.ts';

export interface NavigationEntry {
  to: '/' | '/tasks' | '/review' | '/decisions' | '/models' | '/data' | '/value' | '/settings';
  name: string;
  icon: Icon;
  /** Shown to whoever holds one of these. */
  scopes: readonly string[];
  /** Highlighted on the very page only, not on those under it. */
  exact?: boolean;
}

/** The main menu, in its order. Entries of one group stand together. */
export const navigation: readonly (readonly NavigationEntry[])[] = [
  [
    { to: '/', name: 'Overview', icon: IconHome, scopes: ['quality:read', 'decisions:read'], exact: true },
    { to: '/tasks', name: 'Tasks', icon: IconListCheck, scopes: ['tasks:read'] },
    { to: '/review', name: 'Review', icon: IconEye, scopes: ['review:write', 'review:read'] },
    { to: '/decisions', name: 'Decisions', icon: IconListDetails, scopes: ['decisions:read'] },
  ],
  [
    { to: '/models', name: 'Models', icon: IconCube, scopes: ['models:read'] },
    { to: '/data', name: 'Data', icon: IconDatabase, scopes: ['examples:read', 'datasets:read'] },
    { to: '/value', name: 'Value', icon: IconReceipt, scopes: ['value:read'] },
  ],
  [{ to: '/settings', name: 'Settings', icon: IconSettings, scopes: ['tasks:read'] }],
];

/** Where somebody starts: at the figures, or, who may not see those, at their work. */
export function homeOf(scopes: readonly string[]): NavigationEntry['to'] {
  if (scopes.includes('decisions:read') || scopes.includes('quality:read')) return '/';
  return scopes.includes('review:write') ? '/review' : '/settings';
}
