import { type Clock, type Database, newId, type Principal, type Tx } from '@understudy/kernel';
import { isUsable } from './api-key.ts';
import type { Caller } from './caller.ts';
import { identityErrors } from './errors.ts';
import type { AuditTrail, IdentityStore, MemberStore, SessionStore } from './ports.ts';
import { assertCovers, rightsOf } from './rights.ts';
import { hashSecret, looksLikeSignInCode, newSessionSecret } from './secret.ts';
import { IDLE_MS, MAX_SESSIONS, SESSION_MS, type Session } from './session.ts';
import { issueCode, type NewCode } from './sign-in-code.ts';
import type { Workspace } from './workspace.ts';

export interface SessionPorts {
  database: Database;
  sessions: SessionStore;
  members: MemberStore;
  keys: IdentityStore;
  audit: AuditTrail;
  clock: Clock;
}

/** A session that was just opened, and its secret, which exists nowhere else. */
export interface NewSession {
  secret: string;
  session: Session;
}

const refused = () => identityErrors.sign_in_refused('the code is unknown, was used already or has run out');

/** Signing in and out: one-time codes and the sessions that they open. */
export class Sessions {
  readonly #ports: SessionPorts;

  constructor(ports: SessionPorts) {
    this.#ports = ports;
  }

  /**
   * A code that signs a member in, for whoever holds all that the member does.
   *
   * @throws `member_not_found` `member_inactive` `role_exceeds_creator`
   */
  issueCodeFor({ principal, requestId }: Caller, memberId: string): Promise<NewCode> {
    const { database, sessions, members, audit, clock } = this.#ports;
    return database.inWorkspace(principal.workspace, async (tx) => {
      const now = clock.now();
      await members.lockMembers(tx);
      const rights = await rightsOf(tx, this.#ports, principal, now);
      const member = await members.findMember(tx, memberId, true);
      if (member === null) throw identityErrors.member_not_found(`no member ${memberId}`);
      if (!member.active) throw identityErrors.member_inactive('the member is not active');
      assertCovers(rights, member.role);
      const { workspace, id: createdBy } = principal;
      const code = await issueCode(tx, sessions, { workspace, createdBy, holder: { member: memberId } }, now);
      const details = { role: member.role };
      await audit.record(tx, { principal, action: 'sign_in_code.made', resource: memberId, requestId, details });
      return code;
    });
  }

  /** A code that signs another browser in as the caller: the same member, or with the rights of the same key. */
  issueOwnCode({ principal, requestId }: Caller): Promise<NewCode> {
    const { database, sessions, audit, clock } = this.#ports;
    return database.inWorkspace(principal.workspace, async (tx) => {
      const { workspace, id } = principal;
      if ((await rightsOf(tx, this.#ports, principal, clock.now())) === null) {
        throw identityErrors.sign_in_refused('the calling credential is revoked or has expired');
      }
      const holder = principal.kind === 'member' ? { member: id } : { key: id };
      const code = await issueCode(tx, sessions, { workspace, createdBy: id, holder }, clock.now());
      await audit.record(tx, { principal, action: 'sign_in_code.made', resource: id, requestId, details: {} });
      return code;
    });
  }

  /**
   * A code for the first owner of the example workspace; null when there is none. For whoever starts the server on
   * this machine, and so holds the database anyway.
   */
  async issueDemoCode(by: Principal): Promise<{ workspace: Workspace; code: NewCode } | null> {
    const { database, sessions, members, keys, audit, clock } = this.#ports;
    const workspace = await database.asSystem((tx) => keys.findDemoWorkspace(tx));
    if (workspace === null) return null;
    return database.inWorkspace(workspace.id, async (tx) => {
      const [owner] = await members.listOwners(tx);
      if (owner === undefined) return null;
      const facts = { workspace: workspace.id, createdBy: by.id, holder: { member: owner.id } };
      const code = await issueCode(tx, sessions, facts, clock.now());
      await audit.record(tx, {
        ...{ principal: by, workspace: workspace.id, action: 'sign_in_code.made', resource: owner.id },
        ...{ requestId: 'start', details: { role: owner.role } },
      });
      return { workspace, code };
    });
  }

  /**
   * Opens the session of a one-time code, which is used up by it.
   *
   * @throws `sign_in_refused`
   */
  async redeem(code: string, requestId: string): Promise<NewSession> {
    const { database, sessions, clock } = this.#ports;
    if (!looksLikeSignInCode(code)) throw refused();
    const place = await sessions.locateCode(hashSecret(code));
    if (place === null) throw refused();
    const opened = await database.inWorkspace(place.workspace, async (tx) => {
      const found = await sessions.takeCode(tx, place.id);
      if (found === null || found.expiresAt <= clock.now()) return null;
      return this.#open(tx, place.workspace, found.holder, requestId, { code: found.id });
    });
    if (opened === null) throw refused();
    return opened;
  }

  /**
   * Opens a session with the rights of an API key, which ends with the key at the latest.
   *
   * @throws `sign_in_refused`
   */
  async openFor(key: Principal, requestId: string): Promise<NewSession> {
    const opened = await this.#ports.database.inWorkspace(key.workspace, (tx) =>
      this.#open(tx, key.workspace, { key: key.id }, requestId, {}),
    );
    if (opened === null) throw identityErrors.sign_in_refused('the API key is revoked or has expired');
    return opened;
  }

  /** Ends one session, everywhere within seconds. What has ended already is no error. */
  async end(principal: Principal, requestId: string): Promise<void> {
    const { database, sessions, audit } = this.#ports;
    const { workspace, session } = principal;
    if (session === undefined) return;
    await database.inWorkspace(workspace, async (tx) => {
      if (!(await sessions.deleteSession(tx, session))) return;
      await audit.record(tx, { principal, action: 'session.ended', resource: session, requestId, details: {} });
    });
  }

  /** Removes what is over. Call it now and then. */
  expire(): Promise<void> {
    const { database, sessions, clock } = this.#ports;
    const now = clock.now();
    return database.asSystem((tx) => sessions.expire(tx, now, now - IDLE_MS));
  }

  /** Null when the holder may not be signed in any more. */
  async #open(
    tx: Tx,
    workspace: string,
    holder: Session['holder'],
    requestId: string,
    details: Record<string, unknown>,
  ): Promise<NewSession | null> {
    const { sessions, members, keys, audit, clock } = this.#ports;
    const now = clock.now();
    const id = 'member' in holder ? holder.member : holder.key;
    if ('member' in holder) {
      if ((await members.findMember(tx, id, true))?.active !== true) return null;
    } else {
      const key = await keys.findKey(tx, id, true);
      if (key === null || !isUsable(key, now)) return null;
    }
    const secret = newSessionSecret();
    const session: Session = {
      ...{ id: newId('ses', now), workspace, holder },
      ...{ createdAt: now, lastUsedAt: now, expiresAt: now + SESSION_MS },
    };
    await sessions.insertSession(tx, session, hashSecret(secret));
    await sessions.deleteSessionsOf(tx, holder, MAX_SESSIONS);
    const kind = 'member' in holder ? 'member' : 'api_key';
    await audit.record(tx, {
      ...{ principal: { kind, workspace, id, scopes: new Set<string>() }, action: 'session.started' },
      ...{ resource: session.id, requestId, details },
    });
    return { secret, session };
  }
}
