import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  eventually,
  makeWorkspace,
  ServerProcess,
  scratchFolder,
  send,
  topicLabels,
  trainedByHand,
  type Workspace,
} from './index.ts';

/** Asynchronous decisions as an application sees them: asked for, followed, read, cancelled, given up and sent again. */

const scratch = scratchFolder();
let server: ServerProcess;
let shop: Workspace;

before(async () => {
  server = await ServerProcess.start({ dataDir: join(scratch, 'data') });
  shop = await makeWorkspace(server, server.operatorKey!, 'Shop');
  await shop.makeTask('inquiries', topicLabels, trainedByHand);
});
after(() => server?.stop());

const post = (body: object, headers: Record<string, string> = {}) => shop.post('/v1/jobs', body, { headers });
const finished = (id: string, query = '') =>
  eventually(`${id} ends`, async () => {
    const { json } = await shop.get(`/v1/jobs/${id}${query}`);
    return ['succeeded', 'failed', 'cancelled'].includes(json.status) ? json : null;
  });

test('one item: accepted at once, decided, in the ledger with the job that asked', async () => {
  const accepted = await post({
    task: 'inquiries',
    input: { text: 'where is my parcel' },
    external_id: 'mail-1',
    subject: 'customer-1',
    priority: 7,
  });
  assert.equal(accepted.status, 202, accepted.text);
  const { id } = accepted.json;
  assert.match(id, /^job_/);
  assert.deepEqual([accepted.json.status, accepted.json.priority], ['queued', 7]);
  assert.equal(accepted.headers.location, `/v1/jobs/${id}`);
  const job = await finished(id);
  assert.equal(job.status, 'succeeded', JSON.stringify(job));
  assert.deepEqual(job.progress, { done: 1, total: 1, unit: 'items', eta_seconds: null });
  assert.deepEqual([job.decision.outcome, job.decision.external_id], ['review', 'mail-1']);
  const { json } = await shop.get(`/v1/decisions/${job.decision.id}`);
  assert.deepEqual(
    [json.via, json.subject, json.input],
    [{ kind: 'job', id }, 'customer-1', { text: 'where is my parcel' }],
  );
  const log = (await shop.get('/v1/events?limit=200')).json.data as { type: string; subject: string; data: any }[];
  const end = log.find(({ type, subject }) => type === 'job.finished' && subject === id);
  assert.deepEqual([end?.data.status, end?.data.decision], ['succeeded', job.decision.id]);
});

test('many items: pages of decisions in order, progress, every one once', async () => {
  const items = Array.from({ length: 450 }, (_, i) => ({ input: { text: `words ${i}` }, external_id: `row-${i}` }));
  const { json, status, text } = await post({ task: 'inquiries', items, external_id: 'sheet-1' });
  assert.equal(status, 202, text);
  const job = await finished(json.id);
  assert.deepEqual(
    [job.status, job.progress.done, job.external_id, job.failed_items],
    ['succeeded', 450, 'sheet-1', 0],
  );
  const decisions: any[] = [];
  for (let cursor = ''; ; ) {
    const page = (await shop.get(`/v1/jobs/${json.id}?limit=200${cursor}`)).json;
    decisions.push(...page.decisions);
    if (page.next_cursor === null) break;
    cursor = `&cursor=${page.next_cursor}`;
  }
  assert.deepEqual(
    decisions.map(({ position, external_id, decision }) => [position, external_id, decision.external_id]),
    items.map(({ external_id }, i) => [i, external_id, external_id]),
  );
  assert.equal(new Set(decisions.map(({ decision }) => decision.id)).size, 450);
});

test('a key answers the same job again; with another body it is refused', async () => {
  const body = { task: 'inquiries', input: { text: 'once' } };
  const headers = { 'Idempotency-Key': 'once-1' };
  const first = await post(body, headers);
  await finished(first.json.id);
  const again = await post(body, headers);
  assert.deepEqual([again.status, again.text, again.headers['idempotency-replayed']], [202, first.text, 'true']);
  assert.equal(again.headers.location, first.headers.location);
  const other = await post({ ...body, input: { text: 'twice' } }, headers);
  assert.deepEqual([other.status, other.json.code], [422, 'idempotency_key_reused']);
});

test('what cannot be done is refused, with the place that is wrong', async () => {
  const refused = async (body: object, status: number, code: string, pointer?: string) => {
    const reply = await post(body);
    assert.deepEqual([reply.status, reply.json?.code], [status, code], reply.text);
    if (pointer !== undefined) assert.equal(reply.json.errors[0].pointer, pointer);
  };
  const input = { text: 'x' };
  await refused({ task: 'nothing-here', input }, 404, 'task_not_found');
  await refused({ task: 'inquiries' }, 400, 'job_shape_invalid', '');
  await refused({ task: 'inquiries', input, items: [{ input }] }, 400, 'job_shape_invalid', '/items');
  await refused({ task: 'inquiries', items: [{ input }], subject: 'x' }, 400, 'job_shape_invalid', '/subject');
  await refused({ task: 'inquiries', input, explain: true }, 400, 'unknown_field', '/explain');
  const long = { text: 'x'.repeat(20_001) };
  await refused(
    { task: 'inquiries', items: [{ input }, { input: long }] },
    400,
    'input_too_long',
    '/items/1/input/text',
  );
  await refused(
    { task: 'inquiries', input, reply_to: { bus: 'nowhere', topic: 't' } },
    422,
    'reply_bus_unknown',
    '/reply_to/bus',
  );
  await refused({ task: 'inquiries', input, not_before: '2026-02-30T00:00:00Z' }, 400, 'invalid_body', '/not_before');
  assert.equal((await shop.get('/v1/jobs/job_nothing')).status, 404);
  assert.equal((await shop.get('/v1/jobs?cursor=xx')).json.code, 'invalid_cursor');
});

test('a job for later waits, is shown as such, and can be cancelled', async () => {
  const notBefore = new Date(Date.now() + 3_600_000).toISOString();
  const { json } = await post({ task: 'inquiries', input: { text: 'later' }, not_before: notBefore });
  assert.equal(json.not_before, notBefore);
  const { data } = (await shop.get('/v1/jobs/queues')).json;
  assert.deepEqual(data, [
    { task: 'inquiries', depth: 0, scheduled: 1, running: 0, oldest_at: null, oldest_seconds: null },
  ]);
  assert.deepEqual(
    (await shop.get('/v1/jobs?status=queued')).json.data.map(({ id }: any) => id),
    [json.id],
  );
  for (const _ of [1, 2]) {
    const cancelled = await shop.post(`/v1/jobs/${json.id}/cancel`);
    assert.deepEqual([cancelled.status, cancelled.json.status], [200, 'cancelled']);
  }
  const done = await post({ task: 'inquiries', input: { text: 'now' } });
  await finished(done.json.id);
  assert.equal((await shop.post(`/v1/jobs/${done.json.id}/cancel`)).json.code, 'job_finished');
});

test('events of a job end with its end, and resume behind what was seen', async () => {
  const { json } = await post({ task: 'inquiries', input: { text: 'followed' } });
  const stream = await shop.get(`/v1/jobs/${json.id}/events`);
  assert.match(stream.headers['content-type']!, /text\/event-stream/);
  const events = stream.text.split('\n\n').filter((part) => part.startsWith('id:'));
  const last = events.at(-1)!.split('\n');
  assert.equal(last[1], 'event: succeeded');
  assert.equal(JSON.parse(last[2]!.slice('data: '.length)).status, 'succeeded');
  const resumed = await shop.get(`/v1/jobs/${json.id}/events`, { headers: { 'Last-Event-ID': last[0]!.slice(4) } });
  assert.equal(resumed.text, '');
  assert.equal((await shop.get('/v1/jobs/job_nothing/events')).status, 404);
});

test('items that can never succeed are dead letters; edited or after the fix they are sent again', async () => {
  await shop.makeTask('short-lived', topicLabels, trainedByHand);
  const notBefore = new Date(Date.now() + 1500).toISOString();
  const one = await post({ task: 'short-lived', input: { text: 'will wait' }, not_before: notBefore });
  const two = await post({
    task: 'short-lived',
    items: [{ input: { text: 'a' } }, { input: { text: 'b' } }],
    not_before: notBefore,
  });
  assert.equal((await shop.delete('/v1/tasks/short-lived')).status, 204);
  const failed = await finished(one.json.id);
  assert.deepEqual([failed.status, failed.error.code, failed.decision], ['failed', 'task_not_found', null]);
  const failedMany = await finished(two.json.id);
  assert.deepEqual(
    [failedMany.status, failedMany.error.code, failedMany.failed_items],
    ['failed', 'job_items_failed', 2],
  );
  const list = (await shop.get('/v1/dead-letters?kind=unprocessable&task=short-lived')).json.data as any[];
  assert.equal(list.length, 3);
  assert.deepEqual((await shop.get('/v1/dead-letters?kind=failed')).json.data, []);
  const [letter] = (await shop.get(`/v1/dead-letters?origin=job:${one.json.id}`)).json.data;
  const whole = (await shop.get(`/v1/dead-letters/${letter.id}`)).json;
  assert.deepEqual([whole.body.encoding, JSON.parse(whole.body.data)], ['text', { input: { text: 'will wait' } }]);
  assert.deepEqual([whole.history.length, whole.reason.code, whole.attempts], [1, 'task_not_found', 1]);

  const early = (await shop.post('/v1/dead-letters/replay', { ids: [letter.id] })).json;
  assert.deepEqual([early.replayed, early.refused[0].code], [0, 'task_not_found']);
  await shop.makeTask('short-lived', topicLabels, trainedByHand);
  const edits = [{ id: letter.id, input: { text: 'edited' } }];
  const replay = () => shop.post('/v1/dead-letters/replay', { ids: [letter.id], edits });
  assert.deepEqual((await replay()).json, { replayed: 1, refused: [], more: false });
  assert.equal((await replay()).json.refused[0].code, 'dead_letter_not_found');
  const job = await finished(one.json.id);
  assert.equal(job.status, 'succeeded');
  assert.deepEqual((await shop.get(`/v1/decisions/${job.decision.id}`)).json.input, { text: 'edited' });

  const [first, second] = list.filter(({ origin }) => origin.id === two.json.id);
  const discarded = await shop.post(`/v1/dead-letters/${first.id}/discard`, { reason: 'spam' });
  assert.deepEqual([discarded.status, discarded.json.state, discarded.json.resolution], [200, 'discarded', 'spam']);
  assert.equal((await shop.post('/v1/dead-letters/replay', { filter: { task: 'short-lived' } })).json.replayed, 1);
  const partly = await finished(two.json.id);
  assert.deepEqual([partly.status, partly.failed_items], ['failed', 1]);
  assert.equal(partly.decisions[Number(second.message)].decision.outcome, 'review');
  assert.equal(partly.decisions[Number(first.message)].error.code, 'task_not_found');
});

test('nothing of another workspace is seen or touched', async () => {
  const other = await makeWorkspace(server, server.operatorKey!, 'Other');
  const { json } = await post({ task: 'inquiries', input: { text: 'mine' } }, { 'Idempotency-Key': 'shared' });
  await finished(json.id);
  assert.equal((await other.get(`/v1/jobs/${json.id}`)).status, 404);
  assert.equal((await other.post(`/v1/jobs/${json.id}/cancel`)).status, 404);
  assert.deepEqual((await other.get('/v1/jobs')).json.data, []);
  assert.deepEqual((await other.get('/v1/dead-letters?state=discarded')).json.data, []);
  await other.makeTask('inquiries', topicLabels, trainedByHand);
  const theirs = await other.post(
    '/v1/jobs',
    { task: 'inquiries', input: { text: 'mine' } },
    { headers: { 'Idempotency-Key': 'shared' } },
  );
  assert.equal(theirs.status, 202);
  assert.notEqual(theirs.json.id, json.id);
  assert.equal((await send(server.url, { method: 'POST', path: '/v1/jobs', body: {} })).status, 401);
});
