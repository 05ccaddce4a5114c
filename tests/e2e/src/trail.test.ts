import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { eventually, makeWorkspace, ServerProcess, scratchFolder, type Workspace } from './index.ts';

const scratch = scratchFolder();
let server: ServerProcess;
let forum: Workspace;
const receiver = createServer((_request, response) => response.writeHead(204).end());

before(async () => {
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
  server = await ServerProcess.start({
    dataDir: join(scratch, 'data'),
    settings: { UNDERSTUDY_EGRESS_ALLOW: '127.0.0.1' },
  });
  forum = await makeWorkspace(() => server, server.operatorKey!, 'Forum');
  await forum.makeTask('comments', ['ok', 'spam']);
});
after(async () => {
  receiver.close();
  await server?.stop();
});

interface Step {
  at: string | null;
  place: string;
  id: string;
  what: string;
  current: boolean;
  details: any;
}
const trail = async (id: string): Promise<{ ids: { kind: string; id: string }[]; steps: Step[] }> => {
  const reply = await forum.get(`/v1/trail?id=${encodeURIComponent(id)}`);
  assert.equal(reply.status, 200, reply.text);
  return reply.json;
};
const placesOf = (steps: readonly Step[]) => [...new Set(steps.map(({ place }) => place))];

test('an event is followed from its source to the reviewer and the webhook, by any of its names', async () => {
  const { port } = receiver.address() as { port: number };
  const hook = await forum.post('/v1/webhooks', { url: `http://127.0.0.1:${port}/`, events: ['decision.made'] });
  assert.equal(hook.status, 201, hook.text);
  const mapping = { input: { text: '$.data.text' }, external_id: '$.data.id' };
  const source = {
    bus: 'http',
    topic: 'comment',
    task: 'comments',
    mapping,
    reply_to: { bus: 'postgres', topic: 'out' },
  };
  assert.equal((await forum.put('/v1/sources/posts', source)).status, 201);
  const event = {
    specversion: '1.0',
    id: 'e-1',
    source: '/forum',
    type: 'comment',
    data: { id: 'c-1', text: 'hello' },
  };
  const sent = await forum.post('/v1/events', JSON.stringify(event), {
    headers: { 'Content-Type': 'application/cloudevents+json' },
  });
  const [{ message, decision }] = sent.json.data;
  const found = await eventually('the webhook has it', async () => {
    const { steps } = await trail(decision);
    return steps.some(({ place, what }) => place === 'webhook' && what === 'was delivered') ? steps : null;
  });
  assert.deepEqual(placesOf(found).sort(), ['decision', 'reply', 'review', 'source', 'webhook']);
  assert.equal(found[0]!.place, 'source');
  assert.equal(found[0]!.details.key, 'ce:e-1 /forum');
  const times = found.flatMap(({ at }) => (at === null ? [] : [at]));
  assert.deepEqual(times, [...times].sort());
  assert.ok(found.some(({ what, current }) => what === 'put before people: no_model' && current));
  const told = (await forum.get('/v1/events')).json.data.find((one: any) => one.subject === decision);
  for (const id of ['c-1', 'e-1', message, told.id]) {
    const { ids, steps } = await trail(id);
    assert.ok(
      ids.some((one) => one.id === decision),
      `${id} ${JSON.stringify(ids)}`,
    );
    assert.deepEqual(placesOf(steps).sort(), ['decision', 'reply', 'review', 'source', 'webhook'], id);
  }
  const absent = await forum.get('/v1/trail?id=nobody');
  assert.deepEqual([absent.status, absent.json.code], [404, 'trail_not_found']);
});

test('an answer to a topic that does not exist is no loss: its trail ends in a dead letter', async () => {
  const body = { task: 'comments', input: { text: 'hello' }, reply_to: { bus: 'postgres', topic: 'nowhere' } };
  const job = await forum.post('/v1/jobs', body);
  assert.equal(job.status, 202, job.text);
  const steps = await eventually('the answer is a dead letter', async () => {
    const { steps: all } = await trail(job.json.id);
    return all.some(({ place }) => place === 'dead_letter') ? all : null;
  });
  const letter = steps.find(({ place }) => place === 'dead_letter')!;
  assert.deepEqual([letter.details.reason.code, letter.current], ['bus_topic_not_found', true]);
  assert.deepEqual(
    placesOf(steps).filter((place) => ['job', 'decision', 'dead_letter'].includes(place)),
    ['job', 'decision', 'dead_letter'],
  );
  assert.ok(steps.some(({ what, current }) => what === 'succeeded' && current));
  const kept = await forum.get(`/v1/dead-letters/${letter.id}`);
  assert.equal(kept.status, 200, kept.text);
});
