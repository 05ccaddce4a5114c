import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { PostgresTrailStore } from '../storage/index.ts';
import { caller, openSourceRig, request, type SourceRig, WORKSPACE } from '../testing/source-rig.ts';
import { deadLetterTrail, messageTrail } from './parts.ts';
import { Trail, type TrailPart } from './trail.ts';

describe('the trail of a message', () => {
  let rig: SourceRig;
  let trail: Trail;
  before(async () => {
    rig = await openSourceRig();
    await rig.sources.put(
      caller,
      'comments',
      request({ format: 'cloudevents', mapping: { input: { text: '$.data.text' } }, reply_to: { topic: 'answers' } }),
      {},
      'r',
    );
    await rig.sources.put(caller, 'plain', request({ topic: 'private' }), {}, 'r');
    const store = new PostgresTrailStore(rig.database);
    trail = new Trail([messageTrail(store), deadLetterTrail(store)]);
  });
  after(() => rig.close());

  const incoming = (body: unknown, over: object = {}) => ({
    ...{ id: null, key: null, headers: {}, place: null, redelivered: false, deliveries: null },
    ...{ correlationId: null, replyTo: null, at: 5 },
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    ...over,
  });
  const take = async (source: string, ...messages: ReturnType<typeof incoming>[]) =>
    rig.pipeline().process((await rig.view(source)).source, messages);
  const steps = async (id: string) =>
    (await trail.find(WORKSPACE, id)).steps.map(({ place, what, current }) => [place, what, current]);

  test('is found by each of its names, and leads to its decision and reply', async () => {
    const event = { specversion: '1.0', id: 'e 1', source: '/forum', type: 't', data: { text: 'hi' } };
    await take('comments', incoming(event));
    await take(
      'plain',
      incoming({ id: 1, text: 'a' }, { id: 'pub-1' }),
      incoming({ id: 2, text: 'b' }, { place: '0/7' }),
    );
    for (const [id, source] of [
      ['e 1', 'comments'],
      ['pub-1', 'plain'],
      ['0/7', 'plain'],
    ] as const) {
      const found = await trail.find(WORKSPACE, id);
      assert.equal(found.steps.length, 1, id);
      assert.equal(found.steps[0]!.what, `${source} took the message`);
      assert.deepEqual(found.ids.map(({ kind }) => kind).sort(), ['decision', 'message', 'reply'], id);
      const message = found.ids.find(({ kind }) => kind === 'message')!.id;
      const reply = found.ids.find(({ kind }) => kind === 'reply')!.id;
      assert.deepEqual((await trail.find(WORKSPACE, message)).steps, found.steps);
      assert.deepEqual((await trail.find(WORKSPACE, reply)).steps, found.steps);
    }
  });

  test('says that it was refused, sent again and taken', async () => {
    await take('plain', incoming('{"id":3}', { id: 'pub-3' }));
    const [letter] = await rig.letters();
    assert.deepEqual(await steps('pub-3'), [
      ['source', 'plain took the message and could not decide it: message_unmapped', false],
      ['dead_letter', 'cannot be processed: message_unmapped; it waits for somebody to look at it', true],
    ]);
    const replays = rig.replays();
    rig.deadLetters.register('source', replays);
    await rig.deadLetters.replay(
      caller,
      { ids: [letter!.id] },
      new Map([[letter!.id, Buffer.from('{"id":3,"text":"x"}')]]),
    );
    assert.deepEqual((await steps(letter!.id)).at(-1), ['replay', 'waits to go through plain again', true]);
    await replays.drain();
    assert.deepEqual(await steps('pub-3'), [
      ['source', 'plain took the message and could not decide it: message_unmapped', false],
      ['dead_letter', 'cannot be processed: message_unmapped', false],
      ['dead_letter', 'sent on its way again', false],
      ['source', 'plain took the dead letter again', false],
    ]);
  });

  test('is nobody else’s, and not found where there is none', async () => {
    for (const [workspace, id] of [
      ['ws_other', 'pub-1'],
      [WORKSPACE, 'pub'],
      [WORKSPACE, 'msg_00000000000000000000000000'],
      [WORKSPACE, '\ud800'],
      [WORKSPACE, ''],
    ] as const) {
      await assert.rejects(trail.find(workspace, id), { code: 'trail_not_found' }, id);
    }
  });

  test('that leads on without end is cut, and says so', async () => {
    const endless: TrailPart = {
      kinds: ['job', 'other'],
      follow: async (_workspace, ids) => ({
        steps: ids.map(({ id }) => ({ at: 1, place: 'job', id, what: 'x', current: false, details: {} })),
        ids: ids.flatMap(({ id }) => Array.from({ length: 9 }, (_, i) => ({ kind: 'job' as const, id: `${id}${i}` }))),
      }),
    };
    const found = await new Trail([endless]).find(WORKSPACE, 'start');
    assert.deepEqual([found.complete, found.steps.length], [false, 100]);
  });
});
