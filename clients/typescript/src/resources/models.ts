import type { Alias, AliasHistory, Model, ModelVersion } from '../generated/api.ts';
import { List, type PageOptions } from '../pagination.ts';
import type { CallOptions, Transport } from '../transport.ts';

const pathOf = (model: string) => `/v1/models/${encodeURIComponent(model)}`;

/** The names that point at versions of a model; `champion` is the one that serves. */
export class ModelAliases {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The last 100 changes, newest first. */
  history(model: string, options: CallOptions = {}): Promise<AliasHistory> {
    return this.#transport.json({ ...options, method: 'GET', path: `${pathOf(model)}/aliases` });
  }

  set(model: string, alias: string, version: string, options: CallOptions & { reason?: string } = {}): Promise<Alias> {
    const { reason, ...call } = options;
    return this.#transport.json({
      ...call,
      method: 'PUT',
      path: `${pathOf(model)}/aliases/${encodeURIComponent(alias)}`,
      json: { version, ...(reason === undefined ? {} : { reason }) },
    });
  }

  remove(model: string, alias: string, options: CallOptions = {}): Promise<void> {
    const path = `${pathOf(model)}/aliases/${encodeURIComponent(alias)}`;
    return this.#transport.json({ ...options, method: 'DELETE', path });
  }
}

export class Models {
  readonly aliases: ModelAliases;
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
    this.aliases = new ModelAliases(transport);
  }

  list(options: PageOptions = {}): List<Model> {
    const { limit, cursor: start, ...call } = options;
    return new List(
      (cursor) => this.#transport.json({ ...call, method: 'GET', path: '/v1/models', query: { limit, cursor } }),
      start,
    );
  }

  get(model: string, options: CallOptions = {}): Promise<Model> {
    return this.#transport.json({ ...options, method: 'GET', path: pathOf(model) });
  }

  versions(model: string, options: PageOptions = {}): List<ModelVersion> {
    const { limit, cursor: start, ...call } = options;
    const path = `${pathOf(model)}/versions`;
    return new List(
      (cursor) => this.#transport.json({ ...call, method: 'GET', path, query: { limit, cursor } }),
      start,
    );
  }

  version(model: string, version: string, options: CallOptions = {}): Promise<ModelVersion> {
    const path = `${pathOf(model)}/versions/${encodeURIComponent(version)}`;
    return this.#transport.json({ ...options, method: 'GET', path });
  }
}
