import type { ReviewTasks, TaskRules } from '../ports.ts';

export function exampleTask(over: Partial<TaskRules> = {}): TaskRules {
  return {
    id: 'task_1',
    slug: 'comments',
    title: 'Comments',
    instructions: 'Be kind.',
    labels: [{ name: 'ok' }, { name: 'spam', description: 'Advertisements' }, { name: 'abuse' }],
    auditRate: 0.02,
    hideSuggestions: 1,
    doubleReviewRate: 0,
    goldRate: 0,
    leaseSeconds: 300,
    idleLimitSeconds: 120,
    ...over,
  };
}

/** Tasks that a test holds in its hand: change `rules` and `revisions` at will. */
export function fixedTasks(...initial: TaskRules[]): ReviewTasks & {
  rules: Map<string, TaskRules>;
  revisions: Map<string, readonly string[]>;
} {
  const rules = new Map(initial.map((task) => [task.slug, task]));
  const revisions = new Map(initial.map((task) => [`${task.id} 1`, task.labels.map(({ name }) => name)]));
  return {
    rules,
    revisions,
    find: async (_, slug) => rules.get(slug) ?? null,
    labelsAt: async (_, taskId, revision) => revisions.get(`${taskId} ${revision}`) ?? null,
  };
}
