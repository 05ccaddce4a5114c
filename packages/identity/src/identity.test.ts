import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@understudy/database-postgres/testing';
import { isUnderstudyError, type Principal, silentLogger } from '@understudy/kernel';
import { FakeClock } from '@understudy/kernel/testing';
import { KeyAuthenticator } from './authenticator.ts';
import type { Caller } from './caller.ts';
import { Identity } from './identity.ts';
import { ensureOperatorKey, operatorPrincipal } from './operator.ts';
import { allScopes } from './scopes.ts';
import { hashSecret, newApiKeySecret, newOperatorSecret, sameHash } from './secret.ts';
import {
  identityMigrations,
  KEYS_CHANNEL,
  PostgresAuditLog,
  PostgresIdentityStore,
  PostgresKeyDirectory,
  PostgresMemberStore,
  PostgresSessionStore,
} from './storage/index.ts';

let db: TestDatabase;
let identity: Identity;
let owner: Caller;
let ownerSecret: string;
let audit: PostgresAuditLog;
const clock = new FakeClock();
const store = new PostgresIdentityStore();
const operator: Caller = { principal: operatorPrincipal, requestId: 'req_operator' };
const isCode = (code: string) => (error: unknown) => isUnderstudyError(error) && error.code === code;

before(async () => {
  db = await createTestDatabase({ migrations: [identityMigrations] });
  audit = new PostgresAuditLog(clock);
  identity = new Identity({
    database: db.database,
    store,
    members: new PostgresMemberStore(),
    sessions: new PostgresSessionStore(db.database),
    audit,
    clock,
    scopes: allScopes,
  });
  const made = await identity.createWorkspace(operator, { name: 'Forum' });
  ownerSecret = made.secret;
  owner = { principal: principalOf(made.key), requestId: 'req_owner' };
});
after(() => db.close());

function principalOf(key: { workspace: string; id: string; scopes: readonly string[] }): Principal {
  return { kind: 'api_key', workspace: key.workspace, id: key.id, scopes: new Set(key.scopes) };
}

function newAuthenticator(): KeyAuthenticator {
  return new KeyAuthenticator({
    directory: new PostgresKeyDirectory(db.database),
    operatorHash: hashSecret(newOperatorSecret()),
    clock,
    logger: silentLogger,
  });
}

test('a workspace comes with a key that holds every scope and opens that workspace', async () => {
  const principal = await newAuthenticator().authenticate(ownerSecret);
  assert.equal(principal?.workspace, owner.principal.workspace);
  assert.deepEqual([...(principal?.scopes ?? [])], [...allScopes]);
  assert.equal(await newAuthenticator().authenticate(newApiKeySecret()), null);
});

test('no secret is anywhere in the database', async () => {
  const tables = ['workspaces', 'keys', 'key_index', 'audit_log', 'operator_key'];
  for (const table of tables) {
    const rows = await db.asOwner<{ row: string }>(`SELECT t::text AS row FROM identity.${table} t`);
    for (const { row } of rows) assert.ok(!row.includes(ownerSecret.slice(8)), table);
  }
});

test('a key gives at most what its creator has: scopes, expiry, rate', async () => {
  const expiresAt = clock.now() + 86_400_000;
  const { key } = await identity.createKey(owner, {
    name: 'limited',
    scopes: ['keys:write', 'tasks:read'],
    expiresAt,
    requestsPerMinute: 100,
  });
  const limited: Caller = { principal: principalOf(key), requestId: 'req_limited' };
  const request = { name: 'child', scopes: ['tasks:read'] };
  await assert.rejects(
    identity.createKey(limited, { ...request, scopes: ['tasks:read', 'tasks:write', 'audit:read'] }),
    (error) =>
      isCode('key_exceeds_creator')(error) &&
      assert.deepEqual(
        (error as { problems: { pointer: string }[] }).problems.map(({ pointer }) => pointer),
        ['/scopes/1', '/scopes/2'],
      ) === undefined,
  );
  await assert.rejects(
    identity.createKey(limited, { ...request, expiresAt: expiresAt + 1 }),
    isCode('key_exceeds_creator'),
  );
  await assert.rejects(
    identity.createKey(limited, { ...request, requestsPerMinute: 101 }),
    isCode('key_exceeds_creator'),
  );
  const { key: child } = await identity.createKey(limited, request);
  assert.deepEqual([child.expiresAt, child.requestsPerMinute, child.createdBy], [expiresAt, 100, key.id]);
});

test('what a principal claims does not count: rights are read from its key', async () => {
  const { key } = await identity.createKey(owner, { name: 'small', scopes: ['keys:write'] });
  const forged = { ...principalOf(key), scopes: new Set(allScopes as readonly string[]) };
  await assert.rejects(
    identity.createKey({ principal: forged, requestId: 'r' }, { name: 'x', scopes: ['audit:read'] }),
    isCode('key_exceeds_creator'),
  );
});

test('unknown scopes and an expiry that has passed are refused with their place', async () => {
  await assert.rejects(
    identity.createKey(owner, { name: 'x', scopes: ['tasks:read', 'root:all'] }),
    (error) => isCode('unknown_scope')(error) && (error as any).problems[0].pointer === '/scopes/1',
  );
  await assert.rejects(
    identity.createKey(owner, { name: 'x', scopes: ['tasks:read'], expiresAt: clock.now() }),
    isCode('expiry_in_past'),
  );
});

test('a revoked key opens nothing, makes no keys, and other processes hear of it', async () => {
  const { key, secret } = await identity.createKey(owner, { name: 'to go', scopes: ['keys:write'] });
  const authenticator = newAuthenticator();
  const heard = Promise.withResolvers<string>();
  const stop = await db.listen(KEYS_CHANNEL, (id) => {
    authenticator.invalidate(id);
    if (id !== undefined) heard.resolve(id);
  });
  assert.ok(await authenticator.authenticate(secret));
  await identity.revokeKey(owner, key.id);
  assert.equal(await heard.promise, key.id);
  assert.equal(await authenticator.authenticate(secret), null);
  assert.equal(await newAuthenticator().authenticate(secret), null);
  await assert.rejects(
    identity.createKey({ principal: principalOf(key), requestId: 'r' }, { name: 'x', scopes: ['keys:write'] }),
    isCode('key_exceeds_creator'),
  );
  await identity.revokeKey(owner, key.id); // again: no error, no second line
  const lines = await identity.auditLog(owner.principal, { limit: 10, resource: key.id, action: 'key.revoked' });
  assert.equal(lines.length, 1);
  stop();
});

test('keys of another workspace do not exist', async () => {
  const other = await identity.createWorkspace(operator, { name: 'Shop' });
  const stranger: Caller = { principal: principalOf(other.key), requestId: 'r' };
  await assert.rejects(identity.revokeKey(stranger, owner.principal.id), isCode('key_not_found'));
  await assert.rejects(identity.revokeKey(owner, "key_' OR true --"), isCode('key_not_found'));
  assert.deepEqual(
    (await identity.listKeys(stranger.principal, { limit: 100 })).map(({ id }) => id),
    [other.key.id],
  );
  assert.ok(
    (await identity.auditLog(stranger.principal, { limit: 100 })).every(
      ({ resource }) => resource === other.workspace.id,
    ),
  );
  assert.equal((await identity.whoAmI(owner.principal)).workspace.name, 'Forum');
  assert.ok(await newAuthenticator().authenticate(ownerSecret));
});

test('lists run newest first, page by page, and miss nothing while rows are added', async () => {
  const { key: owned, workspace } = await identity.createWorkspace(operator, { name: 'Pages' });
  const caller: Caller = { principal: principalOf(owned), requestId: 'r' };
  for (let i = 0; i < 5; i++) await identity.createKey(caller, { name: `n${i}`, scopes: ['tasks:read'] });
  const first = await identity.listKeys(caller.principal, { limit: 3 });
  await identity.createKey(caller, { name: 'added', scopes: ['tasks:read'] });
  const rest = await identity.listKeys(caller.principal, { limit: 10, after: first.at(-1)!.id });
  assert.deepEqual(
    [...first, ...rest].map(({ name }) => name),
    ['n4', 'n3', 'n2', 'n1', 'n0', 'owner'],
  );
  assert.equal((await identity.listWorkspaces({ limit: 1 }))[0]?.id, workspace.id);
});

test('the audit log says who, what and when, filters, keeps no secret and cannot be rewritten', async () => {
  const from = clock.now() + 1;
  clock.advance(1_000);
  await db.database.inWorkspace(owner.principal.workspace, (tx) =>
    audit.record(tx, {
      ...owner,
      action: 'task.created',
      resource: 'moderation',
      details: { note: `pasted ${newApiKeySecret()} by mistake` },
    }),
  );
  const [line] = await identity.auditLog(owner.principal, { limit: 5, from, action: 'task.created' });
  assert.deepEqual(
    { ...line, id: '' },
    {
      id: '',
      at: clock.now(),
      principal: { kind: 'api_key', id: owner.principal.id },
      action: 'task.created',
      resource: 'moderation',
      requestId: 'req_owner',
      details: { note: 'pasted us_… by mistake' },
    },
  );
  assert.deepEqual(await identity.auditLog(owner.principal, { limit: 5, to: 0 }), []);
  for (const table of ['audit_log', 'keys', 'key_index', 'operator_key']) {
    await assert.rejects(
      db.database.asSystem((tx) => tx.deleteFrom(`identity.${table}`).execute()),
      { code: '42501' },
    );
  }
  await assert.rejects(
    db.database.asSystem((tx) => tx.updateTable('identity.audit_log').set({ action: 'x' }).execute()),
    { code: '42501' },
  );
  await assert.rejects(
    db.database.asSystem((tx) => tx.selectFrom('identity.key_index').selectAll().execute()),
    { code: '42501' },
  );
});

test('the last use of keys reaches their rows and never goes back', async () => {
  const directory = new PostgresKeyDirectory(db.database);
  const { workspace, id } = owner.principal;
  const at = clock.now();
  await directory.touch([{ workspace, id, at }]);
  await directory.touch([
    { workspace, id, at: at - 5_000 },
    { workspace: 'ws_gone', id: 'key_gone', at },
  ]);
  assert.equal((await identity.listKeys(owner.principal, { limit: 200 })).find((key) => key.id === id)?.lastUsedAt, at);
});

test('the first start makes one operator key however many servers start, and shows it once', async () => {
  const results = await Promise.all(Array.from({ length: 4 }, () => ensureOperatorKey(db.database, store)));
  assert.equal(results.filter(({ made }) => made !== null).length, 1);
  const made = results.find((result) => result.made !== null)!.made!;
  for (const { hash } of results) assert.ok(sameHash(hash, hashSecret(made)));
  assert.equal((await ensureOperatorKey(db.database, store)).made, null);
  const configured = newOperatorSecret();
  const own = await ensureOperatorKey(db.database, store, configured);
  assert.ok(sameHash(own.hash, hashSecret(configured)) && own.made === null);
  await assert.rejects(ensureOperatorKey(db.database, store, 'us_op_short'), isCode('operator_key_invalid'));
});
