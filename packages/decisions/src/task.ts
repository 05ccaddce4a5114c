import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Task as TaskBody, TaskDefinition } from '@understudy/wire';
import { decisionsErrors } from './errors.ts';

/** A task with every default filled in. `version` counts all edits (the ETag), `revision` those of labels or input. */
export interface Task {
  id: string;
  workspace: string;
  slug: string;
  definition: Required<TaskDefinition>;
  revision: number;
  version: number;
  createdAt: number;
  updatedAt: number;
}

/** The documented defaults of a task. */
export function withDefaults(slug: string, definition: TaskDefinition): Required<TaskDefinition> {
  return {
    kind: definition.kind,
    title: definition.title ?? slug,
    labels: definition.labels,
    input: { text: { type: 'string', max_length: definition.input?.text.max_length ?? 20_000 } },
    error_budget: definition.error_budget ?? { max_error: 0.05, confidence: 0.95 },
    economics: definition.economics ?? {
      currency: 'EUR',
      minutes_per_item: 1,
      cost_per_hour: '24.00',
      cost_of_error: '0.00',
    },
    automation: definition.automation ?? { mode: 'certified' },
    audit: definition.audit ?? { rate: 0.02 },
    certification: definition.certification ?? { imports: 'random_sample' },
    retraining: definition.retraining ?? {
      mode: 'auto',
      min_new_labels: 50,
      min_new_share: 0.1,
      min_hours_between: 0,
    },
    review: definition.review ?? {
      hide_suggestions: 1,
      double_review_rate: 0,
      gold_rate: 0,
      lease_seconds: 300,
      idle_limit_seconds: 300,
    },
    instructions: definition.instructions ?? '',
    personal_data: definition.personal_data ?? ['text'],
    sensitive_attributes: definition.sensitive_attributes ?? [],
    retention_days: definition.retention_days ?? 365,
    owner: definition.owner ?? '',
  };
}

/** Refuses what the schema cannot see: labels that are the same after normalisation. */
export function checkLabels(definition: TaskDefinition): void {
  const seen = new Map<string, number>();
  for (const [index, label] of definition.labels.entries()) {
    const name = label.name.normalize('NFC');
    if (seen.has(name)) {
      throw decisionsErrors.duplicate_label(`label ${JSON.stringify(label.name)} stands twice`, {
        problems: [
          { pointer: `/labels/${index}/name`, code: 'duplicate_label', detail: `already at /labels/${seen.get(name)}` },
        ],
      });
    }
    seen.set(name, index);
  }
}

const MAX_LABELS = 1000;
const LABEL = /^\P{Cc}{1,200}$/u;

/** The bounds of the schema, for labels that come from an import instead of a body. */
export function checkNewLabels(definition: TaskDefinition, added: readonly string[]): void {
  if (definition.labels.length > MAX_LABELS) {
    throw decisionsErrors.too_many_labels(`${definition.labels.length} labels; a task has at most ${MAX_LABELS}`);
  }
  const bad = added.find((name) => !LABEL.test(name) || name.length > 200);
  if (bad !== undefined) {
    throw decisionsErrors.invalid_label(`${JSON.stringify(bad.slice(0, 50))} cannot be the name of a label`);
  }
}

/** Whether an edit changes what a decision of the task means, so that old decisions keep their own revision. */
export function startsNewRevision(before: Required<TaskDefinition>, after: Required<TaskDefinition>): boolean {
  const names = (definition: Required<TaskDefinition>) => definition.labels.map((label) => label.name).sort();
  return (
    JSON.stringify(names(before)) !== JSON.stringify(names(after)) || !isDeepStrictEqual(before.input, after.input)
  );
}

/** A strong ETag of the task as it stands. */
export function etagOf(task: Task): string {
  return `"${createHash('sha256').update(`${task.id}:${task.version}`).digest('base64url').slice(0, 22)}"`;
}

export function presentTask(task: Task): TaskBody {
  return {
    id: task.id,
    task: task.slug,
    ...task.definition,
    revision: task.revision,
    created_at: new Date(task.createdAt).toISOString(),
    updated_at: new Date(task.updatedAt).toISOString(),
  };
}
