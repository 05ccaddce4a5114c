import type { Tx } from '@understudy/kernel';
import type { OpenAiSettingsRequest } from '@understudy/wire';
import type { PredictRoute } from './predict-routes/predict-route.ts';

export type { AuditTrail } from '@understudy/identity';

/** The settings of one workspace as they stand. `version` counts edits (the ETag). */
export interface StoredOpenAiSettings {
  settings: OpenAiSettingsRequest;
  version: number;
  /** ms since the epoch. */
  updatedAt: number;
}

export interface OpenAiSettingsStore {
  find(workspace: string): Promise<StoredOpenAiSettings | null>;
  /** Reads, changes and writes in one transaction; edits of one workspace never overlap. */
  edit(
    workspace: string,
    changedBy: string,
    change: (before: StoredOpenAiSettings | null, tx: Tx) => Promise<StoredOpenAiSettings>,
  ): Promise<StoredOpenAiSettings>;
}

/** What became of one edit: `write: false` leaves the stored route as it is. */
export interface PredictRouteEdit {
  route: PredictRoute;
  write: boolean;
  remove?: boolean;
}

export interface PredictRouteStore {
  find(workspace: string, name: string): Promise<PredictRoute | null>;
  findByPath(workspace: string, path: string): Promise<PredictRoute | null>;
  /** In order of name, those after `after`. */
  list(workspace: string, page: { limit: number; after: string }): Promise<PredictRoute[]>;
  /** Reads, changes and writes in one transaction; edits of one workspace never overlap. */
  edit(
    workspace: string,
    name: string,
    change: (before: PredictRoute | null, tx: Tx) => Promise<PredictRouteEdit>,
  ): Promise<{ route: PredictRoute; before: PredictRoute | null }>;
  /** Whose a path is; null = nobody's. */
  nameOfPath(tx: Tx, workspace: string, path: string): Promise<string | null>;
  count(tx: Tx, workspace: string): Promise<number>;
}

/** A model version whose text features can be had. */
export interface ModelFeatures {
  version: string;
  /** The same for the same file, and for no other. */
  key: string;
  /** The file, checked against its digest. */
  read(): Promise<Uint8Array>;
}

export interface FeatureSpaces {
  /**
   * One version of the task's model, or its champion where none is named. Null: there is none, or it is of a kind
   * without text features. Cheap.
   */
  of(workspace: string, task: string, version: string | null): Promise<ModelFeatures | null>;
}
