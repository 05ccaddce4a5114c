import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { NewEvent } from '@understudy/events';
import type { Principal } from '@understudy/kernel';
import { FakeClock } from '@understudy/kernel/testing';
import type { AuditTrail } from './ports.ts';
import { Registry } from './registry.ts';
import { exampleVersion, MemoryRegistryStore } from './testing/index.ts';

const principal: Principal = { kind: 'api_key', workspace: 'ws_1', id: 'key_1', scopes: new Set() };
const because = { reason: 'better', requestId: 'req_1' };

let registry: Registry;
let audited: { action: string; details: Record<string, unknown> }[];
let happened: NewEvent[];
let clock: FakeClock;
beforeEach(async () => {
  audited = [];
  clock = new FakeClock();
  const audit: AuditTrail = { record: async (_tx, entry) => void audited.push(entry) };
  happened = [];
  const events = {
    record: async (_tx: unknown, _workspace: string, made: readonly NewEvent[]) => void happened.push(...made),
  };
  registry = new Registry({ store: new MemoryRegistryStore(), audit, clock, events });
  await registry.register(exampleVersion('ws_1', 'm'));
  clock.advance(1000);
  await registry.register(exampleVersion('ws_1', 'm'));
});

test('says which is missing, the model or the version', async () => {
  await assert.rejects(registry.version('ws_1', 'other', '1'), { code: 'model_not_found' });
  await assert.rejects(registry.version('ws_1', 'm', '3'), { code: 'model_version_not_found' });
  await assert.rejects(registry.versions('ws_1', 'other', { limit: 1 }), { code: 'model_not_found' });
});

test('promotion and rollback move the champion, with reason and audit', async () => {
  assert.equal(await registry.champion('ws_1', 'm', 'task_1'), null);
  for (const version of ['2', '1']) {
    await registry.setAlias(principal, 'm', 'champion', version, because);
    assert.equal((await registry.champion('ws_1', 'm', 'task_1'))?.version, version);
  }
  assert.deepEqual(
    audited.map(({ action, details }) => [action, details.previous, details.version, details.reason]),
    [
      ['model.alias_set', null, '2', 'better'],
      ['model.alias_set', '2', '1', 'better'],
    ],
  );
  assert.deepEqual(
    happened.map(({ type, subject, data }) => [type, subject, data.previous]),
    [
      ['model.promoted', 'm/2', null],
      ['model.promoted', 'm/1', '2'],
    ],
  );
  const [last] = await registry.history('ws_1', 'm', 1);
  assert.deepEqual([last!.by, last!.at, last!.evidence], ['key_1', clock.now(), {}]);
});

test('an alias never points at a version that is not there', async () => {
  await assert.rejects(registry.setAlias(principal, 'm', 'champion', '9', because), {
    code: 'model_version_not_found',
  });
  assert.equal(audited.length, 0);
});

test('the champion of a task that was deleted does not serve another of the same name', async () => {
  await registry.setAlias(principal, 'm', 'champion', '1', because);
  assert.equal(await registry.champion('ws_1', 'm', 'task_2'), null);
});

test('a removed alias is gone; one that is not set cannot be removed', async () => {
  await registry.setAlias(principal, 'm', 'champion', '1', because);
  await registry.removeAlias(principal, 'm', 'champion', because);
  assert.equal(await registry.champion('ws_1', 'm', 'task_1'), null);
  await assert.rejects(registry.removeAlias(principal, 'm', 'champion', because), { code: 'alias_not_found' });
  await assert.rejects(registry.removeAlias(principal, 'none', 'champion', because), { code: 'model_not_found' });
  assert.equal(audited.at(-1)!.action, 'model.alias_removed');
});

test('nobody moves an alias of another workspace', async () => {
  const stranger = { ...principal, workspace: 'ws_2' };
  await assert.rejects(registry.setAlias(stranger, 'm', 'champion', '1', because), { code: 'model_not_found' });
});
