/** A model: a named line of versions, one a task; its name is the task's slug. */
export interface Model {
  workspace: string;
  name: string;
  createdAt: number;
  latestVersion: number;
  aliases: { alias: string; version: string }[];
}

/** Where a version's file is, and what it must be. */
export interface Artifact {
  key: string;
  sha256: string;
  bytes: number;
  format: string;
}

/** Where a version comes from: enough to make it again. */
export interface Lineage {
  taskId: string;
  taskRevision: number;
  trainingRun: string;
  dataset: string;
  trainer: string;
  parameters: Record<string, unknown>;
  seed: number;
  codeVersion: string;
}

/** One immutable version of a model. */
export interface ModelVersion {
  workspace: string;
  model: string;
  version: string;
  labels: string[];
  artifact: Artifact;
  lineage: Lineage;
  metrics: Record<string, unknown>;
  createdAt: number;
}

/** What a version is registered with; the registry adds its number and its time. */
export type NewVersion = Omit<ModelVersion, 'version' | 'createdAt'>;

/** Who moved an alias, and why (law 9: a promotion carries the evidence and the reason). */
export interface AliasChange {
  alias: string;
  version: string | null;
  previous: string | null;
  reason: string;
  evidence: Record<string, unknown>;
  by: string;
  at: number;
}

/** The alias whose version serves the task. */
export const CHAMPION = 'champion';
