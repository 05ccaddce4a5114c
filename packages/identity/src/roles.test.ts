import assert from 'node:assert/strict';
import { test } from 'node:test';
import { roles, scopesOf } from './roles.ts';
import { allScopes } from './scopes.ts';

test('an owner holds every scope, an admin all but what is the owner’s, and each role less than the one before', () => {
  assert.deepEqual([...scopesOf('owner')], [...allScopes]);
  assert.deepEqual(
    allScopes.filter((scope) => !scopesOf('admin').has(scope)),
    ['workspace:own'],
  );
  for (const role of roles.slice(1)) {
    for (const scope of scopesOf(role)) assert.ok(scopesOf('admin').has(scope), `${role} ${scope}`);
    assert.ok(scopesOf(role).size > 0, role);
  }
});

test('a reviewer holds what the review screen needs, and nothing that would unblind the audit lane', () => {
  assert.deepEqual([...scopesOf('reviewer')], ['tasks:read', 'review:read', 'review:write']);
  assert.ok(scopesOf('lead').has('review:lead') && scopesOf('lead').has('decisions:read'));
});

test('a viewer changes nothing', () => {
  for (const scope of scopesOf('viewer')) assert.match(scope, /:read$/);
});
