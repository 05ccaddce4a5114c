import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CloudEvent } from '../cloud-event.ts';
import { HEALTHY, taskOf, type Webhook, wants } from './webhook.ts';

const webhook = (fields: Partial<Webhook>): Webhook => ({
  ...{ id: 'whk_1', workspace: 'ws_1', url: 'https://a.example.com/', events: ['*'], task: null, description: null },
  ...{
    enabled: true,
    disabledReason: null,
    disabledAt: null,
    version: 1,
    createdBy: 'key_1',
    createdAt: 0,
    updatedAt: 0,
  },
  ...{ previousSecretUntil: null, health: HEALTHY },
  ...fields,
});
const event = (type: CloudEvent['type'], data: Record<string, unknown> = {}): CloudEvent => ({
  ...{ specversion: '1.0', id: 'evt_1_0', source: '/v1/ledger', type, subject: 's' },
  ...{ time: '2026-01-01T00:00:00Z', datacontenttype: 'application/json', data },
});

test('the task of an event is named by its data', () => {
  assert.equal(taskOf(event('decision.made', { task: 'a' })), 'a');
  assert.equal(taskOf(event('label.recorded', { label: {}, decision: { task: 'b' } })), 'b');
  for (const data of [{}, { decision: 'dec_1' }, { task: 1 }, { decision: null }, { decision: { task: {} } }]) {
    assert.equal(taskOf(event('decision.erased', data)), null);
  }
});

test('a webhook wants its types of its task while it is enabled', () => {
  const made = event('decision.made', { task: 'a' });
  assert.equal(wants(webhook({}), made, 'a'), true);
  assert.equal(wants(webhook({ events: ['decision.made'] }), made, 'a'), true);
  assert.equal(wants(webhook({ events: ['label.recorded'] }), made, 'a'), false);
  assert.equal(wants(webhook({ task: 'a' }), made, 'a'), true);
  assert.equal(wants(webhook({ task: 'b' }), made, 'a'), false);
  assert.equal(wants(webhook({ task: 'b' }), event('webhook.disabled'), null), false);
  assert.equal(wants(webhook({ enabled: false }), made, 'a'), false);
});
