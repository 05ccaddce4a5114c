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
  'ledger:read': 'Read the head and the proofs of the ledger',
  'keys:read': 'List the API keys of the workspace',
  'keys:write': 'Make API keys within the own rights, and revoke any',
  'audit:read': 'Read the audit log',
  'metrics:read': 'Read /metrics',
} as const satisfies Record<string, string>;

export type Scope = keyof typeof scopeCatalogue;

/** All scopes, as the first key of a workspace holds them. */
export const allScopes: readonly Scope[] = Object.keys(scopeCatalogue) as Scope[];
