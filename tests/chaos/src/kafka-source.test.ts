import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Kafka, startKafka, unlessAvailable } from '@understudy/components';
import { eventually } from '@understudy/e2e';
import { KafkaApplication } from './kafka-application.ts';
import { full, itemsOf, MessageRig, messageSeed, PATIENCE_MS } from './message-rig.ts';
import { seeded } from './random.ts';

const ITEMS = full ? 10_000 : 1_000;
const KILLS = full ? 20 : 5;
const limit = { skip: unlessAvailable('kafka'), timeout: PATIENCE_MS };

let kafka: Kafka;
let rig: MessageRig<KafkaApplication>;

before(
  async () => {
    if (limit.skip !== false) return;
    rig = await MessageRig.start(async (proxyPort) => {
      kafka = await startKafka({ proxyPort, partitions: 6 });
      return {
        application: new KafkaApplication(kafka.bootstrap),
        port: () => kafka.proxiedPort,
        // What a dead worker had is another's after a session; six seconds would be waited for at every kill.
        url: `kafka://127.0.0.1:${proxyPort}?session-ms=4000`,
        stop: () => kafka.close(),
      };
    });
  },
  { timeout: PATIENCE_MS },
);
after(() => rig?.stop());

test(`${ITEMS} items over Kafka, workers killed ${KILLS} times: each decided and answered once`, limit, async (t) => {
  t.diagnostic(`seed ${messageSeed}; UNDERSTUDY_TEST_SEED=${messageSeed} repeats it`);
  const random = seeded(messageSeed);
  const group = 'chaos-killed';
  const source = await rig.makeSource('killed', { group });
  rig.application.observe(source.topic);
  await rig.killWorkers(source, itemsOf('killed', ITEMS), KILLS, random, async () => {
    // What the dead have committed in Kafka they had committed in the database before.
    const committed = await rig.application.committedItems(group, source.topic);
    const decided = new Set((await rig.shop.decisions()).map(({ external_id }) => external_id));
    const early = committed.filter((item) => !decided.has(item));
    assert.deepEqual(early, [], 'committed in Kafka, and not in the database');
  });
  await rig.settle(source, ITEMS);
  t.diagnostic(`${source.oracle.deliveries} deliveries of ${source.oracle.answers.size} answers`);
  const { counts } = await source.shown();
  assert.deepEqual([counts.decided, counts.unprocessable], [ITEMS, 0]);
});

test(
  'row 4: the broker is down for seconds; what events over HTTP ask meanwhile is answered when it is back',
  limit,
  async () => {
    const random = seeded(messageSeed + 4);
    const count = ITEMS / 5;
    const source = await rig.makeSource('outage');
    // Events of the application over HTTP, answered over Kafka: they come in while Kafka is away.
    const events = await rig.shop.put('/v1/sources/outage-http', {
      bus: 'http',
      topic: 'comment.written',
      task: 'inquiries',
      format: 'cloudevents',
      mapping: { input: { text: '$.data.body' }, external_id: '$.data.id' },
      reply_to: { bus: 'main', topic: source.answers },
    });
    assert.equal(events.status, 201, events.text);
    await rig.application.publish(source.topic, itemsOf('outage', count / 2), source.oracle, random);
    await eventually('the first answers', () => source.oracle.answers.size > 10, PATIENCE_MS);
    await kafka.kill();
    for (const [name, body] of itemsOf('outage', count / 2, count / 2)) {
      source.oracle.attempt([name]);
      const event = {
        specversion: '1.0',
        id: name,
        source: '/shop',
        type: 'comment.written',
        data: { id: name, body },
      };
      const reply = await rig.shop.post('/v1/events', event, {
        headers: { 'Content-Type': 'application/cloudevents+json' },
      });
      assert.ok([200, 202].includes(reply.status), reply.text);
      assert.equal(reply.json.data[0].status, 'accepted');
      source.oracle.confirm([name]);
    }
    await eventually(
      'the source is shown as failing',
      async () => {
        const { state, problem } = await source.shown();
        return state === 'failing' && problem !== null;
      },
      PATIENCE_MS,
    );
    await kafka.restart();
    await rig.settle(source, count);
  },
);

test(
  'row 6: 30 % of the connections to the broker are reset again and again: each decided and answered once',
  limit,
  async () => {
    const random = seeded(messageSeed + 6);
    const count = ITEMS / 2;
    const source = await rig.makeSource('reset');
    const rounds = await rig.underResets(0.3, random, async () => {
      await rig.publishPaced(source, itemsOf('reset', count), random, { piece: 20, ahead: 100 });
      await eventually('half of it is answered', () => source.oracle.answered >= count / 2, PATIENCE_MS);
    });
    assert.ok(rounds > 5, `${rounds} rounds of resets`);
    await rig.settle(source, count);
  },
);
