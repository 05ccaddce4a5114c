import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type RabbitBroker, startRabbit, unlessAvailable } from '@understudy/components';
import { eventually, topicRows } from '@understudy/e2e';
import { full, itemsOf, MessageRig, messageSeed, PATIENCE_MS } from './message-rig.ts';
import { RabbitApplication } from './rabbit-application.ts';
import { seeded } from './random.ts';

const ITEMS = full ? 10_000 : 1_000;
const KILLS = full ? 20 : 3;
const limit = { skip: unlessAvailable('rabbitmq'), timeout: PATIENCE_MS };

let broker: RabbitBroker;
let rig: MessageRig<RabbitApplication>;

before(
  async () => {
    if (limit.skip !== false) return;
    rig = await MessageRig.start(async (proxyPort) => {
      broker = await startRabbit();
      return {
        application: new RabbitApplication(broker.url),
        port: () => Number(new URL(broker.url).port),
        url: `amqp://guest:guest@127.0.0.1:${proxyPort}`,
        stop: () => broker.stop(),
      };
    });
    // Here a model answers.
    await rig.shop.import('inquiries', topicRows(300));
    const run = await rig.shop.train('inquiries', { trainer: 'linear' }, PATIENCE_MS);
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
    const { version } = (await rig.shop.get('/v1/models/inquiries/versions')).json.data[0];
    const champion = await rig.shop.put('/v1/models/inquiries/aliases/champion', { version });
    assert.equal(champion.status, 200, champion.text);
  },
  { timeout: PATIENCE_MS },
);
after(() => rig?.stop());

/** A source whose messages may name where their answer goes. */
const makeSource = (name: string) =>
  rig.makeSource(name, { reply_to: { topic: rig.topic(`${name}.decided`), from_message: true } });

test(
  `${ITEMS} items over RabbitMQ, workers killed ${KILLS} times: each decided and answered once`,
  limit,
  async (t) => {
    t.diagnostic(`seed ${messageSeed}; UNDERSTUDY_TEST_SEED=${messageSeed} repeats it`);
    const source = await makeSource('killed');
    await rig.killWorkers(source, itemsOf('killed', ITEMS), KILLS, seeded(messageSeed));
    t.diagnostic(`${source.oracle.deliveries} deliveries of ${source.oracle.answers.size} answers`);
    await rig.settle(source, ITEMS);
    assert.equal((await source.shown()).counts.decided, ITEMS);
  },
);

test(
  'rows 4 and 6: a killed broker and reset connections: shown while they last, each answered once',
  limit,
  async () => {
    const random = seeded(messageSeed + 4);
    const count = ITEMS / 5;
    const source = await makeSource('outage');
    const { oracle } = source;
    await broker.settle();
    const publishing = rig.publishPaced(source, itemsOf('outage', count), random, { piece: 20, ahead: 40 });
    await eventually('the first answers', () => oracle.answers.size > 10, PATIENCE_MS);
    await broker.kill();
    await eventually(
      'the source is shown as failing',
      async () => (await source.shown()).state === 'failing',
      PATIENCE_MS,
    );
    assert.ok((await source.shown()).problem.detail.length > 0);
    await broker.restart();
    await rig.underResets(0.3, random, async () => {
      await publishing;
      await eventually('half of it is answered under resets', () => oracle.answered >= count / 2, PATIENCE_MS);
    });
    await rig.settle(source, count);
  },
);

test(
  'row 13: what cannot be decided, or answered where it says, is a dead letter, exactly; the rest goes on',
  limit,
  async () => {
    const random = seeded(messageSeed + 13);
    const source = await makeSource('poison');
    const good = itemsOf('poison', 90);
    const bad = ['{"comment": ', '[]', '{"comment":{"id":"x"}}', '{"comment":{"id":"y","body":7}}', '\u0000'];
    await rig.application.insist('the bad ones are confirmed', async (connection) => {
      const channel = await connection.createConfirmChannel();
      for (const [index, body] of bad.entries()) {
        channel.sendToQueue(source.topic, Buffer.from(body), { messageId: `bad-${index}`, persistent: true });
      }
      const lonely = JSON.stringify({ comment: { id: 'lonely', body: 'nobody waits for me' } });
      channel.sendToQueue(source.topic, Buffer.from(lonely), {
        messageId: 'lonely',
        replyTo: 'chaos.nowhere',
        persistent: true,
      });
      await channel.waitForConfirms();
    });
    await rig.application.publish(source.topic, good, source.oracle, random);
    await eventually('every good item is answered', () => source.oracle.answered === good.size, PATIENCE_MS);
    await source.oracle.settle(rig.shop, 'poison-');
    const letters = async (origin: string) =>
      (await rig.shop.get(`/v1/dead-letters?limit=200&origin=${origin}`)).json.data as any[];
    await eventually(
      'the answer to nowhere is given up',
      async () => (await letters('outgoing')).length > 0,
      PATIENCE_MS,
    );
    assert.deepEqual(
      (await letters('outgoing')).map(({ kind, reason }) => [kind, reason.code]),
      [['unprocessable', 'bus_topic_not_found']],
    );
    const refused = await letters('source');
    assert.deepEqual(new Set(refused.map(({ kind }) => kind)), new Set(['unprocessable']));
    const bytes = await Promise.all(
      refused.map(async ({ id }) => {
        const { body } = (await rig.shop.get(`/v1/dead-letters/${id}`)).json;
        return Buffer.from(body.data, body.encoding === 'text' ? 'utf8' : 'base64').toString();
      }),
    );
    assert.deepEqual(bytes.sort(), [...bad].sort(), 'with the original bytes');
    assert.equal((await source.shown()).counts.unprocessable, bad.length);
  },
);
