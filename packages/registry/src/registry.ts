import type { EventSink } from '@understudy/events';
import type { Clock, Principal } from '@understudy/kernel';
import { registryErrors } from './errors.ts';
import { type AliasChange, CHAMPION, type Model, type ModelVersion, type NewVersion } from './model.ts';
import type { AuditTrail, Page, RegistryStore } from './ports.ts';

/** Models, immutable versions and the aliases that point at them. */
export class Registry {
  readonly #store: RegistryStore;
  readonly #audit: AuditTrail;
  readonly #clock: Clock;

  readonly #events: EventSink;

  constructor(ports: { store: RegistryStore; audit: AuditTrail; clock: Clock; events: EventSink }) {
    this.#store = ports.store;
    this.#audit = ports.audit;
    this.#clock = ports.clock;
    this.#events = ports.events;
  }

  /** The artifact must be in the object store already: a version that cannot be loaded must not be listed. */
  register(version: NewVersion): Promise<ModelVersion> {
    return this.#store.addVersion(version, this.#clock.now());
  }

  /** Throws model_not_found. */
  async model(workspace: string, name: string): Promise<Model> {
    const model = await this.#store.findModel(workspace, name);
    if (model === null) throw registryErrors.model_not_found(`no model ${name} in this workspace`);
    return model;
  }

  models(workspace: string, page: Page): Promise<Model[]> {
    return this.#store.listModels(workspace, page);
  }

  /** Throws model_not_found, model_version_not_found. */
  async version(workspace: string, model: string, version: string): Promise<ModelVersion> {
    const found = await this.#store.findVersion(workspace, model, version);
    if (found !== null) return found;
    await this.model(workspace, model);
    throw registryErrors.model_version_not_found(`the model ${model} has no version ${version}`);
  }

  async versions(workspace: string, model: string, page: Page): Promise<ModelVersion[]> {
    await this.model(workspace, model);
    return this.#store.listVersions(workspace, model, page);
  }

  /** The version that serves a task now; null before the first promotion, or when it was made for another task. */
  async champion(workspace: string, model: string, taskId: string): Promise<ModelVersion | null> {
    const version = await this.#store.aliasVersion(workspace, model, CHAMPION);
    return version !== null && version.lineage.taskId === taskId ? version : null;
  }

  history(workspace: string, model: string, limit: number): Promise<AliasChange[]> {
    return this.#store.aliasHistory(workspace, model, limit);
  }

  /** Points an alias at a version: promotion, rollback. Serving follows within 2 s. Throws …_not_found. */
  async setAlias(
    principal: Principal,
    model: string,
    alias: string,
    version: string,
    because: { reason: string; evidence?: Record<string, unknown>; requestId: string },
  ): Promise<ModelVersion> {
    const target = await this.version(principal.workspace, model, version);
    await this.#move(principal, model, alias, version, because);
    return target;
  }

  /** Throws model_not_found, alias_not_found. */
  async removeAlias(
    principal: Principal,
    model: string,
    alias: string,
    because: { reason: string; requestId: string },
  ): Promise<void> {
    await this.model(principal.workspace, model);
    if ((await this.#store.aliasVersion(principal.workspace, model, alias)) === null) {
      throw registryErrors.alias_not_found(`the model ${model} has no alias ${alias}`);
    }
    await this.#move(principal, model, alias, null, because);
  }

  async #move(
    principal: Principal,
    model: string,
    alias: string,
    version: string | null,
    because: { reason: string; evidence?: Record<string, unknown>; requestId: string },
  ): Promise<void> {
    const change = {
      alias,
      version,
      reason: because.reason,
      evidence: because.evidence ?? {},
      by: principal.id,
      at: this.#clock.now(),
    };
    await this.#store.setAlias(principal.workspace, model, change, async (tx, previous) => {
      await this.#audit.record(tx, {
        principal,
        action: version === null ? 'model.alias_removed' : 'model.alias_set',
        resource: model,
        requestId: because.requestId,
        details: { alias, version, previous, reason: because.reason },
      });
      if (alias !== CHAMPION || version === null) return;
      const data = { model, version, previous, reason: because.reason };
      await this.#events.record(tx, principal.workspace, [
        { type: 'model.promoted', subject: `${model}/${version}`, data },
      ]);
    });
  }
}
