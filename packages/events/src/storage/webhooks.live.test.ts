import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@understudy/database-postgres/testing';
import {
  answer,
  type Behaviour,
  endless,
  HostileReceiver,
  resetMidBody,
  silent,
  slowBody,
} from '@understudy/egress/testing';
import type { EventType } from '@understudy/wire';
import { CloudEvent as CheckedCloudEvent } from 'cloudevents';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { caller, webhookRoom } from '../testing/webhook-room.ts';
import { eventsMigrations } from './index.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let db: TestDatabase;
before(async () => {
  db = await createTestDatabase({ migrations: [eventsMigrations] });
});
after(() => db.close());

let workspaces = 0;
type Room = ReturnType<typeof webhookRoom>;

/** A room, a workspace of its own and a receiver with a webhook to it. */
async function setUp(
  behaviour: Behaviour,
  options: Parameters<typeof webhookRoom>[1] = {},
  events: (EventType | '*')[] = ['*'],
) {
  const room = webhookRoom(db, options);
  const workspace = `ws_hooks_${++workspaces}`;
  const receiver = await HostileReceiver.start(behaviour);
  const asked = { url: `${receiver.url}/hook?a=b`, events, task: null, description: null };
  const { webhook, secret } = await room.webhooks.create(caller(workspace), asked);
  return {
    ...{ room, workspace, receiver, webhook, secret, ...caller(workspace) },
    async end() {
      await db.asOwner('DELETE FROM events.deliveries WHERE workspace_id = $1', [workspace]);
      await receiver.stop();
      await room.close();
    },
  };
}

const headersOf = (request: string) =>
  Object.fromEntries(
    request
      .split('\r\n\r\n')[0]!
      .split('\r\n')
      .slice(1)
      .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
  );
const bodyOf = (request: string) => Buffer.from(request.slice(request.indexOf('\r\n\r\n') + 4), 'latin1').toString();

/** The public verifier, at the time of the room's clock. */
function verified(secret: string, request: string, room: Room): unknown {
  const real = Date.now;
  Date.now = () => room.time.now;
  try {
    return new StandardWebhook(secret).verify(bodyOf(request), headersOf(request));
  } finally {
    Date.now = real;
  }
}

/** Lets time pass until nothing waits any more, or for so long. */
async function passing(room: Room, ms: number, stepMs: number) {
  for (const end = room.time.now + ms; room.time.now < end; room.time.now += stepMs) await room.worker.drain();
}

test('an event reaches whoever wants it, once, signed so that the public verifier accepts it', async () => {
  const { room, workspace, receiver, secret, end } = await setUp(answer(204), {}, ['decision.made']);
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  const event = room.event('decision.made', { traceparent, data: { id: 'dec_1', task: 'inquiries', text: 'Grüße ✓' } });
  await room.happen(workspace, [event, room.event('label.recorded'), room.event('job.finished')]);
  await room.happen(workspace, [event]);
  assert.equal(await room.worker.drain(), 1);
  assert.equal(await room.worker.drain(), 0);
  assert.equal(receiver.requests.length, 1);
  const [request] = receiver.requests as [string];
  assert.match(request, /^POST \/hook\?a=b HTTP\/1\.1\r\n/);
  assert.deepEqual(verified(secret, request, room), event);
  const headers = headersOf(request);
  assert.equal(headers['webhook-id'], event.id);
  assert.equal(headers['content-type'], 'application/cloudevents+json');
  assert.equal(headers.traceparent, traceparent);
  assert.equal(new CheckedCloudEvent(JSON.parse(bodyOf(request))).validate(), true);
  await end();
});

test('subscriptions by task, by type and by everything; what was before a webhook is not sent', async () => {
  const { room, workspace, receiver, principal, requestId, webhook, end } = await setUp(answer(200));
  const past = room.event('decision.made', { time: new Date(room.time.now - 1).toISOString() });
  const one = await HostileReceiver.start();
  await room.webhooks.create(
    { principal, requestId },
    { url: one.url, events: ['label.recorded', 'job.finished'], task: 'inquiries', description: null },
  );
  const label = room.event('label.recorded', { data: { label: {}, decision: { task: 'inquiries' } } });
  await room.happen(workspace, [
    past,
    label,
    room.event('job.finished', { data: { task: 'other' } }),
    room.event('job.finished', { data: {} }),
    room.event('decision.made'),
  ]);
  await room.worker.drain();
  assert.equal(receiver.requests.length, 4);
  assert.deepEqual(
    one.requests.map((request) => headersOf(request)['webhook-id']),
    [label.id],
  );
  const listed = await room.log.list(principal, webhook.id, { status: 'delivered' }, { limit: 10 });
  assert.equal(listed.length, 4);
  await one.stop();
  await end();
});

test('row 40: a receiver that is down for 24 hours gets everything when it is back', async () => {
  const { room, workspace, receiver, principal, webhook, end } = await setUp(answer(503));
  await room.happen(
    workspace,
    Array.from({ length: 20 }, () => room.event('decision.made')),
  );
  await passing(room, DAY, 20 * 60_000);
  assert.ok(receiver.requests.length < 600, `a dead receiver was called ${receiver.requests.length} times in a day`);
  const before = receiver.requests.length;
  const { health } = await room.webhooks.get(principal, webhook.id);
  assert.equal(health.lastProblem, 'http_status');
  assert.ok(health.failures >= 5 && health.openUntil !== null);
  receiver.behaviour = answer(200);
  await passing(room, 8 * HOUR, 20 * 60_000);
  const delivered = await room.log.list(principal, webhook.id, { status: 'delivered' }, { limit: 100 });
  assert.equal(delivered.length, 20);
  assert.equal(receiver.requests.length, before + 20, 'each once');
  assert.equal((await room.webhooks.get(principal, webhook.id)).health.failures, 0);
  await end();
});

test('after three days a delivery is given up, and can be sent again by hand', async () => {
  const { room, workspace, receiver, principal, webhook, end } = await setUp(answer(404), { disableAfterMs: 99 * DAY });
  await room.happen(workspace, [room.event('decision.made')]);
  await passing(room, 3 * DAY + HOUR, HOUR / 2);
  const [delivery] = await room.log.list(principal, webhook.id, {}, { limit: 10 });
  assert.deepEqual([delivery!.status, delivery!.responseStatus, delivery!.problem], ['failed', 404, 'http_status']);
  const { attempts } = await room.log.get(principal, webhook.id, delivery!.id);
  assert.ok(attempts.length >= 15 && attempts.length <= 40, `${attempts.length} attempts`);
  assert.ok(attempts.at(-1)!.at - attempts[0]!.at >= 3 * DAY, 'the last attempt is made when three days are over');
  await room.log.redeliver(principal, webhook.id, delivery!.id);
  room.time.now += HOUR; // the receiver rested
  await room.worker.drain();
  const soon = (await room.log.get(principal, webhook.id, delivery!.id)).delivery;
  assert.ok(soon.nextAt - room.time.now <= 10_000, 'the pauses begin anew');
  receiver.behaviour = answer(200, {}, 'thanks');
  await passing(room, HOUR, HOUR / 4);
  const again = await room.log.get(principal, webhook.id, delivery!.id);
  assert.equal(again.delivery.status, 'delivered');
  assert.equal(again.attempts.length, attempts.length + 2);
  assert.equal(again.attempts.at(-1)!.responseBody, 'thanks');
  await end();
});

test('what waits behind a breaker or for a disabled webhook is given up when its time is over', async () => {
  const { room, workspace, principal, requestId, webhook, end } = await setUp(answer(200));
  await room.happen(workspace, [room.event('decision.made')]);
  await room.webhooks.setEnabled({ principal, requestId }, webhook.id, false);
  assert.equal(await room.worker.drain(), 0);
  room.time.now += 3 * DAY + 2 * HOUR;
  await room.worker.maintain();
  const [delivery] = await room.log.list(principal, webhook.id, {}, { limit: 10 });
  assert.deepEqual([delivery!.status, delivery!.problem, delivery!.attempts], ['failed', 'gave_up', 0]);
  await assert.rejects(room.log.redeliver(principal, webhook.id, delivery!.id), { code: 'webhook_disabled' });
  room.time.now += 31 * DAY;
  await room.worker.maintain();
  assert.deepEqual(await room.log.list(principal, webhook.id, {}, { limit: 10 }), []);
  await end();
});

test('row 40: 410 disables at once, with an event and an alarm; enabling begins anew', async () => {
  const { room, workspace, receiver, principal, requestId, webhook, end } = await setUp(answer(410));
  await room.happen(workspace, [room.event('decision.made')]);
  await room.worker.drain();
  const gone = await room.webhooks.get(principal, webhook.id);
  assert.deepEqual([gone.enabled, gone.disabledReason, gone.version], [false, 'gone', 2]);
  assert.deepEqual(
    room.recorded.map(({ type, subject }) => [type, subject]),
    [['webhook.disabled', webhook.id]],
  );
  assert.deepEqual(room.alarms, [`gone ${webhook.id}`]);
  await room.happen(workspace, [room.event('decision.made')]);
  assert.equal(await room.worker.drain(), 0);
  await assert.rejects(room.webhooks.test(principal, webhook.id), { code: 'webhook_disabled' });
  receiver.behaviour = answer(200);
  await room.webhooks.setEnabled({ principal, requestId }, webhook.id, true);
  await room.happen(workspace, [room.event('decision.made')]);
  assert.equal(await room.worker.drain(), 1);
  assert.deepEqual(room.alarms, [`gone ${webhook.id}`, `over ${webhook.id}`]);
  await end();
});

test('five days of nothing but failure disable, one success in between does not', async () => {
  const { room, workspace, receiver, principal, webhook, end } = await setUp(answer(500));
  const days = async (count: number) => {
    for (let day = 0; day < count; day++) {
      await room.happen(workspace, [room.event('decision.made')]);
      await passing(room, DAY, 2 * HOUR);
    }
  };
  await days(4);
  receiver.behaviour = answer(200);
  await passing(room, 12 * HOUR, HOUR);
  receiver.behaviour = answer(500);
  await days(4);
  assert.equal((await room.webhooks.get(principal, webhook.id)).enabled, true);
  await days(2);
  const failing = await room.webhooks.get(principal, webhook.id);
  assert.deepEqual([failing.enabled, failing.disabledReason], [false, 'failing']);
  assert.deepEqual(room.alarms, [`failing ${webhook.id}`]);
  await end();
});

test('receivers that hang, answer 10 GB, redirect to inside, or reset are bounded, recorded and shown', async () => {
  const inside = await HostileReceiver.start(answer(200));
  const cases: [string, Behaviour, { status: string; problem: string | null; response: number | null }][] = [
    ['hangs', silent, { status: 'waiting', problem: 'egress_timeout', response: null }],
    ['drips', slowBody, { status: 'waiting', problem: 'egress_timeout', response: null }],
    ['resets', resetMidBody, { status: 'waiting', problem: 'egress_failed', response: null }],
    ['10 GB', endless(), { status: 'delivered', problem: null, response: 200 }],
    ['redirects', answer(307, { location: inside.url }), { status: 'waiting', problem: 'http_status', response: 307 }],
  ];
  for (const [name, behaviour, expected] of cases) {
    const { room, workspace, receiver, principal, webhook, end } = await setUp(behaviour, { totalMs: 300 });
    await room.happen(workspace, [room.event('decision.made')]);
    await room.worker.drain();
    const [delivery] = await room.log.list(principal, webhook.id, {}, { limit: 1 });
    const { attempts } = await room.log.get(principal, webhook.id, delivery!.id);
    assert.deepEqual(
      { status: delivery!.status, problem: delivery!.problem, response: delivery!.responseStatus },
      expected,
      name,
    );
    assert.equal(attempts.length, 1);
    assert.ok((attempts[0]!.responseBody ?? '').length <= 1024, name);
    assert.ok(receiver.sent < 20_000_000, name);
    if (expected.problem !== null) assert.ok(attempts[0]!.detail!.length > 10, name);
    await end();
  }
  assert.equal(inside.connections, 0);
  await inside.stop();
});

test('without the operator’s list nothing local is called, even where a name was allowed before', async () => {
  const { room, workspace, receiver, principal, webhook, end } = await setUp(answer(200));
  const strict = webhookRoom(db, { allow: '' });
  await assert.rejects(
    strict.webhooks.create(caller(workspace), { url: receiver.url, events: ['*'], task: null, description: null }),
    { code: 'webhook_url_refused' },
  );
  await room.happen(workspace, [room.event('decision.made')]);
  await strict.worker.drain();
  const [delivery] = await room.log.list(principal, webhook.id, {}, { limit: 1 });
  assert.deepEqual([delivery!.status, delivery!.problem], ['waiting', 'egress_refused']);
  assert.equal(receiver.connections, 0);
  await strict.close();
  await end();
});

test('a secret is told once and stored sealed; a rotated one signs beside the new one for a day', async () => {
  const { room, workspace, receiver, principal, requestId, webhook, secret, end } = await setUp(answer(200));
  assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  assert.doesNotMatch(JSON.stringify(await room.webhooks.get(principal, webhook.id)), /whsec|secret"/);
  const [row] = await db.asOwner<{ secret: Buffer }>('SELECT secret FROM events.webhooks WHERE id = $1', [webhook.id]);
  assert.ok(!row!.secret.includes(Buffer.from(secret.slice(6), 'base64')) && !row!.secret.includes(secret.slice(6)));
  const next = (await room.webhooks.rotateSecret({ principal, requestId }, webhook.id)).secret;
  assert.notEqual(next, secret);
  const send = async () => {
    await room.happen(workspace, [room.event('decision.made')]);
    await room.worker.drain();
    return receiver.requests.at(-1)!;
  };
  const during = await send();
  assert.equal(headersOf(during)['webhook-signature']!.split(' ').length, 2);
  for (const one of [secret, next]) assert.ok(verified(one, during, room));
  room.time.now += DAY;
  const later = await send();
  assert.ok(verified(next, later, room));
  assert.throws(() => verified(secret, later, room));
  // Under another key nothing can be signed: recorded, and not the receiver's fault.
  const other = webhookRoom(db, { key: false });
  other.time.now = room.time.now;
  await room.happen(workspace, [room.event('decision.made')]);
  await other.worker.drain();
  const [delivery] = await room.log.list(principal, webhook.id, {}, { limit: 1 });
  assert.equal(delivery!.problem, 'webhook_secret_unreadable');
  assert.equal((await room.webhooks.get(principal, webhook.id)).health.failures, 0);
  await other.close();
  await end();
});

test('callbacks: signed with the workspace’s secret, refused by form early, emptied when they arrived', async () => {
  const { room, workspace, receiver, principal, requestId, end } = await setUp(answer(200));
  const { secret } = await room.webhooks.rotateCallbackSecret({ principal, requestId });
  const event = { type: 'job.finished', subject: 'job_1', data: { id: 'job_1', decision: 'dec_77' } } as const;
  const enqueue = (url: string) =>
    db.database.inWorkspace(workspace, (tx) => room.callbacks.enqueue(tx, workspace, { url, event }));
  const refused = { code: 'callback_url_refused' };
  for (const url of ['http://10.0.0.1/', 'file:///etc/passwd', 'http://user@127.0.0.1/', 'nonsense']) {
    assert.throws(() => room.callbacks.check(url), refused);
  }
  await assert.rejects(enqueue('nonsense'), refused);
  // Accepted once, refused now: recorded, without keeping the job from its end.
  await enqueue('http://10.0.0.1/');
  await room.worker.drain();
  const [inside] = await room.log.list(principal, null, {}, { limit: 5 });
  assert.deepEqual([inside!.status, inside!.problem], ['waiting', 'egress_refused']);
  await enqueue(`${receiver.url}/callback`);
  await room.worker.drain();
  const [request] = receiver.requests as [string];
  const body = verified(secret, request, room) as { id: string; type: string; data: object };
  assert.deepEqual([body.type, body.data], ['job.finished', event.data]);
  const [delivery] = await room.log.list(principal, null, { subject: 'job_1' }, { limit: 5 });
  assert.deepEqual([delivery!.status, delivery!.body, delivery!.event], ['delivered', null, body.id]);
  await assert.rejects(room.log.redeliver(principal, null, delivery!.id), { code: 'webhook_delivery_emptied' });
  await end();
});

test('an erased decision leaves no trace in deliveries, sent or waiting', async () => {
  const { room, workspace, receiver, principal, webhook, end } = await setUp(answer(200));
  const sent = room.event('decision.made');
  await room.happen(workspace, [sent]);
  await room.worker.drain();
  receiver.behaviour = answer(500);
  const label = room.event('label.recorded', { subject: sent.subject });
  const other = room.event('decision.made');
  await room.happen(workspace, [label, other]);
  await db.database.inWorkspace(workspace, (tx) =>
    room.callbacks.enqueue(tx, workspace, {
      url: receiver.url,
      event: { type: 'job.finished', subject: 'job_1', data: { decision: { id: sent.subject, subject: 'person-1' } } },
    }),
  );
  const erased = room.event('decision.erased', { subject: sent.subject, data: { decision: sent.subject } });
  await room.happen(workspace, [erased]);
  const rows = await db.asOwner<{ event: string; status: string; problem: string | null; kept: boolean }>(
    'SELECT event, status, problem, body IS NOT NULL AS kept FROM events.deliveries WHERE workspace_id = $1',
    [workspace],
  );
  const of = (id: string) => rows.find(({ event }) => event === id)!;
  assert.deepEqual(of(sent.id), { event: sent.id, status: 'delivered', problem: null, kept: false });
  assert.deepEqual(of(label.id), { event: label.id, status: 'failed', problem: 'erased', kept: false });
  assert.deepEqual([of(other.id).kept, of(erased.id).kept, of(erased.id).status], [true, true, 'waiting']);
  assert.equal(rows.filter(({ kept }) => kept).length, 2, 'the callback was emptied, too');
  const [old] = await room.log.list(principal, webhook.id, { event: sent.id }, { limit: 1 });
  await assert.rejects(room.log.redeliver(principal, webhook.id, old!.id), { code: 'webhook_delivery_emptied' });
  await end();
});

test('one receiver never has more than its share, and a dead one does not hold up the others', async () => {
  const { room, workspace, receiver, principal, requestId, end } = await setUp(silent, {
    ...{ perTarget: 3, concurrency: 100, totalMs: 400 },
  });
  const healthy = await HostileReceiver.start(answer(200));
  const asked = { url: healthy.url, events: ['*' as const], task: null, description: null };
  await room.webhooks.create({ principal, requestId }, asked);
  await room.happen(
    workspace,
    Array.from({ length: 40 }, () => room.event('decision.made')),
  );
  const second = room.another();
  await Promise.all([room.worker.drain(), second.drain()]);
  assert.equal(healthy.requests.length, 40);
  assert.ok(receiver.connections <= 9, `${receiver.connections} calls of a dead receiver`);
  await healthy.stop();
  await end();
});

test('a worker that dies leaves its deliveries to others, and its own late outcome is not taken', async () => {
  const { room, workspace, receiver, principal, webhook, end } = await setUp(answer(200));
  await room.happen(workspace, [room.event('decision.made')]);
  const ask = { now: room.time.now, limit: 10, perTarget: 8, probeFrom: 5, leaseMs: 60_000 };
  const [claimed] = await room.deliveries.claim(ask);
  assert.deepEqual(await room.deliveries.claim(ask), []);
  await db.asOwner(
    `UPDATE events.deliveries SET lease_until = clock_timestamp() - interval '1 second'
    WHERE id = $1`,
    [claimed!.id],
  );
  assert.equal(await room.worker.drain(), 1);
  assert.equal(receiver.requests.length, 1);
  const attempt = {
    number: 1,
    at: room.time.now,
    ms: 1,
    responseStatus: 500,
    problem: 'x',
    detail: '',
    responseBody: '',
  };
  const late = await db.database.inWorkspace(workspace, (tx) =>
    room.deliveries.settle(tx, claimed!, attempt, { status: 'waiting', nextAt: room.time.now, dropBody: false }),
  );
  assert.equal(late, false);
  const [delivery] = await room.log.list(principal, webhook.id, {}, { limit: 1 });
  assert.deepEqual([delivery!.status, delivery!.attempts], ['delivered', 1]);
  await end();
});

test('stopping gives back what is under way', async () => {
  const { room, workspace, receiver, end } = await setUp(silent);
  await room.happen(workspace, [room.event('decision.made')]);
  const called = new Promise<void>((resolve) => {
    receiver.behaviour = () => resolve();
  });
  const worker = room.another();
  worker.start();
  await called;
  await worker.stop();
  const [row] = await db.asOwner<{ attempts: number; leased: boolean }>(
    'SELECT attempts, lease_until IS NOT NULL AS leased FROM events.deliveries WHERE workspace_id = $1',
    [workspace],
  );
  assert.deepEqual(row, { attempts: 0, leased: false });
  await end();
});

test('changes: by ETag, at most fifty, gone with their log', async () => {
  const { room, workspace, principal, requestId, webhook, end } = await setUp(answer(200));
  const who = { principal, requestId };
  const changed = await room.webhooks.change(
    who,
    webhook.id,
    { events: ['job.finished', 'job.finished'] },
    { ifMatch: '"1"' },
  );
  assert.deepEqual([changed.events, changed.version], [['job.finished'], 2]);
  await assert.rejects(room.webhooks.change(who, webhook.id, { task: 'a' }, { ifMatch: '"1"' }), {
    code: 'stale_version',
  });
  await assert.rejects(room.webhooks.change(who, webhook.id, { url: 'http://[::1]/' }), {
    code: 'webhook_url_refused',
  });
  const asked = { url: 'https://hooks.example.net/', events: ['*' as const], task: null, description: null };
  const made = await Promise.allSettled(Array.from({ length: 55 }, () => room.webhooks.create(who, asked)));
  assert.equal(made.filter(({ status }) => status === 'fulfilled').length, 49);
  const foreign = caller('ws_foreign');
  await assert.rejects(room.webhooks.get(foreign.principal, webhook.id), { code: 'webhook_not_found' });
  await room.happen(workspace, [room.event('job.finished')]);
  await room.webhooks.remove(who, webhook.id);
  await assert.rejects(room.log.list(principal, webhook.id, {}, { limit: 1 }), { code: 'webhook_not_found' });
  assert.deepEqual(
    room.audited.filter((action) => action !== 'webhook.created'),
    ['webhook.changed', 'webhook.deleted'],
  );
  await end();
});

test('a webhook that is removed is told nothing more; its long log goes piece by piece', async () => {
  const { room, workspace, receiver, principal, requestId, webhook, end } = await setUp(answer(200));
  const who = { principal, requestId };
  const kept = await room.webhooks.create(who, {
    ...{ url: webhook.url, events: ['*' as const], task: null, description: null },
  });
  await room.happen(
    workspace,
    Array.from({ length: 25 }, () => room.event('job.finished')),
  );
  const ask = { now: room.time.now, limit: 3, perTarget: 2, probeFrom: 5, leaseMs: 60_000 };
  const underWay = (await room.deliveries.claim(ask)).filter(({ target }) => target === webhook.id);
  assert.ok(underWay.length > 0);
  const [one] = await room.log.list(principal, webhook.id, {}, { limit: 1 });
  await room.webhooks.remove(who, webhook.id);
  const attempt = {
    number: 1,
    at: room.time.now,
    ms: 1,
    responseStatus: 200,
    problem: null,
    detail: null,
    responseBody: '',
  };
  for (const claimed of underWay) {
    const late = db.database.inWorkspace(workspace, (tx) =>
      room.deliveries.settle(tx, claimed, attempt, { status: 'delivered', nextAt: 0, dropBody: false }),
    );
    assert.equal(await late, false, 'an outcome that comes late is not taken');
  }
  await assert.rejects(room.log.get(principal, webhook.id, one!.id), { code: 'webhook_delivery_not_found' });
  await assert.rejects(room.log.redeliver(principal, webhook.id, one!.id), { code: 'webhook_delivery_not_found' });
  const left = async () =>
    (await db.asOwner('SELECT 1 FROM events.deliveries WHERE webhook = $1', [webhook.id])).length;
  assert.equal(await left(), 25);
  assert.equal(await room.deliveries.deleteOfRemoved(10), 10);
  assert.equal(await left(), 15);
  await room.worker.sweepRemoved();
  assert.equal(await left(), 0);
  // It is watched for a while: somebody may have been writing one more.
  const watched = () => db.asOwner('SELECT id FROM events.removed_webhooks WHERE id = $1', [webhook.id]);
  assert.deepEqual(await watched(), [{ id: webhook.id }]);
  await db.asOwner(`UPDATE events.removed_webhooks SET removed_at = removed_at - interval '11 minutes'`);
  await room.worker.sweepRemoved();
  assert.deepEqual(await watched(), []);
  await room.worker.drain();
  const ofKept = await room.log.list(principal, kept.webhook.id, {}, { limit: 100 });
  assert.equal(ofKept.length, 25, 'the other one has its own');
  assert.ok(receiver.requests.length <= 25);
  await end();
});
