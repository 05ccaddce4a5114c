import { type Clock, type Database, newId, type Principal, type Tx } from '@understudy/kernel';
import type { Caller } from './caller.ts';
import { identityErrors } from './errors.ts';
import { etagOf, type Member, type MemberChange, type NewMember } from './member.ts';
import type { AuditTrail, IdentityStore, MemberStore, Page, SessionStore } from './ports.ts';
import { assertCovers, type Rights, rightsOf } from './rights.ts';

/** Members of one workspace at most. */
export const MAX_MEMBERS = 1_000;

export interface MemberPorts {
  database: Database;
  members: MemberStore;
  keys: IdentityStore;
  sessions: SessionStore;
  audit: AuditTrail;
  clock: Clock;
}

/** A new member, not stored yet. */
export function newMember(workspace: string, createdBy: string, request: NewMember, now: number): Member {
  return {
    id: newId('mem', now),
    workspace,
    ...request,
    active: true,
    version: 1,
    createdBy,
    createdAt: now,
    updatedAt: now,
    lastSeenAt: null,
  };
}

/**
 * The people of a workspace. Whoever adds or changes a member holds all scopes of the member's role, before and after:
 * so nobody rises by it. Details in the audit log are roles and flags, never names or addresses: with the member's
 * row, the person is gone from here.
 */
export class Members {
  readonly #ports: MemberPorts;

  constructor(ports: MemberPorts) {
    this.#ports = ports;
  }

  /** Newest first. */
  list({ workspace }: Principal, page: Page): Promise<Member[]> {
    const { database, members } = this.#ports;
    return database.inWorkspace(workspace, (tx) => members.listMembers(tx, page));
  }

  /** @throws `member_not_found` */
  get({ workspace }: Principal, id: string): Promise<Member> {
    return this.#ports.database.inWorkspace(workspace, (tx) => this.#find(tx, id, false));
  }

  /** @throws `role_exceeds_creator` `email_taken` `too_many_members` */
  add({ principal, requestId }: Caller, request: NewMember): Promise<Member> {
    const { database, members, audit, clock } = this.#ports;
    return database.inWorkspace(principal.workspace, async (tx) => {
      const now = clock.now();
      await members.lockMembers(tx);
      assertCovers(await this.#rights(tx, principal), request.role);
      if ((await members.countMembers(tx)) >= MAX_MEMBERS) {
        throw identityErrors.too_many_members(`the workspace has ${MAX_MEMBERS} members already`);
      }
      const member = newMember(principal.workspace, principal.id, request, now);
      await members.insertMember(tx, member);
      const details = { role: member.role };
      await audit.record(tx, { principal, action: 'member.added', resource: member.id, requestId, details });
      return member;
    });
  }

  /**
   * Changes what `change` names. Who becomes inactive is signed out everywhere within seconds.
   *
   * @throws `member_not_found` `stale_version` `role_exceeds_creator` `email_taken` `last_owner`
   */
  change(
    { principal, requestId }: Caller,
    id: string,
    change: MemberChange,
    conditions: { ifMatch?: string } = {},
  ): Promise<Member> {
    const { database, members, sessions, audit, clock } = this.#ports;
    return database.inWorkspace(principal.workspace, async (tx) => {
      await members.lockMembers(tx);
      const rights = await this.#rights(tx, principal);
      const before = await this.#toChange(tx, rights, id, conditions);
      const next: Member = { ...before, ...change };
      assertCovers(rights, next.role);
      const changed = (['name', 'email', 'role', 'active'] as const).filter((field) => next[field] !== before[field]);
      if (changed.length === 0) return before;
      if (next.role !== 'owner' || !next.active) await this.#assertOwnerStays(tx, before);
      const member: Member = { ...next, version: before.version + 1, updatedAt: clock.now() };
      await members.updateMember(tx, member);
      if (!member.active) await sessions.deleteSessionsOf(tx, { member: id });
      const { role, active } = member;
      const details = { changed, role, active };
      await audit.record(tx, { principal, action: 'member.changed', resource: id, requestId, details });
      return member;
    });
  }

  /**
   * Removes a member: name and address are erased, sessions end within seconds; what they did stays under their id.
   *
   * @throws `member_not_found` `stale_version` `role_exceeds_creator` `last_owner`
   */
  async remove({ principal, requestId }: Caller, id: string, conditions: { ifMatch?: string } = {}): Promise<void> {
    const { database, members, sessions, audit } = this.#ports;
    await database.inWorkspace(principal.workspace, async (tx) => {
      await members.lockMembers(tx);
      const member = await this.#toChange(tx, await this.#rights(tx, principal), id, conditions);
      await this.#assertOwnerStays(tx, member);
      await sessions.deleteSessionsOf(tx, { member: id });
      await members.deleteMember(tx, id);
      const details = { role: member.role };
      await audit.record(tx, { principal, action: 'member.removed', resource: id, requestId, details });
    });
  }

  #rights(tx: Tx, principal: Principal): Promise<Rights | null> {
    return rightsOf(tx, this.#ports, principal, this.#ports.clock.now());
  }

  async #find(tx: Tx, id: string, lock: boolean): Promise<Member> {
    const member = await this.#ports.members.findMember(tx, id, lock);
    if (member === null) throw identityErrors.member_not_found(`no member ${id}`);
    return member;
  }

  async #toChange(tx: Tx, rights: Rights | null, id: string, { ifMatch }: { ifMatch?: string }): Promise<Member> {
    const member = await this.#find(tx, id, true);
    if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== etagOf(member)) {
      throw identityErrors.stale_version('the member has another version than the one you edited');
    }
    assertCovers(rights, member.role);
    return member;
  }

  async #assertOwnerStays(tx: Tx, leaving: Member): Promise<void> {
    if (leaving.role !== 'owner' || !leaving.active) return;
    const owners = await this.#ports.members.listOwners(tx);
    if (owners.every(({ id }) => id === leaving.id)) throw identityErrors.last_owner('this is the last active owner');
  }
}
