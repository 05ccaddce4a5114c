import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type RabbitBroker, startRabbit, unlessAvailable } from '@understudy/components';
import {
  eventually,
  makeWorkspace,
  PostgresCluster,
  ServerProcess,
  scratchFolder,
  topicLabels,
  topicRows,
  trainedByHand,
  type Workspace,
} from '@understudy/e2e';
import { FaultProxy } from './fault-proxy.ts';
import { itemTexts } from './item-texts.ts';
import { MessageOracle } from './message-oracle.ts';
import { RabbitApplication } from './rabbit-application.ts';
import { seeded } from './random.ts';

/** A tenth of it in CI. */
const FULL = process.env.UNDERSTUDY_TEST_FULL === '1';
const ITEMS = FULL ? 10_000 : 1_000;
const KILLS = FULL ? 20 : 3;
const SEED = Number(process.env.UNDERSTUDY_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));
const PATIENCE_MS = 600_000;
const OPERATOR = 'us_op_4fYp0Zr9QvXk2LmN8sTbWc6DhJ1eGa7u';
const limit = { skip: unlessAvailable('rabbitmq'), timeout: PATIENCE_MS };

const scratch = scratchFolder();
let cluster: PostgresCluster;
let broker: RabbitBroker;
/** The servers' way to the broker. */
let proxy: FaultProxy;
let application: RabbitApplication;
let gateway: ServerProcess;
const workers: ServerProcess[] = [];
let shop: Workspace;

const start = (name: string, roles: string) =>
  ServerProcess.start({
    dataDir: join(scratch, 'data'),
    databaseUrl: cluster.url(),
    logFile: join(scratch, `${name}.log`),
    settings: {
      UNDERSTUDY_ROLES: roles,
      UNDERSTUDY_OPERATOR_KEY: OPERATOR,
      UNDERSTUDY_BUSES: JSON.stringify({ rabbit: `amqp://guest:guest@127.0.0.1:${proxy.port}` }),
    },
  });
const startWorker = async (index: number) => {
  workers[index] = await start(`worker-${index}`, 'worker');
};
const pause = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds));

before(
  async () => {
    if (limit.skip !== false) return;
    [cluster, broker] = await Promise.all([PostgresCluster.create(scratch), startRabbit()]);
    proxy = await FaultProxy.start(() => Number(new URL(broker.url).port));
    application = new RabbitApplication(broker.url);
    gateway = await start('gateway', 'gateway,scheduler');
    await Promise.all([startWorker(0), startWorker(1)]);
    shop = await makeWorkspace(() => gateway, OPERATOR, 'Shop');
    await shop.makeTask('inquiries', topicLabels, trainedByHand);
    await shop.import('inquiries', topicRows(300));
    const run = await shop.train('inquiries', { trainer: 'linear' }, PATIENCE_MS);
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
    const { version } = (await shop.get('/v1/models/inquiries/versions')).json.data[0];
    const champion = await shop.put('/v1/models/inquiries/aliases/champion', { version });
    assert.equal(champion.status, 200, champion.text);
  },
  { timeout: PATIENCE_MS },
);
after(async () => {
  await application?.stop();
  await Promise.all([gateway, ...workers].map((server) => server?.stop()));
  await cluster?.stopImmediately();
  await broker?.stop();
  proxy?.close();
});

/** A source of its own for a test, with what an application keeps of it. */
async function makeSource(name: string) {
  const [items, answers] = [`chaos.${name}.comments`, `chaos.${name}.decided`];
  await application.makeQueues(items, answers);
  const made = await shop.put(`/v1/sources/${name}`, {
    bus: 'rabbit',
    topic: items,
    task: 'inquiries',
    mapping: { input: { text: '$.comment.body' }, external_id: '$.comment.id' },
    reply_to: { topic: answers, from_message: true },
  });
  assert.equal(made.status, 201, made.text);
  const oracle = new MessageOracle(join(scratch, `${name}.log`));
  application.takeAnswers(answers, oracle);
  return { items, oracle, source: async () => (await shop.get(`/v1/sources/${name}`)).json };
}

function itemsOf(name: string, count: number): Map<string, string> {
  return new Map(itemTexts(count, 7).map((text, index) => [`${name}-${index}`, text]));
}

function pieces(items: ReadonlyMap<string, string>, size = 50): Map<string, string>[] {
  const all = [...items];
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) => {
    return new Map(all.slice(index * size, (index + 1) * size));
  });
}

test(
  `${ITEMS} items over RabbitMQ, workers killed ${KILLS} times: each decided and answered once`,
  limit,
  async (t) => {
    t.diagnostic(`seed ${SEED}; UNDERSTUDY_TEST_SEED=${SEED} repeats it`);
    const random = seeded(SEED);
    const { items, oracle, source } = await makeSource('killed');
    const kill = async (index: number) => {
      await workers[index]!.kill();
      await pause(random() * 1000);
      await startWorker(index);
    };
    const publishing = (async () => {
      for (const piece of pieces(itemsOf('killed', ITEMS))) {
        await application.publish(items, piece, oracle, random);
        // Not far ahead of the answers, so that workers die in the middle of it.
        await eventually('answers', () => oracle.confirmed.size - oracle.answered < 200, PATIENCE_MS, 5);
      }
    })();
    for (let round = 0; round < KILLS; round++) {
      const at = Math.floor(((round + random()) / KILLS) * ITEMS * 0.9);
      await eventually(`${at} answers`, () => oracle.answers.size >= at, PATIENCE_MS, 2);
      // Now and then both at once: then nobody is there to take over.
      const victims = random() < 0.25 ? [0, 1] : [random() < 0.5 ? 0 : 1];
      await Promise.all(victims.map(kill));
    }
    await publishing;
    await eventually('every item is answered', () => oracle.answered === ITEMS, PATIENCE_MS);
    t.diagnostic(`${oracle.deliveries} deliveries of ${oracle.answers.size} answers`);
    await oracle.settle(shop, 'killed-');
    await eventually('nothing waits', async () => (await source()).lag === 0, PATIENCE_MS);
    assert.equal((await source()).counts.decided, ITEMS);
    assert.deepEqual((await shop.get('/v1/dead-letters')).json.data, []);
  },
);

test(
  'rows 4 and 6: a killed broker and reset connections: shown while they last, each answered once',
  limit,
  async () => {
    const random = seeded(SEED + 4);
    const count = ITEMS / 5;
    const { items, oracle, source } = await makeSource('outage');
    await broker.settle();
    const publishing = (async () => {
      for (const piece of pieces(itemsOf('outage', count), 20)) {
        await application.publish(items, piece, oracle, random);
        await pause(100);
      }
    })();
    await eventually('the first answers', () => oracle.answers.size > 10, PATIENCE_MS);
    await broker.kill();
    await eventually('the source is shown as failing', async () => (await source()).state === 'failing', PATIENCE_MS);
    assert.ok((await source()).problem.detail.length > 0);
    await broker.restart();
    const timer = setInterval(() => proxy.resetSome(0.3, random), 300);
    try {
      await publishing;
      await eventually('half of it is answered under resets', () => oracle.answered >= count / 2, PATIENCE_MS);
    } finally {
      clearInterval(timer);
    }
    await eventually('every item is answered', () => oracle.answered === count, PATIENCE_MS);
    await oracle.settle(shop, 'outage-');
    await eventually('the source runs', async () => (await source()).state === 'running', PATIENCE_MS);
  },
);

test(
  'row 13: what cannot be decided, or answered where it says, is a dead letter, exactly; the rest goes on',
  limit,
  async () => {
    const random = seeded(SEED + 13);
    const { items, oracle, source } = await makeSource('poison');
    const good = itemsOf('poison', 90);
    const bad = ['{"comment": ', '[]', '{"comment":{"id":"x"}}', '{"comment":{"id":"y","body":7}}', '\u0000'];
    await application.insist('the bad ones are confirmed', async (connection) => {
      const channel = await connection.createConfirmChannel();
      for (const [index, body] of bad.entries()) {
        channel.sendToQueue(items, Buffer.from(body), { messageId: `bad-${index}`, persistent: true });
      }
      const lonely = JSON.stringify({ comment: { id: 'lonely', body: 'nobody waits for me' } });
      channel.sendToQueue(items, Buffer.from(lonely), {
        messageId: 'lonely',
        replyTo: 'chaos.nowhere',
        persistent: true,
      });
      await channel.waitForConfirms();
    });
    await application.publish(items, good, oracle, random);
    await eventually('every good item is answered', () => oracle.answered === good.size, PATIENCE_MS);
    await oracle.settle(shop, 'poison-');
    const letters = async (origin: string) =>
      (await shop.get(`/v1/dead-letters?limit=200&origin=${origin}`)).json.data as any[];
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
        const { body } = (await shop.get(`/v1/dead-letters/${id}`)).json;
        return Buffer.from(body.data, body.encoding === 'text' ? 'utf8' : 'base64').toString();
      }),
    );
    assert.deepEqual(bytes.sort(), [...bad].sort(), 'with the original bytes');
    assert.equal((await source()).counts.unprocessable, bad.length);
  },
);
