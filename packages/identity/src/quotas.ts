import type { Clock, Database, Logger, Tx } from '@understudy/kernel';
import type { Caller } from './caller.ts';
import { identityErrors } from './errors.ts';
import { Generations } from './generations.ts';
import type { AuditTrail, IdentityStore } from './ports.ts';

/** What a workspace may ask for, with all its keys and members together. */
export interface Quota {
  /** Null = the server's default. */
  requestsPerMinute: number | null;
}

export interface QuotaStore {
  find(tx: Tx, workspace: string): Promise<Quota>;
  /** Tells every process when the transaction commits. */
  save(tx: Tx, workspace: string, quota: Quota): Promise<void>;
}

/** What {@link QuotaMemory} asks the database. */
export interface QuotaDirectory {
  read(workspace: string): Promise<Quota>;
}

/** Quotas as the operator sees and sets them. */
export class Quotas {
  readonly #database: Database;
  readonly #store: QuotaStore;
  readonly #workspaces: Pick<IdentityStore, 'findWorkspace'>;
  readonly #audit: AuditTrail;

  constructor(ports: {
    database: Database;
    store: QuotaStore;
    workspaces: Pick<IdentityStore, 'findWorkspace'>;
    audit: AuditTrail;
  }) {
    this.#database = ports.database;
    this.#store = ports.store;
    this.#workspaces = ports.workspaces;
    this.#audit = ports.audit;
  }

  /** @throws `workspace_not_found` */
  get(workspace: string): Promise<Quota> {
    return this.#database.asSystem(async (tx) => {
      await this.#assertExists(tx, workspace);
      return this.#store.find(tx, workspace);
    });
  }

  /**
   * Counts everywhere within seconds.
   *
   * @throws `workspace_not_found`
   */
  set({ principal, requestId }: Caller, workspace: string, quota: Quota): Promise<Quota> {
    return this.#database.asSystem(async (tx) => {
      await this.#assertExists(tx, workspace);
      await this.#store.save(tx, workspace, quota);
      const details = { requests_per_minute: quota.requestsPerMinute };
      const action = 'workspace.quota_changed';
      await this.#audit.record(tx, { principal, action, resource: workspace, requestId, details, workspace });
      return quota;
    });
  }

  async #assertExists(tx: Tx, workspace: string): Promise<void> {
    if ((await this.#workspaces.findWorkspace(tx, workspace)) === null) {
      throw identityErrors.workspace_not_found(`no workspace ${workspace}`);
    }
  }
}

interface Known extends Quota {
  /** When it was asked for. */
  at: number;
  loading: boolean;
}

const WORKSPACES = 10_000;
/** A quota is asked for again after so long, behind a request's back, should the notification have been missed. */
const FRESH_MS = 60_000;
/** And after so long when the last question failed. */
const RETRY_MS = 1_000;

/**
 * The quotas of the workspaces that this process serves, answered from memory. Until a workspace's own is known, which
 * takes one look-up after its first request, the default holds: a database that is away lets nobody through or out.
 */
export class QuotaMemory {
  readonly #directory: QuotaDirectory;
  readonly #fallback: number | null;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #known = new Generations<Known>(WORKSPACES);

  constructor(options: { directory: QuotaDirectory; defaultPerMinute: number | null; clock: Clock; logger: Logger }) {
    this.#directory = options.directory;
    this.#fallback = options.defaultPerMinute;
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  /** Requests a minute; null = as many as it likes. */
  limitOf(workspace: string): number | null {
    let known = this.#known.get(workspace);
    if (known === undefined) {
      known = { requestsPerMinute: null, at: Number.NEGATIVE_INFINITY, loading: false };
      this.#known.set(workspace, known);
    }
    if (!known.loading && this.#clock.now() - known.at >= FRESH_MS) void this.#load(workspace, known);
    return known.requestsPerMinute ?? this.#fallback;
  }

  /** A quota was changed; without a workspace: any may have been. */
  forget(workspace: string | undefined): void {
    if (workspace === undefined) {
      this.#known.clear();
      return;
    }
    const known = this.#known.get(workspace);
    // Kept until the new one is known; a question under way may bring the old one.
    if (known !== undefined) this.#known.set(workspace, { ...known, at: Number.NEGATIVE_INFINITY, loading: false });
  }

  async #load(workspace: string, known: Known): Promise<void> {
    known.loading = true;
    try {
      const { requestsPerMinute } = await this.#directory.read(workspace);
      known.requestsPerMinute = requestsPerMinute;
      known.at = this.#clock.now();
    } catch (error) {
      this.#logger.warn({ err: error, workspace }, 'the quota of a workspace cannot be read; it is tried again');
      known.at = this.#clock.now() - FRESH_MS + RETRY_MS;
    } finally {
      known.loading = false;
    }
  }
}
