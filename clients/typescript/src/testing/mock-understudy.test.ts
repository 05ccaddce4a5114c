import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ConnectionFailed,
  InvalidRequest,
  NotFound,
  RateLimited,
  TimeLimitExceeded,
  Unauthenticated,
  UnderstudyClient,
  UnderstudyError,
  verifyWebhook,
} from '../index.ts';
import { collect, MockUnderstudy, signWebhook } from './index.ts';

const moderation = () =>
  new MockUnderstudy().decide('comment-moderation', ({ input }) =>
    input.text === 'unsure'
      ? { review: 'below_threshold', suggestion: { label: 'ok', confidence: 0.6 } }
      : input.text.includes('watches')
        ? 'spam'
        : { label: 'ok', confidence: 0.95 },
  );

test('it decides as told and keeps what it was asked', async () => {
  const mock = moderation();
  const client = mock.client();
  const spam = await client.predict('comment-moderation', { input: { text: 'Buy watches' }, external_id: 'c-1' });
  assert.equal(spam.outcome, 'automated');
  assert.equal(spam.label, 'spam');
  assert.equal(spam.external_id, 'c-1');
  const unsure = await client.predict('comment-moderation', { input: { text: 'unsure' } });
  assert.equal(unsure.outcome, 'review');
  assert.equal(unsure.label, null);
  assert.deepEqual(unsure.suggestion, { label: 'ok', confidence: 0.6 });
  const all = client.predictAll('comment-moderation', [{ input: { text: 'a' } }, { input: { text: 'watches' } }]);
  assert.deepEqual(await collect(all, ({ decision }) => decision.label), ['ok', 'spam']);
  assert.deepEqual(
    mock.items('comment-moderation').map(({ input }) => input.text),
    ['Buy watches', 'unsure', 'a', 'watches'],
  );
  assert.equal(mock.requests.length, 3);
  assert.equal(mock.decisions.length, 4);
  await client.decisions.label(spam.id, { label: 'ok', source: 'appeal', note: 'no spam' });
  assert.deepEqual(
    mock.labels.map(({ decision, label, source }) => [decision, label, source]),
    [[spam.id, 'ok', 'appeal']],
  );
});

test('jobs are over at once, with one item or many', async () => {
  const client = moderation().client();
  const one = await client.jobs.create({ task: 'comment-moderation', input: { text: 'watches' }, external_id: 'c-1' });
  assert.equal(one.status, 'queued');
  const done = await client.jobs.wait(one.id);
  assert.equal(done.decision?.label, 'spam');
  assert.equal(done.decision?.external_id, 'c-1');
  const items = [{ input: { text: 'a' } }, { input: { text: 'watches' } }];
  const many = await client.jobs.create({ task: 'comment-moderation', items });
  assert.deepEqual(
    (await collect(client.jobs.decisions(many.id))).map(({ decision }) => decision?.label),
    ['ok', 'spam'],
  );
  const rows = [{ input: { text: 'a' }, label: 'ok' }];
  assert.equal((await client.examples.import('comment-moderation', rows)).accepted, 1);
  assert.equal((await client.examples.import('comment-moderation', rows, { gzip: true })).accepted, 1);
  const csv = 'text,label\na,ok\nb,ok\n';
  assert.equal((await client.examples.import('comment-moderation', csv, { format: 'csv' })).accepted, 2);
  assert.equal((await client.health.ready()).ready, true);
});

test('it fails as told, a few times or always, and the client does what it does', async () => {
  const mock = moderation();
  const item = { input: { text: 'a' } };
  mock.fail('POST /v1/predict/comment-moderation', { status: 503, times: 2 });
  assert.equal((await mock.client().predict('comment-moderation', item)).label, 'ok');
  assert.equal(mock.requests.length, 3);
  assert.equal(mock.items('comment-moderation').length, 1);
  const failing = (failure: Parameters<typeof mock.fail>[1], maxRetries = 0, timeoutMs = 1000) => {
    mock.fail('*', { times: 1, ...failure });
    return mock.client({ maxRetries, timeoutMs }).predict('comment-moderation', item);
  };
  await assert.rejects(failing({ status: 429, headers: { 'retry-after': '7' } }), (error) => {
    assert.ok(error instanceof RateLimited);
    assert.equal(error.retryAfter, 7);
    return true;
  });
  await assert.rejects(failing({ fault: 'away' }), ConnectionFailed);
  await assert.rejects(failing({ fault: 'hang' }, 0, 20), TimeLimitExceeded);
  await assert.rejects(failing({ status: 502, body: '<html>' }), { status: 502 });
});

test('keys: the same answer again, another body is refused, and a wrong API key too', async () => {
  const mock = new MockUnderstudy({ apiKey: 'us_right' }).decide('spam', 'ok');
  const client = mock.client();
  const call = (text: string) => client.predict('spam', { input: { text } }, { idempotencyKey: 'k' });
  assert.deepEqual(await call('a'), await call('a'));
  assert.equal(mock.items('spam').length, 1);
  await assert.rejects(call('b'), InvalidRequest);
  await assert.rejects(mock.client({ apiKey: 'us_wrong' }).predict('spam', { input: { text: 'a' } }), Unauthenticated);
});

test('a route that it does not know says how to give it one', async () => {
  const mock = moderation();
  await assert.rejects(mock.client().tasks.get('spam'), (error) => {
    assert.ok(error instanceof UnderstudyError);
    assert.match(error.detail, /mock\.answer\('GET \/v1\/tasks\/spam'/);
    return true;
  });
  mock.answer('GET /v1/tasks/spam', ({ query }) => ({ body: { task: 'spam', asked: [...query].length } }));
  assert.equal((await mock.client().tasks.get('spam')).task, 'spam');
  await assert.rejects(mock.client().predict('none', { input: { text: 'a' } }), NotFound);
});

test('over a port too, for an application in a process of its own', async () => {
  await using mock = moderation();
  const baseUrl = await mock.listen();
  const client = new UnderstudyClient({ baseUrl, apiKey: 'us_test', maxRetries: 0 });
  assert.equal((await client.predict('comment-moderation', { input: { text: 'watches' } })).label, 'spam');
  assert.equal(mock.requests[0]!.headers.get('authorization'), 'Bearer us_test');
  mock.fail('*', { fault: 'away', times: 1 });
  await assert.rejects(client.predict('comment-moderation', { input: { text: 'a' } }), ConnectionFailed);
});

test('a webhook that it signs is one that the verifier takes', async () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const { body, headers } = await signWebhook(secret, { type: 'job.finished', subject: 'job_1', data: { job: 'ü' } });
  const event = await verifyWebhook(secret, { body, headers });
  assert.equal(event.type, 'job.finished');
  assert.deepEqual(event.data, { job: 'ü' });
  await assert.rejects(verifyWebhook(secret, { body: `${body} `, headers }));
  await assert.rejects(verifyWebhook(secret, await signWebhook(secret, { type: 't', data: {} }, 0)));
});
