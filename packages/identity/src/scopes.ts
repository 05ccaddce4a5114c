/**
 * Every scope and what it lets its holder do. Routes name scopes in their policy; a test of the server holds the
 * two lists together, and docs/reference/scopes.md is printed from this one.
 */
export const scopeCatalogue = {
  'tasks:read': 'Read tasks and their revisions',
  'tasks:write': 'Create, change and delete tasks',
  'examples:read': 'Read the labelled examples of a task',
  'examples:write': 'Import and delete labelled examples',
  'datasets:read': 'List and download dataset versions',
  'datasets:write': 'Make dataset versions',
  'training:read': 'Read training runs and their logs',
  'training:write': 'Start and cancel training runs',
  'models:read': 'Read models, versions and aliases',
  'models:write': 'Promote, roll back and delete models',
  'predictions:write': 'Ask for decisions',
  'decisions:read': 'Read decisions and their labels',
  'labels:write': 'Tell the truth about decisions',
  'review:read': 'See how much waits for review, and items',
  'review:write': 'Claim items of the review queue and answer them',
  'review:lead': 'See why items stand in the queue, decide what was escalated, and read the figures of reviewers',
  'jobs:read': 'Read jobs and their results, and how much waits',
  'jobs:write': 'Ask for decisions that are made later, and cancel them',
  'dead-letters:read': 'Read what was given up, with its content',
  'dead-letters:write': 'Send dead letters on their way again, edited or not, and discard them',
  'events:read': 'Follow the workspace’s events',
  'sources:read': 'Read which topics items come from, and how that goes',
  'sources:write': 'Take items from topics of the message systems, and stop it',
  'events:write': 'Send events to be decided',
  'webhooks:read': 'Read webhooks and the log of their deliveries',
  'webhooks:write': 'Create, change and delete webhooks, rotate their secrets, and deliver again',
  'ledger:read': 'Read the head and the proofs of the ledger',
  'quality:read': 'Read live quality and the overview',
  'alerts:read': 'Read alerts and their evidence',
  'alerts:write': 'Acknowledge alerts',
  'value:read': 'Read and export what automation saves',
  'replays:read': 'Read replays of history',
  'replays:write': 'Replay history under other settings',
  'keys:read': 'List the API keys of the workspace',
  'keys:write': 'Make API keys within the own rights, and revoke any',
  'members:read': 'List the members of the workspace',
  'members:write': 'Add, change and remove members up to the own role, and let them sign in',
  'workspace:own': 'What only owners do: make other owners, and change them',
  'audit:read': 'Read the audit log',
  'metrics:read': 'Read /metrics',
} as const satisfies Record<string, string>;

export type Scope = keyof typeof scopeCatalogue;

/** All scopes, as the first key of a workspace holds them. */
export const allScopes: readonly Scope[] = Object.keys(scopeCatalogue) as Scope[];
