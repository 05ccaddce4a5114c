import type { RetrainingPolicy } from './policy.ts';

export interface RetrainableTask {
  workspace: string;
  id: string;
  slug: string;
  policy: RetrainingPolicy;
}

/** The decisions room. */
export interface RetrainingTasks {
  /** Throws task_not_found. */
  find(workspace: string, slug: string): Promise<RetrainableTask>;
  ofWorkspace(workspace: string): Promise<RetrainableTask[]>;
}

/** The lake room. */
export interface LabelSupply {
  /** The label counter of every task of every workspace; for the scheduler. */
  counters(): Promise<{ workspace: string; taskId: string; labels: number }[]>;
  given(task: RetrainableTask): Promise<{ labels: number; production: number; changedAt: number | null }>;
  examples(task: RetrainableTask): Promise<{ name: string; examples: number }[]>;
  /** Null when the dataset is not known. */
  dataset(task: RetrainableTask, id: string): Promise<{ rows: number; labelsGiven: number } | null>;
}

/** The registry and the certificates. */
export interface ServedModels {
  champion(task: RetrainableTask): Promise<{ model: string; version: string; dataset: string } | null>;
  /** Why the certificate of a version is suspended; null when it is not. */
  suspension(task: RetrainableTask, champion: { model: string; version: string }): Promise<{ reason: string } | null>;
}
