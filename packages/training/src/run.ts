/** `promote: if_better`: becomes champion when it beats the champion on the same held-out rows. */
export type PromotePolicy = 'never' | 'if_better';

export type RunStatus = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';

export interface RunProgress {
  phase: string;
  /** 0…1 of the whole run. */
  fraction: number;
  detail: string | null;
}

export interface RunError {
  code: string;
  detail: string;
}

/** One training run: a durable job that ends in a model version or in a written reason why not. */
export interface Run {
  id: string;
  workspace: string;
  taskId: string;
  task: string;
  status: RunStatus;
  /** As asked for: `auto` or a trainer's name. */
  trainer: string;
  /** As asked for; the run's own snapshot when null. */
  dataset: string | null;
  parameters: Record<string, unknown>;
  seed: number;
  promote: PromotePolicy;
  progress: RunProgress;
  log: string[];
  metrics: Record<string, unknown> | null;
  modelVersion: string | null;
  /** The trainer whose model was kept. */
  chosenTrainer: string | null;
  promotion: { promoted: boolean; reason: string } | null;
  error: RunError | null;
  attempts: number;
  cancelRequested: boolean;
  /** A key's or member's id, or `policy`. */
  requestedBy: string;
  /** Why it was begun, when nobody asked for it by hand. */
  reason: string | null;
  /** How many labels the task had been given when the policy began it; null for a run asked for by hand. */
  labelsGiven: number | null;
  requestId: string;
  createdAt: number;
  startedAt: number | null;
  finishedAt: number | null;
  /** Grows with every change: the event id of the run's stream. */
  version: number;
}

export interface RunPage {
  limit: number;
  after?: string;
}

export const FINISHED: ReadonlySet<RunStatus> = new Set(['succeeded', 'failed', 'cancelled']);

/** Seconds left, by the time so far; null while too little is done to tell. */
export function etaSeconds(run: Run, now: number): number | null {
  if (run.status !== 'running' || run.startedAt === null || run.progress.fraction < 0.02) return null;
  const elapsed = (now - run.startedAt) / 1000;
  return Math.max(0, Math.round((elapsed / run.progress.fraction) * (1 - run.progress.fraction)));
}
