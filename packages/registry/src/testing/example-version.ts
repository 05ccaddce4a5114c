import type { NewVersion } from '../model.ts';

/** A version to register in tests. */
export function exampleVersion(workspace: string, model: string, change: Partial<NewVersion> = {}): NewVersion {
  return {
    workspace,
    model,
    labels: ['ok', 'spam', 'ünïcode 日本'],
    artifact: { key: `models/${model}`, sha256: 'a'.repeat(64), bytes: 1234, format: 'understudy-linear/1' },
    lineage: {
      taskId: 'task_1',
      taskRevision: 2,
      trainingRun: 'run_1',
      dataset: `sha256:${'b'.repeat(64)}`,
      trainer: 'linear',
      parameters: { c: 0.5, ngrams: [1, 2] },
      seed: 1,
      codeVersion: '0.1.0',
    },
    metrics: { accuracy: 0.91, per_label: [{ label: 'ok', f1: 0.9 }] },
    ...change,
  };
}
