import type { NewWorkspace, Workspace, WorkspaceQuota, WorkspaceRequest } from '../generated/api.ts';
import { List, type PageOptions } from '../pagination.ts';
import type { CallOptions, IdempotentOptions, Transport } from '../transport.ts';

/** Operators only. */
export class Workspaces {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  list(options: PageOptions = {}): List<Workspace> {
    const { limit, cursor: start, ...call } = options;
    return new List(
      (cursor) => this.#transport.json({ ...call, method: 'GET', path: '/v1/workspaces', query: { limit, cursor } }),
      start,
    );
  }

  /** A workspace and its first key, which holds every scope and whose secret is shown this once. */
  create(workspace: WorkspaceRequest, options: IdempotentOptions = {}): Promise<NewWorkspace> {
    return this.#transport.json({
      ...options,
      method: 'POST',
      path: '/v1/workspaces',
      json: workspace,
      idempotent: true,
    });
  }

  /** What a workspace may ask for, with all its keys together. */
  quota(id: string, options: CallOptions = {}): Promise<WorkspaceQuota> {
    const path = `/v1/workspaces/${encodeURIComponent(id)}/quota`;
    return this.#transport.json({ ...options, method: 'GET', path });
  }

  setQuota(id: string, quota: WorkspaceQuota, options: CallOptions = {}): Promise<WorkspaceQuota> {
    const path = `/v1/workspaces/${encodeURIComponent(id)}/quota`;
    return this.#transport.json({ ...options, method: 'PUT', path, json: quota });
  }
}
