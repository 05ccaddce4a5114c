import assert from 'node:assert/strict';
import { eventually, type Workspace } from '@understudy/e2e';
import type { Receiver } from './receiver.ts';

/** Of a job for later: far enough that no test sees it begin. */
const LATER_MS = 6 * 3_600_000;
/** Long enough to make the rules stricter before the job begins. */
const SOON_MS = 2_000;

export interface SeededQueues {
  /** With many items, done. */
  job: string;
  /** Of a job whose input became too long. */
  letter: string;
  /** One that fails: there is no such topic. */
  source: string;
  webhook: string;
  delivery: string;
}

const expect = (reply: { status: number; text: string; json: any }, status: number) => {
  assert.equal(reply.status, status, reply.text);
  return reply.json;
};

/**
 * Jobs in every state, letters of two kinds, sources and webhooks, one of each in trouble; through the API alone. The
 * task is to exist.
 */
export async function seedQueues(workspace: Workspace, task: string, receiver: Receiver): Promise<SeededQueues> {
  const text = (index: number) => ({
    input: { text: `Where is parcel number ${index}?` },
    external_id: `row-${index}`,
  });
  const items = Array.from({ length: 24 }, (_, index) => text(index));
  const many = expect(await workspace.post('/v1/jobs', { task, items, external_id: 'import-41' }), 202);
  await ended(workspace, many.id);
  const one = expect(
    await workspace.post('/v1/jobs', { task, ...text(99), priority: 8, callback_url: receiver.url }),
    202,
  );
  await ended(workspace, one.id);
  const later = new Date(Date.now() + LATER_MS).toISOString();
  expect(await workspace.post('/v1/jobs', { task, ...text(100), not_before: later }), 202);
  const cancelled = expect(await workspace.post('/v1/jobs', { task, ...text(101), not_before: later }), 202);
  expect(await workspace.post(`/v1/jobs/${cancelled.id}/cancel`), 200);

  const webhook = expect(
    await workspace.post('/v1/webhooks', { url: receiver.url, events: ['*'], description: 'Shop backend' }),
    201,
  );
  const broken = `${receiver.url}/broken`;
  const failing = expect(await workspace.post('/v1/webhooks', { url: broken, events: ['job.finished'], task }), 201);
  const off = expect(await workspace.post('/v1/webhooks', { url: receiver.url, events: ['model.promoted'] }), 201);
  expect(await workspace.post(`/v1/webhooks/${off.id}/disable`), 200);
  const sent = expect(await workspace.post(`/v1/webhooks/${webhook.id}/test`), 202);
  expect(await workspace.post(`/v1/webhooks/${failing.id}/test`), 202);
  await eventually('the test event is delivered', async () => {
    const { json } = await workspace.get(`/v1/webhooks/${webhook.id}/deliveries/${sent.id}`);
    return json.status === 'delivered';
  });

  const mapping = { input: { text: '$.data.body' }, external_id: '$.data.id' };
  expect(await workspace.put('/v1/sources/comments', { bus: 'http', topic: 'comment.created', task, mapping }), 201);
  const event = { specversion: '1.0', source: '/shop', type: 'comment.created', datacontenttype: 'application/json' };
  const taken = await workspace.post(
    '/v1/events',
    JSON.stringify({ ...event, id: 'c-1', data: { body: 'Hello', id: '1' } }),
    {
      headers: { 'Content-Type': 'application/cloudevents+json' },
    },
  );
  expect(taken, 202);
  const source = 'answers';
  const wrong = { input: { text: '$.comment.body' } };
  expect(
    await workspace.put(`/v1/sources/${source}`, { bus: 'postgres', topic: 'answers', task, mapping: wrong }),
    201,
  );
  expect(await workspace.put('/v1/sources/paused', { bus: 'postgres', topic: 'orders', task, mapping }), 201);
  expect(await workspace.post('/v1/sources/paused/pause'), 200);
  const waiting = await tooLong(workspace, 'notes');
  const discarded = await tooLong(workspace, 'remarks');
  expect(await workspace.post(`/v1/dead-letters/${discarded}/discard`, { reason: 'Nobody needs it any more.' }), 200);
  return { job: many.id, letter: waiting, source, webhook: webhook.id, delivery: sent.id };
}

async function ended(workspace: Workspace, job: string): Promise<void> {
  await eventually('the job has ended', async () => {
    const { json } = await workspace.get(`/v1/jobs/${job}`);
    return ['succeeded', 'failed', 'cancelled'].includes(json.status);
  });
}

async function letter(workspace: Workspace, task: string): Promise<string> {
  const { json } = await eventually(`a letter of ${task}`, async () => {
    const reply = await workspace.get(`/v1/dead-letters?state=waiting&task=${task}`);
    return reply.json.data.length > 0 ? reply : null;
  });
  return json.data[0].id;
}

/** A job whose input was allowed when it was handed over and is not when its turn comes. Its letter’s id. */
export async function tooLong(workspace: Workspace, task: string): Promise<string> {
  const definition = { kind: 'text_classification', labels: [{ name: 'keep' }, { name: 'drop' }], title: 'Notes' };
  const limited = (max: number) => ({ ...definition, input: { text: { type: 'string', max_length: max } } });
  expect(await workspace.put(`/v1/tasks/${task}`, limited(200)), 201);
  const input = { text: 'This note is a little longer than notes may be from now on.' };
  const not_before = new Date(Date.now() + SOON_MS).toISOString();
  expect(await workspace.post('/v1/jobs', { task, input, external_id: 'note-7', not_before }), 202);
  expect(await workspace.put(`/v1/tasks/${task}`, limited(40)), 200);
  return letter(workspace, task);
}
