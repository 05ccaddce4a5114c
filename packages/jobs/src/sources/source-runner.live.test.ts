import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, beforeEach, describe, test } from 'node:test';
import { eventually } from '@understudy/events/testing';
import { UnderstudyError } from '@understudy/kernel';
import { caller, openSourceRig, request, type SourceRig, WORKSPACE } from '../testing/source-rig.ts';
import { stateOf } from './source.ts';

const busy = () => new UnderstudyError('model_overloaded', { title: 't', description: 'd', retryable: true }, 'busy');

describe('messages of a topic', () => {
  let rig: SourceRig;
  before(async () => {
    rig = await openSourceRig();
  });
  after(() => rig.close());

  test('become decisions and answers, once each, whichever of two workers gets them', { timeout: 60_000 }, async () => {
    await rig.sources.put(caller, 'comments', request(), {}, 'req_1');
    const workers = [rig.runner(), rig.runner()];
    const trace = 'ab'.repeat(16);
    for (let i = 0; i < 500; i++) {
      rig.publish(
        'comments',
        { id: i, text: `text ${i}` },
        {
          key: `k${i % 7}`,
          headers: { 'correlation-id': `c${i}`, traceparent: `00-${trace}-${'12'.repeat(8)}-01` },
        },
      );
    }
    await eventually(async () => (await rig.view()).figures.decided === 500);
    const decided = await rig.decided();
    assert.equal(new Set(decided.map(({ text }) => text)).size, 500);
    assert.equal(decided.length, 500);
    assert.deepEqual(
      [...new Set(decided.map(({ trace_id, principal }) => `${trace_id} ${principal}`))],
      [`${trace} key_1`],
    );
    assert.deepEqual([...new Set(decided.map(({ via }) => `${via.kind} ${via.id}`))], ['source comments']);
    const replies = await rig.replies();
    assert.equal(replies.length, 500);
    const byId = new Map(decided.map((one) => [one.id, one]));
    for (const { topic, key, headers, body, id } of replies) {
      const answer = JSON.parse(body.toString());
      const { text, via } = byId.get(answer.decision.id)!;
      assert.equal(`text ${answer.external_id}`, text);
      assert.deepEqual(
        [topic, key, answer.correlation_id, answer.source, headers['correlation-id']],
        ['answers', answer.external_id, `c${answer.external_id}`, 'comments', `c${answer.external_id}`],
      );
      assert.deepEqual(
        [headers.ce_type, headers.ce_id, headers.ce_specversion, headers['content-type'], id],
        ['decision.made', id, '1.0', 'application/json', `rep_${via.message.slice(4)}`],
      );
      assert.match(headers.traceparent!, new RegExp(`^00-${trace}-`));
    }
    await eventually(async () => (await rig.view()).reports.length === 2);
    await eventually(async () => {
      const { reports } = await rig.view();
      return reports.every(({ state, lag }) => state === 'running' && lag === 0);
    });
    assert.equal(workers[0]!.seen.decided + workers[1]!.seen.decided, 500);
  });

  test('that cannot be decided are kept as they came, with why, and stop nobody', { timeout: 60_000 }, async () => {
    const bad: [Uint8Array, string][] = [
      [Buffer.from('{"text": '), 'message_malformed'],
      [Buffer.from([0xff, 0x00, 0xfe]), 'message_malformed'],
      [Buffer.from('{"id": 1}'), 'message_unmapped'],
      [Buffer.from('{"text": 7, "id": 1}'), 'message_unmapped'],
      [Buffer.from('{"text": "no id"}'), 'message_unmapped'],
      [Buffer.from('[]'), 'message_unmapped'],
      [Buffer.from(JSON.stringify({ id: 1, text: 'x'.repeat(1001) })), 'input_too_long'],
      [Buffer.alloc(50_000_000, '['), 'message_too_large'],
    ];
    for (const [body] of bad) {
      // The bus in memory refuses such sizes; a broker may not.
      rig.broker.store('comments', {
        id: `bad-${bad.length}-${body.length}`,
        key: null,
        headers: { 'x-from': 'a\0b' },
        body,
      });
    }
    rig.publish('comments', { id: 'good', text: 'after the bad ones' });
    await eventually(async () => (await rig.decided()).some(({ text }) => text === 'after the bad ones'));
    await eventually(async () => (await rig.view()).figures.unprocessable === bad.length);
    const letters = await rig.letters();
    for (const [body, code] of bad) {
      const letter = letters.find(({ hash }) => hash === createHash('sha256').update(body).digest('hex'));
      assert.deepEqual([letter?.reason.code, letter?.kind, letter?.origin_id], [code, 'unprocessable', 'comments']);
    }
    const { figures } = await rig.view();
    assert.equal(figures.unprocessable, bad.length);
    assert.equal(stateOf(await rig.view()).state, 'running');
  });

  test('that fail for no known reason are tried a few times, given up, and stop nobody', {
    timeout: 60_000,
  }, async () => {
    const tries = { decide: 0, commit: 0 };
    rig.decide.before = (text) => {
      if (text !== 'poison') return;
      tries.decide++;
      throw new TypeError('a bug');
    };
    rig.decide.committing = (texts) => {
      if (!texts.includes('indigestible')) return;
      tries.commit++;
      throw new RangeError('another bug');
    };
    const was = (await rig.letters()).length;
    for (const text of ['before', 'poison', 'between', 'indigestible', 'behind'])
      rig.publish('comments', { id: text, text });
    await eventually(async () => (await rig.letters()).length === was + 2);
    const texts = (await rig.decided()).map(({ text }) => text);
    for (const text of ['before', 'between', 'behind']) assert.equal(texts.filter((one) => one === text).length, 1);
    const letters = (await rig.letters()).slice(was);
    assert.deepEqual(
      letters.map(({ kind, reason, body }) => [kind, reason.code, JSON.parse(body.toString()).text]).sort(),
      [
        ['failed', 'message_failed', 'indigestible'],
        ['failed', 'message_failed', 'poison'],
      ],
    );
    assert.ok(tries.decide >= 5 && tries.commit >= 5, JSON.stringify(tries));
    rig.decide.before = () => {};
    rig.decide.committing = () => {};
  });

  test('given up can be sent through the source again, edited, once', { timeout: 60_000 }, async () => {
    const replays = rig.replays();
    rig.deadLetters.register('source', replays);
    const letters = await rig.letters();
    const poison = letters.find(({ body }) => body.includes('poison'))!;
    const broken = letters.find(({ body }) => body.toString() === '{"text": ')!;
    const edits = new Map([[broken.id, Buffer.from('{"text": "mended", "id": "m"}')]]);
    const result = await rig.deadLetters.replay(caller, { ids: [poison.id, broken.id] }, edits);
    assert.deepEqual([result.replayed, result.refused], [2, []]);
    // Two workers at once: one of them commits.
    await Promise.all([replays.drain(), rig.replays().drain(), replays.drain()]);
    const texts = (await rig.decided()).map(({ text }) => text);
    assert.deepEqual(
      ['poison', 'mended'].map((text) => texts.filter((one) => one === text).length),
      [1, 1],
    );
    assert.equal((await rig.letters()).length, letters.length - 2);
    assert.deepEqual(await rig.store.replays(10), []);
  });

  test('wait while the source is paused, and are its own when it is edited', { timeout: 60_000 }, async () => {
    await rig.sources.pause(caller, 'comments', true, 'req_2');
    await eventually(async () => (await rig.view()).reports.length === 0);
    rig.publish('comments', { id: 'w', text: 'while paused' });
    assert.equal(stateOf(await rig.view()).state, 'paused');
    const mapping = { input: { text: '$.text' }, external_id: '$.id', attributes: { lang: '$.lang' } };
    await rig.sources.put(
      caller,
      'comments',
      request({ mapping, reply_to: { topic: 'answers', from_message: true } }),
      {},
      'r',
    );
    assert.equal((await rig.view()).source.paused, true);
    assert.ok(!(await rig.decided()).some(({ text }) => text === 'while paused'));
    await rig.sources.pause(caller, 'comments', false, 'req_3');
    await eventually(async () => (await rig.decided()).some(({ text }) => text === 'while paused'));
    rig.publish('comments', { id: 'own', text: 'own topic' }, { headers: { 'reply-to': 'inbox-of-7' } });
    rig.publish('comments', { id: 'odd', text: 'odd topic' }, { headers: { 'reply-to': 'a\nb' } });
    await eventually(async () => (await rig.replies()).some(({ topic }) => topic === 'inbox-of-7'));
    await eventually(async () => (await rig.letters()).some(({ reason }) => reason.code === 'topic_refused'));
  });

  test('are not acknowledged while the models or the broker are away; the outage is told once', {
    timeout: 60_000,
  }, async () => {
    rig.events.splice(0);
    rig.decide.before = () => {
      throw busy();
    };
    rig.publish('comments', { id: 'o', text: 'in the outage' });
    await eventually(async () => {
      const { state, problem } = stateOf(await rig.view());
      return state === 'failing' && problem?.code === 'model_overloaded';
    });
    await eventually(async () => (await rig.view()).figures.failingSince !== null);
    rig.decide.before = () => {};
    await eventually(async () => (await rig.decided()).some(({ text }) => text === 'in the outage'));
    await eventually(async () => (await rig.view()).figures.failingSince === null);
    assert.deepEqual(
      rig.events.map(({ type, subject, workspace }) => [type, subject, workspace]),
      [['source.failing', 'comments', WORKSPACE]],
    );
    rig.broker.stop();
    await eventually(async () => stateOf(await rig.view()).problem?.code === 'bus_unavailable');
    await eventually(() => rig.events.length === 2);
    rig.broker.start();
    rig.publish('comments', { id: 'b', text: 'broker is back' });
    await eventually(async () => (await rig.decided()).some(({ text }) => text === 'broker is back'));
    await eventually(async () => stateOf(await rig.view()).state === 'running');
    assert.equal(rig.events.length, 2);
  });

  test('of a source whose task is gone wait in the broker', { timeout: 60_000 }, async () => {
    await rig.sources.put(caller, 'orphan', request({ topic: 'private', task: 'gone' }), {}, 'req_4');
    rig.publish('private', { id: 1, text: 'nobody decides me' });
    await eventually(async () => stateOf(await rig.view('orphan')).problem?.code === 'task_not_found');
    assert.equal((await rig.view('orphan')).figures.messages, 0);
    await rig.sources.put(caller, 'orphan', request({ topic: 'private' }), {}, 'req_5');
    await eventually(async () => (await rig.decided()).some(({ text }) => text === 'nobody decides me'));
    await rig.sources.remove(caller, 'orphan', undefined, 'req_6');
    await assert.rejects(rig.view('orphan'), { code: 'source_not_found' });
  });
});

describe('redelivery in any order', () => {
  let rig: SourceRig;
  beforeEach(async () => {
    rig = await openSourceRig();
  });

  /** A generator of the test's own, so that a run can be repeated. */
  const shuffled = <T>(items: readonly T[], seed: number): T[] => {
    const copy = [...items];
    let state = seed;
    for (let i = copy.length - 1; i > 0; i--) {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      const j = state % (i + 1);
      [copy[i], copy[j]] = [copy[j]!, copy[i]!];
    }
    return copy;
  };

  test('has its effect once, with handlers that die before or after the commit', { timeout: 120_000 }, async () => {
    try {
      await rig.sources.put(caller, 'comments', request(), {}, 'req_1');
      const { source } = await rig.view();
      const messages = Array.from({ length: 120 }, (_, i) => ({
        id: i % 3 === 0 ? null : `m${i}`,
        key: null,
        headers: {},
        body: Buffer.from(JSON.stringify({ id: i, text: `text ${i}` })),
        place: i % 3 === 0 && i % 2 === 0 ? `0/${i}` : null,
        redelivered: false,
        deliveries: null,
        correlationId: null,
        replyTo: null,
        at: 1000 + i,
      }));
      const pipelines = [rig.pipeline(), rig.pipeline(), rig.pipeline()];
      let failures = 0;
      rig.decide.committing = () => {
        if (failures++ % 4 === 0) throw busy();
      };
      // Each round delivers everything again, in another order and in other batches, to three workers at once.
      for (let round = 0; round < 5; round++) {
        const order = shuffled(messages, round + 1).map((message) => ({ ...message, redelivered: round > 0 }));
        const batches = Array.from({ length: 12 }, (_, i) => order.slice(i * 10, i * 10 + 10));
        await Promise.all(
          batches.map((batch, i) =>
            pipelines[i % 3]!.process(source, batch).catch((error: unknown) => {
              assert.equal((error as { code?: string }).code, 'model_overloaded');
            }),
          ),
        );
      }
      rig.decide.committing = () => {};
      const last = messages.map((message) => ({ ...message, redelivered: true }));
      await pipelines[0]!.process(source, last);
      const again = await pipelines[1]!.process(source, last);
      assert.ok(again.every(({ outcome }) => outcome === 'duplicate'));
      const texts = (await rig.decided()).map(({ text }) => text);
      assert.deepEqual([texts.length, new Set(texts).size], [120, 120]);
      assert.equal((await rig.replies()).length, 120);
      assert.equal((await rig.view()).figures.decided, 120);
    } finally {
      await rig.close();
    }
  });

  test('of messages that only their content names: alike ones count, delivered again ones do not', async () => {
    try {
      await rig.sources.put(caller, 'comments', request(), {}, 'req_1');
      const { source } = await rig.view();
      const pipeline = rig.pipeline();
      const message = (redelivered: boolean) => ({
        id: null,
        key: null,
        headers: {},
        body: Buffer.from('{"id":"x","text":"same"}'),
        place: null,
        redelivered,
        deliveries: null,
        correlationId: null,
        replyTo: null,
        at: null,
      });
      const outcomes = async (...flags: boolean[]) =>
        (await pipeline.process(source, flags.map(message))).map(({ outcome }) => outcome);
      assert.deepEqual(await outcomes(true), ['decided']); // said to be delivered again, and never seen
      assert.deepEqual(await outcomes(true), ['duplicate']);
      assert.deepEqual(await outcomes(false, false), ['decided', 'decided']);
      assert.deepEqual(await outcomes(true, false), ['duplicate', 'decided']);
      assert.equal((await rig.decided()).length, 4);
    } finally {
      await rig.close();
    }
  });

  test('does not commit for a source that was edited meanwhile, nor when the batch is lost', async () => {
    try {
      await rig.sources.put(caller, 'comments', request(), {}, 'req_1');
      const { source } = await rig.view();
      await rig.sources.put(caller, 'comments', request({ reply_to: { topic: 'private' } }), {}, 'req_2');
      const message = {
        ...{ id: 'm', key: null, headers: {}, place: null, redelivered: false, deliveries: null },
        ...{ correlationId: null, replyTo: null, at: null },
        body: Buffer.from('{"id":"x","text":"late"}'),
      };
      await assert.rejects(rig.pipeline().process(source, [message]), { code: 'source_changed' });
      const lost = new AbortController();
      rig.decide.before = () => lost.abort();
      const { source: now } = await rig.view();
      await assert.rejects(rig.pipeline().process(now, [message], { signal: lost.signal }));
      assert.deepEqual([await rig.decided(), await rig.replies()], [[], []]);
    } finally {
      await rig.close();
    }
  });
});
