import type { Tx } from '@understudy/kernel';
import { registryErrors } from '../errors.ts';
import type { AliasChange, Model, ModelVersion, NewVersion } from '../model.ts';
import type { Page, RegistryStore } from '../ports.ts';

interface Entry {
  model: Model;
  versions: ModelVersion[];
  history: AliasChange[];
}

/** The registry in memory. `tx` is no transaction: a fake audit trail takes no notice of it. */
export class MemoryRegistryStore implements RegistryStore {
  readonly #entries = new Map<string, Entry>();
  /** Moves of aliases happen one after the other. */
  #lastMove: Promise<unknown> = Promise.resolve();

  #entry(workspace: string, name: string): Entry | undefined {
    return this.#entries.get(`${workspace}/${name}`);
  }

  async addVersion(version: NewVersion, at: number): Promise<ModelVersion> {
    const { workspace, model: name } = version;
    let entry = this.#entry(workspace, name);
    if (entry === undefined) {
      entry = { model: { workspace, name, createdAt: at, latestVersion: 0, aliases: [] }, versions: [], history: [] };
      this.#entries.set(`${workspace}/${name}`, entry);
    }
    entry.model.latestVersion++;
    const made = structuredClone({ ...version, version: String(entry.model.latestVersion), createdAt: at });
    entry.versions.push(made);
    return structuredClone(made);
  }

  async findModel(workspace: string, name: string): Promise<Model | null> {
    return structuredClone(this.#entry(workspace, name)?.model ?? null);
  }

  async listModels(workspace: string, page: Page): Promise<Model[]> {
    return [...this.#entries.values()]
      .map(({ model }) => model)
      .filter((model) => model.workspace === workspace && model.name > (page.after ?? ''))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .slice(0, page.limit)
      .map((model) => structuredClone(model));
  }

  async findVersion(workspace: string, model: string, version: string): Promise<ModelVersion | null> {
    const found = this.#entry(workspace, model)?.versions.find((candidate) => candidate.version === version);
    return structuredClone(found ?? null);
  }

  async listVersions(workspace: string, model: string, page: Page): Promise<ModelVersion[]> {
    const before = page.after === undefined ? Number.POSITIVE_INFINITY : Number(page.after);
    const versions = this.#entry(workspace, model)?.versions ?? [];
    return structuredClone(
      versions
        .filter(({ version }) => Number(version) < before)
        .reverse()
        .slice(0, page.limit),
    );
  }

  async aliasVersion(workspace: string, model: string, alias: string): Promise<ModelVersion | null> {
    const entry = this.#entry(workspace, model);
    const set = entry?.model.aliases.find((candidate) => candidate.alias === alias);
    return set === undefined ? null : this.findVersion(workspace, model, set.version);
  }

  setAlias(
    workspace: string,
    model: string,
    change: Omit<AliasChange, 'previous'>,
    record: (tx: Tx, previous: string | null) => Promise<void>,
  ): Promise<string | null> {
    const moved = this.#lastMove.then(() => this.#move(workspace, model, change, record));
    this.#lastMove = moved.catch(() => {});
    return moved;
  }

  async #move(
    workspace: string,
    model: string,
    change: Omit<AliasChange, 'previous'>,
    record: (tx: Tx, previous: string | null) => Promise<void>,
  ): Promise<string | null> {
    const entry = this.#entry(workspace, model);
    if (entry === undefined) throw registryErrors.model_not_found(`no model ${model} in this workspace`);
    const { alias, version } = change;
    const previous = entry.model.aliases.find((candidate) => candidate.alias === alias)?.version ?? null;
    await record(undefined as unknown as Tx, previous);
    entry.model.aliases = entry.model.aliases.filter((candidate) => candidate.alias !== alias);
    if (version !== null) entry.model.aliases.push({ alias, version });
    entry.model.aliases.sort((a, b) => (a.alias < b.alias ? -1 : 1));
    entry.history.unshift(structuredClone({ ...change, previous }));
    return previous;
  }

  async aliasHistory(workspace: string, model: string, limit: number): Promise<AliasChange[]> {
    return structuredClone(this.#entry(workspace, model)?.history.slice(0, limit) ?? []);
  }
}
