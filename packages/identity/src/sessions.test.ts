import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@understudy/database-postgres/testing';
import { isUnderstudyError, type Principal, silentLogger } from '@understudy/kernel';
import { FakeClock } from '@understudy/kernel/testing';
import type { Caller } from './caller.ts';
import { Identity, type NewWorkspace } from './identity.ts';
import type { Member } from './member.ts';
import { etagOf } from './member.ts';
import { Members } from './members.ts';
import { operatorPrincipal } from './operator.ts';
import type { Role } from './roles.ts';
import { allScopes } from './scopes.ts';
import { csrfTokenOf, newSessionSecret, newSignInCode } from './secret.ts';
import { CODE_MS, IDLE_MS, MAX_SESSIONS, SESSION_MS } from './session.ts';
import { SessionAuthenticator } from './session-authenticator.ts';
import { Sessions } from './sessions.ts';
import {
  identityMigrations,
  PostgresAuditLog,
  PostgresIdentityStore,
  PostgresMemberStore,
  PostgresSessionDirectory,
  PostgresSessionStore,
  SESSIONS_CHANNEL,
} from './storage/index.ts';

let db: TestDatabase;
let identity: Identity;
let members: Members;
let sessions: Sessions;
let forum: NewWorkspace;
let owner: Caller;
let key: Caller;
const clock = new FakeClock();
const operator: Caller = { principal: operatorPrincipal, requestId: 'req_operator' };
const refused = (code: string) => (error: unknown) => isUnderstudyError(error) && error.code === code;

before(async () => {
  db = await createTestDatabase({ migrations: [identityMigrations] });
  const { database } = db;
  const audit = new PostgresAuditLog(clock);
  const ports = {
    ...{ database, audit, clock, keys: new PostgresIdentityStore() },
    ...{ members: new PostgresMemberStore(), sessions: new PostgresSessionStore(database) },
  };
  identity = new Identity({ ...ports, store: ports.keys, scopes: allScopes });
  members = new Members(ports);
  sessions = new Sessions(ports);
  forum = await identity.createWorkspace(operator, { name: 'Forum', owner: { name: 'Ada', email: 'ada@x.org' } });
  owner = asMember(forum.owner!.member);
  const { id, workspace } = forum.key;
  key = { principal: { kind: 'api_key', workspace, id, scopes: new Set() }, requestId: 'req_key' };
});
after(() => db.close());

/** What a principal claims does not count, so it claims nothing. */
function asMember({ workspace, id }: Member): Caller {
  return { principal: { kind: 'member', workspace, id, scopes: new Set() }, requestId: 'req_member' };
}

const newAuthenticator = () =>
  new SessionAuthenticator({ directory: new PostgresSessionDirectory(db.database), clock, logger: silentLogger });

const add = (role: Role, by = owner, name: string = role) => members.add(by, { name, email: null, role });

async function signIn(member: Member): Promise<string> {
  const { code } = await sessions.issueCodeFor(owner, member.id);
  return (await sessions.redeem(code, 'req_sign_in')).secret;
}

test('the first owner signs in with the code of the workspace, once, as themself', async () => {
  const { code, expiresAt } = forum.owner!.code;
  assert.equal(expiresAt, clock.now() + CODE_MS);
  const { secret, session } = await sessions.redeem(code, 'req_1');
  const live = await newAuthenticator().authenticate(secret);
  const { workspace, id } = forum.owner!.member;
  assert.deepEqual(live, {
    principal: {
      ...{ kind: 'member', workspace, id, name: 'Ada', role: 'owner', session: session.id },
      ...{ scopes: new Set(allScopes), requestsPerMinute: null },
    },
    csrfToken: csrfTokenOf(secret),
    expiresAt: clock.now() + SESSION_MS,
  });
  await assert.rejects(sessions.redeem(code, 'req_2'), refused('sign_in_refused'));
  assert.notEqual(csrfTokenOf(secret), csrfTokenOf(newSessionSecret()));
});

test('of a hundred who redeem one code together, one gets in', async () => {
  const { code } = await sessions.issueCodeFor(owner, (await add('viewer')).id);
  const results = await Promise.allSettled(Array.from({ length: 100 }, () => sessions.redeem(code, 'r')));
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
  for (const result of results) assert.ok(result.status === 'fulfilled' || refused('sign_in_refused')(result.reason));
});

test('codes that are old, unknown, malformed or of another kind open nothing', async () => {
  const { code } = await sessions.issueCodeFor(owner, (await add('viewer')).id);
  clock.advance(CODE_MS);
  for (const wrong of [code, newSignInCode(), newSessionSecret(), forum.secret, '', "us_code_' OR true --"]) {
    await assert.rejects(sessions.redeem(wrong, 'r'), refused('sign_in_refused'), wrong);
  }
  for (const wrong of [code, newSessionSecret(), forum.secret, '', '__proto__']) {
    assert.equal(await newAuthenticator().authenticate(wrong), null, wrong);
  }
});

test('no secret is anywhere in the database', async () => {
  const member = await add('lead');
  const { code } = await sessions.issueCodeFor(owner, member.id);
  const secret = await signIn(member);
  for (const table of ['sessions', 'session_index', 'sign_in_codes', 'sign_in_code_index', 'members', 'audit_log']) {
    const rows = await db.asOwner<{ row: string }>(`SELECT t::text AS row FROM identity.${table} t`);
    for (const { row } of rows) {
      for (const one of [code, secret, csrfTokenOf(secret)]) assert.ok(!row.includes(one.slice(8)), table);
    }
  }
  for (const table of ['session_index', 'sign_in_code_index']) {
    await assert.rejects(
      db.database.asSystem((tx) => tx.selectFrom(`identity.${table}`).selectAll().execute()),
      { code: '42501' },
    );
  }
});

test('a session ends after its time, whether used or not, and earlier when it is idle', async () => {
  const member = await add('reviewer');
  const [busy, idle] = [await signIn(member), await signIn(member)];
  const authenticator = newAuthenticator();
  let elapsed = 0;
  for (; elapsed < SESSION_MS; elapsed += IDLE_MS - 1) {
    assert.ok(await authenticator.authenticate(busy), `after ${elapsed}`);
    await authenticator.flush();
    clock.advance(IDLE_MS - 1);
  }
  assert.equal(await authenticator.authenticate(busy), null);
  assert.equal(await newAuthenticator().authenticate(idle), null);
});

test('another process knows of the use that this one wrote down; what is over is removed', async () => {
  const member = await add('reviewer');
  const [used, unused] = [await signIn(member), await signIn(member)];
  clock.advance(IDLE_MS - 1);
  const authenticator = newAuthenticator();
  assert.ok(await authenticator.authenticate(used));
  await authenticator.flush();
  clock.advance(1);
  await sessions.expire();
  assert.ok(await newAuthenticator().authenticate(used));
  assert.equal(await newAuthenticator().authenticate(unused), null);
  const rows = await db.asOwner(`SELECT FROM identity.sessions WHERE member_id = '${member.id}'`);
  assert.equal(rows.length, 1);
  assert.equal((await members.get(owner.principal, member.id)).lastSeenAt, clock.now() - 1);
});

test('signing out, a change of role and becoming inactive reach every process that hears, at once', async () => {
  const member = await add('viewer', owner, 'Bob');
  const secret = await signIn(member);
  const authenticator = newAuthenticator();
  let heard = Promise.withResolvers<void>();
  const stop = await db.listen(SESSIONS_CHANNEL, (id) => {
    authenticator.invalidate(id);
    if (id !== undefined) heard.resolve();
  });
  assert.equal((await authenticator.authenticate(secret))?.principal.role, 'viewer');
  heard = Promise.withResolvers();
  await members.change(owner, member.id, { role: 'lead' });
  await heard.promise;
  assert.equal((await authenticator.authenticate(secret))?.principal.role, 'lead');
  heard = Promise.withResolvers();
  const { principal } = (await authenticator.authenticate(secret))!;
  await sessions.end(principal, 'req_end');
  await heard.promise;
  assert.equal(await authenticator.authenticate(secret), null);
  await sessions.end(principal, 'req_end'); // again: no error
  const again = await signIn(member);
  const { code } = await sessions.issueCodeFor(owner, member.id);
  assert.ok(await authenticator.authenticate(again));
  heard = Promise.withResolvers();
  await members.change(owner, member.id, { active: false });
  await heard.promise;
  assert.equal(await authenticator.authenticate(again), null);
  await assert.rejects(sessions.redeem(code, 'r'), refused('sign_in_refused'));
  await assert.rejects(sessions.issueCodeFor(owner, member.id), refused('member_inactive'));
  stop();
});

test('a process that hears nothing knows within five seconds', async () => {
  const member = await add('viewer');
  const secret = await signIn(member);
  const deaf = newAuthenticator();
  assert.ok(await deaf.authenticate(secret));
  await members.remove(owner, member.id);
  clock.advance(4_000);
  assert.equal(await deaf.authenticate(secret), null);
});

test('a session made from a key has the key’s rights and dies with it', async () => {
  const made = await identity.createKey(key, {
    name: 'small',
    scopes: ['tasks:read'],
    expiresAt: clock.now() + 60_000,
  });
  const principal: Principal = { ...key.principal, id: made.key.id };
  const { secret } = await sessions.openFor(principal, 'r');
  const live = await newAuthenticator().authenticate(secret);
  assert.deepEqual([live?.principal.kind, live?.principal.id, live?.principal.name], ['api_key', made.key.id, 'small']);
  assert.deepEqual([live?.principal.scopes, live?.expiresAt], [new Set(['tasks:read']), made.key.expiresAt]);
  const { code } = await sessions.issueOwnCode({ principal, requestId: 'r' });
  await identity.revokeKey(owner, made.key.id);
  assert.equal(await newAuthenticator().authenticate(secret), null);
  await assert.rejects(sessions.redeem(code, 'r'), refused('sign_in_refused'));
  await assert.rejects(sessions.openFor(principal, 'r'), refused('sign_in_refused'));
  await assert.rejects(sessions.issueOwnCode({ principal, requestId: 'r' }), refused('sign_in_refused'));
});

test('one more session than allowed ends the one that was used longest ago', async () => {
  const member = await add('viewer');
  const secrets: string[] = [];
  for (let index = 0; index <= MAX_SESSIONS; index++) {
    clock.advance(1);
    secrets.push(await signIn(member));
  }
  const authenticator = newAuthenticator();
  const alive = await Promise.all(secrets.map((secret) => authenticator.authenticate(secret)));
  assert.deepEqual(
    alive.map((live) => live !== null),
    secrets.map((_, index) => index > 0),
  );
});

test('nobody gives, changes or uses a role above their own', async () => {
  const admin = await add('admin');
  const lead = await add('lead');
  for (const [by, role] of [
    [admin, 'owner'],
    [lead, 'admin'],
    [lead, 'viewer'],
  ] as const) {
    // A lead may see what a viewer sees, so what stops them is the scope that the route asks for; an owner's is more.
    if (role === 'viewer') assert.ok(await add('viewer', asMember(by)));
    else await assert.rejects(add(role, asMember(by)), refused('role_exceeds_creator'), `${by.role} ${role}`);
  }
  const { id } = forum.owner!.member;
  for (const attempt of [
    () => members.change(asMember(admin), admin.id, { role: 'owner' }),
    () => members.change(asMember(admin), id, { role: 'viewer' }),
    () => members.change(asMember(admin), id, { name: 'Eve' }),
    () => members.remove(asMember(admin), id),
    () => sessions.issueCodeFor(asMember(admin), id),
    () => sessions.issueCodeFor(asMember(lead), admin.id),
  ]) {
    await assert.rejects(attempt, refused('role_exceeds_creator'));
  }
  const weak = await identity.createKey(key, { name: 'weak', scopes: ['members:write', 'tasks:read'] });
  const byWeak: Caller = { principal: { ...key.principal, id: weak.key.id }, requestId: 'r' };
  await assert.rejects(add('reviewer', byWeak), refused('role_exceeds_creator'));
  await members.change(owner, admin.id, { active: false });
  await assert.rejects(add('viewer', asMember(admin)), refused('role_exceeds_creator'));
});

test('the last active owner stays, also when two owners would remove each other at the same time', async () => {
  const { id } = forum.owner!.member;
  for (const attempt of [
    () => members.remove(key, id),
    () => members.change(owner, id, { role: 'admin' }),
    () => members.change(owner, id, { active: false }),
  ]) {
    await assert.rejects(attempt, refused('last_owner'));
  }
  for (let round = 0; round < 5; round++) {
    const made = await identity.createWorkspace(operator, { name: 'Two', owner: { name: 'A', email: null } });
    const first = made.owner!.member;
    const second = await add('owner', asMember(first));
    const results = await Promise.allSettled([
      members.remove(asMember(first), second.id),
      members.change(asMember(second), first.id, { role: 'viewer' }),
    ]);
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
  }
});

test('an address is one member’s, whatever its case, within the workspace; a stale edit is refused', async () => {
  const bob = await members.add(owner, { name: 'Bob', email: 'Bob@x.org', role: 'viewer' });
  await assert.rejects(members.add(owner, { name: 'Rob', email: 'bob@X.org', role: 'viewer' }), refused('email_taken'));
  await assert.rejects(members.change(owner, bob.id, { email: 'ADA@x.org' }), refused('email_taken'));
  const other = await identity.createWorkspace(operator, { name: 'Shop', owner: { name: 'Bob', email: 'bob@x.org' } });
  const changed = await members.change(owner, bob.id, { name: 'Robert' }, { ifMatch: etagOf(bob) });
  assert.deepEqual([changed.version, changed.email], [2, 'Bob@x.org']);
  const stale = { ifMatch: etagOf(bob) };
  await assert.rejects(members.change(owner, bob.id, { name: 'Rob' }, stale), refused('stale_version'));
  await assert.rejects(members.remove(owner, bob.id, stale), refused('stale_version'));
  assert.equal((await members.change(owner, bob.id, { name: 'Robert' })).version, 2); // nothing changed
  // Members of another workspace do not exist.
  const stranger = asMember(other.owner!.member);
  for (const attempt of [
    () => members.get(stranger.principal, bob.id),
    () => members.change(stranger, bob.id, { role: 'admin' }),
    () => members.remove(stranger, bob.id),
    () => sessions.issueCodeFor(stranger, bob.id),
  ]) {
    await assert.rejects(attempt, refused('member_not_found'));
  }
  assert.equal((await members.list(stranger.principal, { limit: 10 })).length, 1);
});

test('the audit log tells of members and sessions, and forgets a removed person’s name', async () => {
  const made = await identity.createWorkspace(operator, { name: 'Log', owner: { name: 'O', email: null } });
  const by = asMember(made.owner!.member);
  const person = await members.add(by, { name: 'Grace Hopper', email: 'grace@navy.example', role: 'reviewer' });
  const { code } = await sessions.issueCodeFor(by, person.id);
  const { session } = await sessions.redeem(code, 'req_in');
  await members.remove(by, person.id);
  const lines = await identity.auditLog(by.principal, { limit: 20 });
  assert.deepEqual(
    lines.map(({ action, resource, principal }) => [action, resource, principal.id]),
    [
      ['member.removed', person.id, by.principal.id],
      ['session.started', session.id, person.id],
      ['sign_in_code.made', person.id, by.principal.id],
      ['member.added', person.id, by.principal.id],
      ['workspace.created', made.workspace.id, 'operator'],
    ],
  );
  const dump = await db.asOwner<{ row: string }>(
    `SELECT t::text AS row FROM identity.audit_log t UNION ALL SELECT m::text FROM identity.members m`,
  );
  assert.ok(!JSON.stringify(dump).includes('Grace') && !JSON.stringify(dump).includes('navy'));
});

test('the example workspace’s owner gets a code at every start; without one there is none', async () => {
  assert.equal(await sessions.issueDemoCode(operatorPrincipal), null);
  const demo = await identity.createWorkspace(operator, {
    ...{ name: 'Example', demo: true },
    owner: { name: 'Owner', email: null },
  });
  const first = (await sessions.issueDemoCode(operatorPrincipal))!;
  const second = (await sessions.issueDemoCode(operatorPrincipal))!;
  assert.deepEqual([first.workspace.id, second.workspace.id], [demo.workspace.id, demo.workspace.id]);
  for (const { code } of [first, second]) {
    const { session } = await sessions.redeem(code.code, 'r');
    assert.deepEqual(session.holder, { member: demo.owner!.member.id });
  }
});

test('a member makes keys within their role', async () => {
  const admin = asMember(await add('admin'));
  const made = await identity.createKey(admin, { name: 'by admin', scopes: ['tasks:read'] });
  assert.equal(made.key.createdBy, admin.principal.id);
  const beyond = identity.createKey(admin, { name: 'x', scopes: ['workspace:own'] });
  await assert.rejects(beyond, refused('key_exceeds_creator'));
});
