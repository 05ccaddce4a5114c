/** From the most to the least, with what each is for. */
export const roles = [
  { value: 'owner', name: 'Owner', words: 'Everything, and makes other owners' },
  { value: 'admin', name: 'Admin', words: 'Tasks, data, models, keys and members' },
  { value: 'lead', name: 'Lead', words: 'Reviews, decides what was escalated, sees reviewers’ figures' },
  { value: 'reviewer', name: 'Reviewer', words: 'Answers review items, sees nothing else' },
  { value: 'viewer', name: 'Viewer', words: 'Reads everything but the audit log, changes nothing' },
] as const;

export type RoleName = (typeof roles)[number]['value'];

export const nameOfRole = (role: string): string => roles.find(({ value }) => value === role)?.name ?? role;
