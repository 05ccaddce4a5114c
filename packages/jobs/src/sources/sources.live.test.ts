import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { eventErrors } from '@understudy/events';
import { eventually } from '@understudy/events/testing';
import { caller, openSourceRig, other, request, type SourceRig, WORKSPACE } from '../testing/source-rig.ts';
import { sourceEtag, stateOf } from './source.ts';

let rig: SourceRig | undefined;
afterEach(async () => {
  await rig?.close();
  rig = undefined;
});

const message = (id: string, over: object = {}) => ({
  ...{ id, key: null, headers: {}, place: null, redelivered: false, deliveries: null },
  ...{ correlationId: null, replyTo: null, at: null },
  body: Buffer.from(JSON.stringify({ id, text: id })),
  ...over,
});

test('edits keep to their conditions, are written down once, and nothing of a refused one stays', async () => {
  rig = await openSourceRig();
  const { sources, audit } = rig;
  const put = (body = request(), conditions = {}) => sources.put(caller, 'comments', body, conditions, 'req');
  await assert.rejects(put(request(), { ifMatch: '*' }), { code: 'stale_version' });
  const { view, created } = await put(request(), { createOnly: true });
  assert.equal(created, true);
  assert.deepEqual((await put()).view.source, view.source);
  await assert.rejects(put(request(), { createOnly: true }), { code: 'source_exists' });
  await assert.rejects(put(request(), { ifMatch: '"old"' }), { code: 'stale_version' });
  const edited = request({ reply_to: { from_message: true } });
  const { view: second } = await put(edited, { ifMatch: `"x", ${sourceEtag(view.source)}` });
  assert.deepEqual([second.source.version, second.source.id], [2, view.source.id]);
  for (const [body, code] of [
    [request({ bus: 'nowhere' }), 'unknown_bus'],
    [request({ task: 'unknown' }), 'task_not_found'],
    [request({ mapping: { input: { text: '$..x' } } }), 'invalid_mapping'],
    [request({ reply_to: { topic: 'comments' } }), 'invalid_source'],
    [request({ bus: 'http', reply_to: { topic: 'x' } }), 'invalid_source'],
  ] as const) {
    await assert.rejects(put(body), { code });
  }
  await sources.pause(caller, 'comments', true, 'req');
  await sources.pause(caller, 'comments', true, 'req');
  await sources.pause(caller, 'comments', false, 'req');
  assert.equal((await sources.get(WORKSPACE, 'comments')).source.version, 4);
  await assert.rejects(sources.remove(caller, 'comments', '"old"', 'req'), { code: 'stale_version' });
  await sources.remove(caller, 'comments', undefined, 'req');
  await assert.rejects(sources.pause(caller, 'comments', true, 'req'), { code: 'source_not_found' });
  assert.deepEqual(
    audit.entries.map(({ action }) => action),
    ['source.created', 'source.updated', 'source.paused', 'source.resumed', 'source.deleted'],
  );
});

test('a topic belongs to the workspace that uses it first, a group to one source', async () => {
  rig = await openSourceRig();
  const { sources } = rig;
  await sources.put(caller, 'comments', request({ group: 'shared' }), {}, 'req');
  const theirs = (body: object) => sources.put(other, 'mine', request(body), {}, 'req');
  await assert.rejects(theirs({}), { code: 'topic_refused' });
  await assert.rejects(theirs({ topic: 'answers', reply_to: { topic: 'x' } }), { code: 'topic_refused' });
  await assert.rejects(theirs({ topic: 'x' }), { code: 'topic_refused' }); // its answers would go to another's
  await assert.rejects(sources.get(other.workspace, 'mine'), { code: 'source_not_found' });
  // The same names on another bus are other topics.
  await theirs({ bus: 'second' });
  const twin = request({ group: 'shared' });
  await assert.rejects(sources.put(caller, 'twin', twin, {}, 'req'), { code: 'group_taken' });
  await sources.put(caller, 'twin', request({ group: 'other' }), {}, 'req');
  await sources.put(caller, 'twin', request({ topic: 'elsewhere' }), {}, 'req');
  // What nobody names any more is free.
  await sources.remove(caller, 'comments', undefined, 'req');
  await sources.put(other, 'second', request({ reply_to: { topic: 'x' } }), {}, 'req');
  await assert.rejects(sources.put(caller, 'comments', request(), {}, 'req'), { code: 'topic_refused' });
  const events = request({ bus: 'http', topic: 'posted', reply_to: { bus: 'main', topic: 'answers' } });
  await sources.put(caller, 'events', events, {}, 'req');
  await assert.rejects(sources.put(caller, 'again', events, {}, 'req'), { code: 'event_type_taken' });
  await sources.put(other, 'events', { ...events, reply_to: { bus: 'main', topic: 'x' } }, {}, 'req');
});

test('where the operator says so, patterns decide, also for what a message asks for', async () => {
  rig = await openSourceRig({ topics: { main: { [WORKSPACE]: ['shop.*', 'comments'], '*': ['public'] } } });
  const { sources } = rig;
  const put = (who: typeof caller, body: object) => sources.put(who, 'one', request(body), {}, 'req');
  await assert.rejects(put(caller, { topic: 'shopping', reply_to: { topic: 'shop.a' } }), { code: 'topic_refused' });
  await assert.rejects(put(caller, { reply_to: { topic: 'xshop.a' } }), { code: 'topic_refused' });
  await assert.rejects(put(other, { topic: 'shop.a', reply_to: { topic: 'public' } }), { code: 'topic_refused' });
  await put(other, { topic: 'public', reply_to: { from_message: true } });
  await put(caller, { reply_to: { topic: 'shop.answers', from_message: true } });
  const { source } = await sources.get(WORKSPACE, 'one');
  const outcomes = await rig
    .pipeline()
    .process(source, [
      message('a', { replyTo: 'shop.own' }),
      message('b', { replyTo: 'secret' }),
      message('c', { replyTo: '\u0007' }),
      message('d'),
    ]);
  assert.deepEqual(
    outcomes.map(({ outcome }) => outcome),
    ['decided', 'unprocessable', 'unprocessable', 'decided'],
  );
  assert.deepEqual((await rig.replies()).map(({ topic }) => topic).sort(), ['shop.answers', 'shop.own']);
  assert.deepEqual(
    (await rig.letters()).map(({ reason }) => reason.code),
    ['topic_refused', 'topic_refused'],
  );
});

test('a message cannot ask for its answer in another workspace’s topic', async () => {
  rig = await openSourceRig();
  await rig.sources.put(other, 'theirs', request({ topic: 'private', reply_to: { topic: 'x' } }), {}, 'req');
  await rig.sources.put(caller, 'comments', request({ reply_to: { from_message: true } }), {}, 'req');
  const { source } = await rig.view();
  const outcomes = await rig
    .pipeline()
    .process(source, [message('a', { replyTo: 'private' }), message('b', { replyTo: 'mine' }), message('c')]);
  assert.deepEqual(
    outcomes.map(({ outcome }) => outcome),
    ['unprocessable', 'decided', 'decided'],
  );
  assert.deepEqual(
    (await rig.replies()).map(({ topic }) => topic),
    ['mine'],
  );
});

test('a message is known again for as long as the inbox is kept', async () => {
  rig = await openSourceRig();
  await rig.sources.put(caller, 'comments', request(), {}, 'req');
  const { source } = await rig.view();
  const pipeline = rig.pipeline();
  const outcome = async () => (await pipeline.process(source, [message('m')])).map((one) => one.outcome);
  assert.deepEqual([await outcome(), await outcome()], [['decided'], ['duplicate']]);
  assert.equal(await rig.sources.expire(14), 0);
  assert.deepEqual(await outcome(), ['duplicate']);
  // As if two weeks and a day had passed: the time of a message is in its id.
  await rig.db.asOwner("UPDATE jobs.inbox SET message = 'msg_01h00000000000000000000000'");
  assert.equal(await rig.sources.expire(14), 1);
  assert.deepEqual(await outcome(), ['decided']);
});

test('content that was mended is another try, under the same name', async () => {
  rig = await openSourceRig();
  await rig.sources.put(caller, 'comments', request(), {}, 'req');
  const { source } = await rig.view();
  const pipeline = rig.pipeline();
  const bad = message('m', { body: Buffer.from('{"id":"m"}') });
  const outcomes = async (...messages: ReturnType<typeof message>[]) =>
    (await pipeline.process(source, messages)).map(({ outcome }) => outcome);
  assert.deepEqual(await outcomes(bad), ['unprocessable']);
  assert.deepEqual(await outcomes(bad), ['duplicate']);
  assert.deepEqual(await outcomes(message('m')), ['decided']);
  assert.deepEqual(await outcomes(message('m'), message('m')), ['duplicate', 'duplicate']);
  assert.equal((await rig.letters()).length, 1);
});

test('a source that was deleted and made again knows what came before, and its letters find it', async () => {
  rig = await openSourceRig();
  await rig.sources.put(caller, 'comments', request(), {}, 'req');
  const first = (await rig.view()).source;
  await rig.pipeline().process(first, [message('m'), message('bad', { body: Buffer.from('{}') })]);
  await rig.sources.remove(caller, 'comments', undefined, 'req');
  const replays = rig.replays();
  rig.deadLetters.register('source', replays);
  const [letter] = await rig.letters();
  await rig.deadLetters.replay(
    caller,
    { ids: [letter!.id] },
    new Map([[letter!.id, Buffer.from('{"id":1,"text":"x"}')]]),
  );
  await replays.drain();
  const [back] = await rig.letters();
  assert.equal(back!.reason.code, 'source_not_found');
  await rig.sources.put(caller, 'comments', request(), {}, 'req');
  const again = (await rig.view()).source;
  assert.notEqual(again.id, first.id);
  await assert.rejects(rig.pipeline().process(first, [message('late')]), { code: 'source_changed' });
  const outcomes = await rig.pipeline().process(again, [message('m'), message('n')]);
  assert.deepEqual(
    outcomes.map(({ outcome }) => outcome),
    ['duplicate', 'decided'],
  );
  await rig.deadLetters.replay(caller, { ids: [back!.id] });
  await replays.drain();
  assert.deepEqual((await rig.decided()).map(({ text }) => text).sort(), ['m', 'n', 'x']);
});

test('a bus that cannot be opened is said, and tried again', { timeout: 30_000 }, async () => {
  rig = await openSourceRig();
  rig.openBus(() => {
    throw eventErrors.bus_unavailable('the driver cannot be loaded');
  });
  await rig.sources.put(caller, 'comments', request(), {}, 'req');
  rig.runner();
  await eventually(async () => stateOf(await rig!.view()).problem?.detail === 'the driver cannot be loaded');
  await eventually(() => rig!.events.length === 1);
  rig.openBus(null);
  rig.publish('comments', { id: 1, text: 'at last' });
  await eventually(async () => (await rig!.decided()).length === 1);
  await eventually(async () => stateOf(await rig!.view()).state === 'running');
  await eventually(async () => (await rig!.view()).figures.failingSince === null);
  const { failing, messages } = await rig.store.figures();
  assert.deepEqual([failing, messages, rig.events.length], [0, 1, 1]);
});
