export type { AuditTrail } from '@understudy/identity';

import type { Tx } from '@understudy/kernel';
import type { AliasChange, Model, ModelVersion, NewVersion } from './model.ts';

export interface Page {
  limit: number;
  after?: string;
}

export interface RegistryStore {
  /** Adds the next version and, where the model is new, the model. One transaction; numbers have no gaps. */
  addVersion(version: NewVersion, at: number): Promise<ModelVersion>;
  findModel(workspace: string, name: string): Promise<Model | null>;
  listModels(workspace: string, page: Page): Promise<Model[]>;
  findVersion(workspace: string, model: string, version: string): Promise<ModelVersion | null>;
  /** Newest first. */
  listVersions(workspace: string, model: string, page: Page): Promise<ModelVersion[]>;
  aliasVersion(workspace: string, model: string, alias: string): Promise<ModelVersion | null>;
  /** `version: null` removes the alias. `record` runs in the same transaction. Returns what the alias was before. */
  setAlias(
    workspace: string,
    model: string,
    change: Omit<AliasChange, 'previous'>,
    record: (tx: Tx, previous: string | null) => Promise<void>,
  ): Promise<string | null>;
  aliasHistory(workspace: string, model: string, limit: number): Promise<AliasChange[]>;
}
