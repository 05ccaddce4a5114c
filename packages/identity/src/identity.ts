import { type Clock, type Database, newId, type Principal } from '@understudy/kernel';
import { type ApiKey, excess, type KeyRequest } from './api-key.ts';
import type { Caller } from './caller.ts';
import { identityErrors } from './errors.ts';
import type { Member } from './member.ts';
import { newMember } from './members.ts';
import type { AuditEntry, AuditFilter, AuditStore, IdentityStore, MemberStore, Page, SessionStore } from './ports.ts';
import { rightsOf } from './rights.ts';
import { scopesOf } from './roles.ts';
import { hashSecret, hintOf, newApiKeySecret } from './secret.ts';
import { issueCode, type NewCode } from './sign-in-code.ts';
import type { Workspace } from './workspace.ts';

/** Live keys of one workspace at most. */
export const MAX_KEYS = 1_000;

/** A key and its secret, which exists nowhere else. */
export interface NewKey {
  key: ApiKey;
  secret: string;
}

/** What a new workspace is to be. */
export interface WorkspaceRequest {
  name: string;
  demo?: boolean;
  /** Its first member. */
  owner?: { name: string; email: string | null };
}

/** A workspace, its first key, and its first member with the code for the first sign-in. */
export interface NewWorkspace extends NewKey {
  workspace: Workspace;
  owner: { member: Member; code: NewCode } | null;
}

/** Who a caller is: their key or member, with what they may do. */
export interface WhoIs {
  workspace: Workspace;
  id: string;
  name: string;
  role: Member['role'] | null;
  scopes: readonly string[];
  expiresAt: number | null;
  requestsPerMinute: number | null;
}

/** The use cases of workspaces, keys and the audit log. */
export class Identity {
  readonly #database: Database;
  readonly #store: IdentityStore;
  readonly #members: MemberStore;
  readonly #sessions: SessionStore;
  readonly #audit: AuditStore;
  readonly #clock: Clock;
  readonly #scopes: readonly string[];

  /** `scopes`: all that exist, in the order in which they are shown. */
  constructor(ports: {
    database: Database;
    store: IdentityStore;
    members: MemberStore;
    sessions: SessionStore;
    audit: AuditStore;
    clock: Clock;
    scopes: readonly string[];
  }) {
    this.#database = ports.database;
    this.#store = ports.store;
    this.#members = ports.members;
    this.#sessions = ports.sessions;
    this.#audit = ports.audit;
    this.#clock = ports.clock;
    this.#scopes = ports.scopes;
  }

  /**
   * A workspace and its first key, which holds all scopes; with `owner`, its first member too. For the operator, and
   * for the server's own example.
   */
  async createWorkspace({ principal, requestId }: Caller, request: WorkspaceRequest): Promise<NewWorkspace> {
    const now = this.#clock.now();
    const { name, demo = false, owner } = request;
    const workspace: Workspace = { id: newId('ws', now), name, demo, createdAt: now };
    const made = this.#newKey(workspace.id, principal.id, { name: 'owner', scopes: this.#scopes });
    const member = owner === undefined ? null : newMember(workspace.id, principal.id, { ...owner, role: 'owner' }, now);
    return this.#database.asSystem(async (tx) => {
      await this.#store.insertWorkspace(tx, workspace);
      await this.#store.insertKey(tx, made.key, hashSecret(made.secret));
      const details = { name, key: made.key.id, ...(member === null ? {} : { owner: member.id }) };
      await this.#audit.record(tx, {
        principal,
        action: 'workspace.created',
        resource: workspace.id,
        requestId,
        details,
        workspace: workspace.id,
      });
      if (member === null) return { workspace, ...made, owner: null };
      await this.#members.insertMember(tx, member);
      const holder = { member: member.id };
      const code = await issueCode(
        tx,
        this.#sessions,
        { workspace: workspace.id, createdBy: principal.id, holder },
        now,
      );
      return { workspace, ...made, owner: { member, code } };
    });
  }

  /** Newest first. For the operator. */
  listWorkspaces(page: Page): Promise<Workspace[]> {
    return this.#database.asSystem((tx) => this.#store.listWorkspaces(tx, page));
  }

  /**
   * The workspace of a caller, and their key or member.
   *
   * @throws `workspace_not_found` `key_not_found` `member_not_found`
   */
  async whoAmI({ kind, workspace: id, id: own }: Principal): Promise<WhoIs> {
    return this.#database.inWorkspace(id, async (tx) => {
      const workspace = await this.#store.findWorkspace(tx, id);
      if (workspace === null) throw identityErrors.workspace_not_found('the workspace does not exist');
      if (kind === 'member') {
        const member = await this.#members.findMember(tx, own);
        if (member === null) throw identityErrors.member_not_found(`no member ${own}`);
        const { name, role } = member;
        return {
          workspace,
          id: own,
          name,
          role,
          scopes: [...scopesOf(role)],
          expiresAt: null,
          requestsPerMinute: null,
        };
      }
      const key = await this.#store.findKey(tx, own);
      if (key === null) throw identityErrors.key_not_found(`no key ${own}`);
      const { name, scopes, expiresAt, requestsPerMinute } = key;
      return { workspace, id: own, name, role: null, scopes, expiresAt, requestsPerMinute };
    });
  }

  /**
   * A new key of the caller's workspace, with at most the caller's own rights.
   *
   * @throws `unknown_scope` `key_exceeds_creator` `expiry_in_past` `too_many_keys`
   */
  async createKey({ principal, requestId }: Caller, request: KeyRequest): Promise<NewKey> {
    const now = this.#clock.now();
    this.#assertScopesExist(request.scopes);
    if (request.expiresAt !== undefined && request.expiresAt <= now) {
      throw identityErrors.expiry_in_past('expires_at has passed already', {
        problems: [{ pointer: '/expires_at', code: 'expiry_in_past', detail: 'has passed already' }],
      });
    }
    return this.#database.inWorkspace(principal.workspace, async (tx) => {
      const creator = await rightsOf(tx, { keys: this.#store, members: this.#members }, principal, now);
      if (creator === null) {
        throw identityErrors.key_exceeds_creator('the calling credential is revoked or has expired');
      }
      const problems = excess(request, creator);
      if (problems.length > 0) {
        throw identityErrors.key_exceeds_creator('a key cannot give more than it has', { problems });
      }
      if ((await this.#store.countLiveKeys(tx)) >= MAX_KEYS) {
        throw identityErrors.too_many_keys(`the workspace has ${MAX_KEYS} keys already`);
      }
      const made = this.#newKey(principal.workspace, principal.id, {
        ...request,
        ...defined('expiresAt', request.expiresAt ?? creator.expiresAt),
        ...defined('requestsPerMinute', request.requestsPerMinute ?? creator.requestsPerMinute),
      });
      await this.#store.insertKey(tx, made.key, hashSecret(made.secret));
      const { id, name, scopes, expiresAt, requestsPerMinute } = made.key;
      await this.#audit.record(tx, {
        principal,
        action: 'key.created',
        resource: id,
        requestId,
        details: { name, scopes, expires_at: expiresAt, requests_per_minute: requestsPerMinute },
      });
      return made;
    });
  }

  /** Newest first, revoked ones too. */
  listKeys({ workspace }: Principal, page: Page): Promise<ApiKey[]> {
    return this.#database.inWorkspace(workspace, (tx) => this.#store.listKeys(tx, page));
  }

  /**
   * Revokes a key for good, everywhere within seconds. Revoking it again changes nothing.
   *
   * @throws `key_not_found`
   */
  async revokeKey({ principal, requestId }: Caller, id: string): Promise<void> {
    await this.#database.inWorkspace(principal.workspace, async (tx) => {
      const key = await this.#store.findKey(tx, id, true);
      if (key === null) throw identityErrors.key_not_found(`no key ${id}`);
      if (key.revokedAt !== null) return;
      await this.#store.revokeKey(tx, id, this.#clock.now());
      await this.#audit.record(tx, {
        principal,
        action: 'key.revoked',
        resource: id,
        requestId,
        details: { name: key.name },
      });
    });
  }

  /** Newest first. */
  auditLog({ workspace }: Principal, filter: AuditFilter): Promise<AuditEntry[]> {
    return this.#database.inWorkspace(workspace, (tx) => this.#audit.list(tx, filter));
  }

  #assertScopesExist(scopes: readonly string[]): void {
    const problems = scopes.flatMap((scope, index) =>
      this.#scopes.includes(scope)
        ? []
        : [{ pointer: `/scopes/${index}`, code: 'unknown_scope', detail: `there is no scope ${scope}` }],
    );
    if (problems.length > 0) throw identityErrors.unknown_scope('a requested scope does not exist', { problems });
  }

  #newKey(workspace: string, createdBy: string, request: KeyRequest): NewKey {
    const secret = newApiKeySecret();
    const now = this.#clock.now();
    const key: ApiKey = {
      id: newId('key', now),
      workspace,
      name: request.name,
      hint: hintOf(secret),
      scopes: this.#scopes.filter((scope) => request.scopes.includes(scope)),
      requestsPerMinute: request.requestsPerMinute ?? null,
      createdBy,
      createdAt: now,
      expiresAt: request.expiresAt ?? null,
      revokedAt: null,
      lastUsedAt: null,
    };
    return { key, secret };
  }
}

function defined<K extends string>(name: K, value: number | null): Partial<Record<K, number>> {
  return value === null ? {} : ({ [name]: value } as Partial<Record<K, number>>);
}
