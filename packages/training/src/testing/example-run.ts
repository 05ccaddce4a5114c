import { newId } from '@understudy/kernel';
import type { Run } from '../run.ts';

/** A queued run for tests. */
export function exampleRun(change: Partial<Run> = {}): Run {
  const createdAt = change.createdAt ?? Date.UTC(2026, 0, 1);
  return {
    id: newId('run', createdAt),
    workspace: 'ws_1',
    taskId: 'task_1',
    task: 't',
    status: 'queued',
    trainer: 'auto',
    dataset: null,
    parameters: {},
    seed: 1,
    promote: 'if_better',
    progress: { phase: 'queued', fraction: 0, detail: null },
    log: [],
    metrics: null,
    modelVersion: null,
    chosenTrainer: null,
    promotion: null,
    error: null,
    attempts: 0,
    cancelRequested: false,
    requestedBy: 'key_1',
    reason: null,
    labelsGiven: null,
    requestId: 'req_1',
    createdAt,
    startedAt: null,
    finishedAt: null,
    version: 1,
    ...change,
  };
}
