import type { Principal, Tx } from '@understudy/kernel';
import type { ApiKey } from './api-key.ts';
import type { Member } from './member.ts';
import type { Session, SessionWithHolder, SignInCode } from './session.ts';
import type { Workspace } from './workspace.ts';

/** One line of the audit log. */
export interface AuditEntry {
  id: string;
  at: number;
  principal: { kind: string; id: string };
  action: string;
  resource: string;
  requestId: string;
  details: Record<string, unknown>;
}

/** A change to write down. Details hold ids, names and settings: never payloads, never secrets. */
export interface AuditRecord {
  principal: Principal;
  /** `<noun>.<past participle>`, e.g. `key.revoked`. */
  action: string;
  /** Id or name of what was changed. */
  resource: string;
  requestId: string;
  details: Record<string, unknown>;
  /** Where it belongs when the principal has no workspace (the operator). */
  workspace?: string;
}

/** The part of the audit log that other rooms are given. */
export interface AuditTrail {
  /** Writes in the transaction of the change itself: there is no change without its line, and no line without it. */
  record(tx: Tx, entry: AuditRecord): Promise<void>;
}

export interface Page {
  /** Rows to return. */
  limit: number;
  /** Id of the last row of the page before. */
  after?: string;
}

export interface AuditFilter extends Page {
  action?: string;
  resource?: string;
  from?: number;
  to?: number;
}

export interface AuditStore extends AuditTrail {
  /** Newest first. */
  list(tx: Tx, filter: AuditFilter): Promise<AuditEntry[]>;
}

export interface IdentityStore {
  insertWorkspace(tx: Tx, workspace: Workspace): Promise<void>;
  findWorkspace(tx: Tx, id: string): Promise<Workspace | null>;
  /** Newest first. */
  listWorkspaces(tx: Tx, page: Page): Promise<Workspace[]>;
  /** The key and, apart from it, the hash of its secret. */
  insertKey(tx: Tx, key: ApiKey, hash: Uint8Array): Promise<void>;
  /** With `lock`, nobody revokes the key before this transaction ends. */
  findKey(tx: Tx, id: string, lock?: boolean): Promise<ApiKey | null>;
  /** Newest first, revoked ones too. */
  listKeys(tx: Tx, page: Page): Promise<ApiKey[]>;
  /** The first workspace of example data, or null. */
  findDemoWorkspace(tx: Tx): Promise<Workspace | null>;
  countLiveKeys(tx: Tx): Promise<number>;
  /** Tells every process when the transaction commits. */
  revokeKey(tx: Tx, id: string, at: number): Promise<void>;
  /** Keeps `hash` unless there is one already; returns the one that counts. */
  keepOperatorHash(tx: Tx, hash: Uint8Array): Promise<Uint8Array>;
  findOperatorHash(tx: Tx): Promise<Uint8Array | null>;
}

/** What the authenticator asks the database. */
export interface KeyDirectory {
  /** By the hash of the secret, in one round trip. Throws `database_unavailable`. */
  findByHash(hash: Uint8Array): Promise<ApiKey | null>;
  /** Keeps the latest time of each. */
  touch(uses: readonly { workspace: string; id: string; at: number }[]): Promise<void>;
}

export interface MemberStore {
  /** Throws `email_taken`. */
  insertMember(tx: Tx, member: Member): Promise<void>;
  /** With `lock`, nobody changes them before this transaction ends. */
  findMember(tx: Tx, id: string, lock?: boolean): Promise<Member | null>;
  /** Newest first. */
  listMembers(tx: Tx, page: Page): Promise<Member[]>;
  countMembers(tx: Tx): Promise<number>;
  /** One change of members at a time in a workspace: two owners could remove each other, or wait for each other. */
  lockMembers(tx: Tx): Promise<void>;
  /** The active ones, the first one first. */
  listOwners(tx: Tx): Promise<Member[]>;
  /** Tells every process when the transaction commits. Throws `email_taken`. */
  updateMember(tx: Tx, member: Member): Promise<void>;
  /** With their sessions and codes; tells every process when the transaction commits. */
  deleteMember(tx: Tx, id: string): Promise<void>;
}

export interface SessionStore {
  insertCode(tx: Tx, code: SignInCode, hash: Uint8Array): Promise<void>;
  /** The workspace in which the code with this hash lies; null when there is none. */
  locateCode(hash: Uint8Array): Promise<{ workspace: string; id: string } | null>;
  /** Takes the code away, so that one caller only gets it; null when another was first. */
  takeCode(tx: Tx, id: string): Promise<SignInCode | null>;
  insertSession(tx: Tx, session: Session, hash: Uint8Array): Promise<void>;
  /** True when there was one; tells every process when the transaction commits. */
  deleteSession(tx: Tx, id: string): Promise<boolean>;
  /** Sessions and codes of one holder; tells every process. With `keep`, the sessions used last stay, and the codes. */
  deleteSessionsOf(tx: Tx, holder: Session['holder'], keep?: number): Promise<void>;
  /** Removes codes and sessions that are over, of every workspace. */
  expire(tx: Tx, now: number, idleSince: number): Promise<void>;
}

/** What the session authenticator asks the database. */
export interface SessionDirectory {
  /** By the hash of the secret, in one round trip. Throws `database_unavailable`. */
  findByHash(hash: Uint8Array): Promise<SessionWithHolder | null>;
  /** Keeps the latest time of each, and of its member. */
  touch(uses: readonly { workspace: string; id: string; at: number }[]): Promise<void>;
}
