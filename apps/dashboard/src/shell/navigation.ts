import type { Icon } from '@tabler/icons-react';
import {
  IconCube,
  IconDatabase,
  IconEye,
  IconHome,
  IconListCheck,
  IconListDetails,
  IconMailOff,
  IconPlugConnected,
  IconReceipt,
  IconSettings,
  IconStack2,
  IconSubtask,
  IconWebhook,
} from '../theme/icons.ts';

export interface NavigationEntry {
  to:
    | '/'
    | '/tasks'
    | '/review'
    | '/decisions'
    | '/models'
    | '/data'
    | '/value'
    | '/queues'
    | '/jobs'
    | '/dead-letters'
    | '/sources'
    | '/webhooks'
    | '/settings';
  name: string;
  icon: Icon;
  /** Shown to whoever holds one of these. */
  scopes: readonly string[];
  /** Highlighted on the very page only, not on those under it. */
  exact?: boolean;
}

/** The main menu, in its order. Entries of one group stand together. */
const navigation: readonly (readonly NavigationEntry[])[] = [
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
  [
    { to: '/queues', name: 'Queues', icon: IconStack2, scopes: ['jobs:read'] },
    { to: '/jobs', name: 'Jobs', icon: IconSubtask, scopes: ['jobs:read'] },
    { to: '/dead-letters', name: 'Dead letters', icon: IconMailOff, scopes: ['dead-letters:read'] },
    { to: '/sources', name: 'Sources', icon: IconPlugConnected, scopes: ['sources:read'] },
    { to: '/webhooks', name: 'Webhooks', icon: IconWebhook, scopes: ['webhooks:read'] },
  ],
  [{ to: '/settings', name: 'Settings', icon: IconSettings, scopes: ['tasks:read'] }],
];

/**
 * What the menu shows to somebody, in groups. Reviewers have one place to be: what else they may read is what the review
 * screen is made of, and would be empty frames to them.
 */
export function menuFor(may: (scope: string) => boolean): readonly (readonly NavigationEntry[])[] {
  const onlyReviews = may('review:write') && !may('decisions:read') && !may('tasks:write');
  return navigation
    .map((group) => group.filter(({ to, scopes }) => (onlyReviews ? to === '/review' : scopes.some(may))))
    .filter((group) => group.length > 0);
}

/** Where somebody starts: at the figures, or, who may not see those, at their work. */
export function homeOf(scopes: readonly string[]): NavigationEntry['to'] {
  if (scopes.includes('decisions:read') || scopes.includes('quality:read')) return '/';
  return scopes.includes('review:write') ? '/review' : '/settings';
}
