import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { Principal } from '@understudy/kernel';
import { FakeClock } from '@understudy/kernel/testing';
import type { TaskDefinition } from '@understudy/wire';
import { etagOf } from './task.ts';
import { Tasks } from './tasks.ts';
import { MemoryTaskStore } from './testing/memory-task-store.ts';
import { RecordingAuditTrail } from './testing/recording-audit-trail.ts';

const principal: Principal = { kind: 'api_key', workspace: 'ws_1', id: 'key_1', scopes: new Set() };
const definition = (...names: string[]): TaskDefinition => ({
  kind: 'text_classification',
  labels: names.map((name) => ({ name })),
});

let tasks: Tasks;
let audit: RecordingAuditTrail;
beforeEach(() => {
  audit = new RecordingAuditTrail();
  tasks = new Tasks({ store: new MemoryTaskStore(), audit, clock: new FakeClock() });
});

const put = (body: TaskDefinition, conditions = {}) => tasks.put(principal, 't', body, conditions, 'req_1');
const refused = (code: string) => ({ code });

test('a new task has its defaults, revision 1, and stands in the audit log', async () => {
  const { task, created } = await put(definition('a', 'b'));
  assert.deepEqual([created, task.revision, task.version], [true, 1, 1]);
  assert.deepEqual(task.definition.automation, { mode: 'certified' });
  assert.equal(task.definition.input.text.max_length, 20_000);
  assert.deepEqual(
    audit.entries.map(({ action }) => action),
    ['task.created'],
  );
});

test('only labels and input start a new revision; every edit is a new version', async () => {
  await put(definition('a', 'b'));
  const titled = await put({ ...definition('a', 'b'), title: 'Title' });
  assert.deepEqual([titled.created, titled.task.revision, titled.task.version], [false, 1, 2]);
  const reordered = await put({ ...definition('b', 'a'), title: 'Title' });
  assert.deepEqual([reordered.task.revision, reordered.task.version], [1, 3]);
  const labelled = await put(definition('a', 'b', 'c'));
  assert.deepEqual([labelled.task.revision, labelled.task.version], [2, 4]);
  const shorter = await put({ ...definition('a', 'b', 'c'), input: { text: { type: 'string', max_length: 100 } } });
  assert.equal(shorter.task.revision, 3);
});

test('the same definition again changes nothing', async () => {
  const first = await put(definition('a', 'b'));
  assert.deepEqual(await put(definition('a', 'b')), { task: first.task, created: false, write: false });
  assert.equal(audit.entries.length, 1);
});

test('If-Match lets an edit through on top of what it names only', async () => {
  await assert.rejects(put(definition('a'), { ifMatch: '*' }), refused('stale_version'));
  const { task } = await put(definition('a', 'b'));
  const etag = etagOf(task);
  await put(definition('a', 'c'), { ifMatch: `"other", ${etag}` });
  await assert.rejects(put(definition('a', 'd'), { ifMatch: etag }), refused('stale_version'));
  const current = etagOf(await tasks.get('ws_1', 't'));
  await assert.rejects(put(definition('a', 'd'), { ifMatch: `W/${current}` }), refused('stale_version'));
  await put(definition('a', 'd'), { ifMatch: '*' });
  await assert.rejects(tasks.remove(principal, 't', { ifMatch: etag }, 'r'), refused('stale_version'));
  assert.deepEqual(
    (await tasks.get('ws_1', 't')).definition.labels.map(({ name }) => name),
    ['a', 'd'],
  );
});

test('of edits on top of the same version one wins', async () => {
  const { task } = await put(definition('a', 'b'));
  const ifMatch = etagOf(task);
  const edits = ['c', 'd', 'e', 'f'].map((label) => put(definition('a', label), { ifMatch }));
  const outcomes = await Promise.allSettled(edits);
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
});

test('create-only refuses a task that is there', async () => {
  const creations = Array.from({ length: 5 }, () => put(definition('a', 'b'), { createOnly: true }));
  const outcomes = await Promise.allSettled(creations);
  assert.deepEqual(
    outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.code] : [])),
    Array(4).fill('task_exists'),
  );
});

test('labels that only look different are one label', async () => {
  await assert.rejects(put(definition('caf\u00e9', 'x', 'cafe\u0301')), (error: any) => {
    assert.equal(error.code, 'duplicate_label');
    assert.equal(error.problems[0].pointer, '/labels/2/name');
    return true;
  });
});

test('removing takes the task away; its name can be used again by another task', async () => {
  const { task } = await put(definition('a', 'b'));
  await tasks.remove(principal, 't', { ifMatch: etagOf(task) }, 'r');
  await assert.rejects(tasks.get('ws_1', 't'), refused('task_not_found'));
  await assert.rejects(tasks.remove(principal, 't', {}, 'r'), refused('task_not_found'));
  const again = await put(definition('a', 'b'));
  assert.notEqual(again.task.id, task.id);
  assert.notEqual(etagOf(again.task), etagOf(task));
});

test('an import adds the labels that are new, within the bounds of a task', async () => {
  await put(definition('a', 'b'));
  const add = (names: string[]) => tasks.addLabels(principal, 't', names, 'r');
  assert.equal((await add(['a', 'b'])).version, 1);
  const task = await add(['b', 'c', 'c', 'd']);
  assert.deepEqual(
    task.definition.labels.map(({ name }) => name),
    ['a', 'b', 'c', 'd'],
  );
  assert.deepEqual([task.revision, task.version], [2, 2]);
  await assert.rejects(add(['']), refused('invalid_label'));
  await assert.rejects(add(['line\nbreak']), refused('invalid_label'));
  await assert.rejects(add(['x'.repeat(201)]), refused('invalid_label'));
  await assert.rejects(add(Array.from({ length: 997 }, (_, index) => `l${index}`)), refused('too_many_labels'));
  await assert.rejects(tasks.addLabels(principal, 'other', ['x'], 'r'), refused('task_not_found'));
});

test('another workspace sees nothing of it', async () => {
  await put(definition('a', 'b'));
  await assert.rejects(tasks.get('ws_2', 't'), refused('task_not_found'));
  assert.deepEqual(await tasks.list('ws_2', { limit: 10 }), []);
});
