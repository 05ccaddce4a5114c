import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actingFor } from './http.ts';

test('what goes on outside of a request is done for a key or a member, or by the system itself', () => {
  const kinds = ['key_1', 'mem_1', 'operator', 'monitor', 'policy'].map((id) => actingFor('ws_1', id).kind);
  assert.deepEqual(kinds, ['api_key', 'member', 'operator', 'system', 'system']);
  assert.deepEqual(actingFor('ws_1', 'monitor'), {
    kind: 'system',
    workspace: 'ws_1',
    id: 'monitor',
    scopes: new Set(),
  });
});
