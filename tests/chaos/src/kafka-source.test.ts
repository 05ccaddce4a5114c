import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Kafka, startKafka, unlessAvailable } from '@understudy/components';
import {
  eventually,
  makeWorkspace,
  PostgresCluster,
  ServerProcess,
  scratchFolder,
  topicLabels,
  trainedByHand,
  type Workspace,
} from '@understudy/e2e';
import { FaultProxy } from './fault-proxy.ts';
import { itemTexts } from './item-texts.ts';
import { KafkaApplication } from './kafka-application.ts';
import { MessageOracle } from './message-oracle.ts';
import { seeded } from './random.ts';

/** A tenth of it in CI. */
const FULL = process.env.UNDERSTUDY_TEST_FULL === '1';
const ITEMS = FULL ? 10_000 : 1_000;
/** Published at this pace, and not further than the kills have come, so that workers die in the middle of it. */
const PIECE = FULL ? 40 : 20;
const EVERY_MS = 300;
const KILLS = FULL ? 20 : 5;
const SEED = Number(process.env.UNDERSTUDY_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));
const PATIENCE_MS = 600_000;
const OPERATOR = 'us_op_4fYp0Zr9QvXk2LmN8sTbWc6DhJ1eGa7u';
const limit = { skip: unlessAvailable('kafka'), timeout: PATIENCE_MS };

const scratch = scratchFolder();
let cluster: PostgresCluster;
let kafka: Kafka;
/** The servers reach the broker through it; the application does not. */
let proxy: FaultProxy;
let application: KafkaApplication;
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
      UNDERSTUDY_BUSES: JSON.stringify({ main: `kafka://127.0.0.1:${proxy.port}?session-ms=6000` }),
    },
  });
const startWorker = async (index: number) => {
  workers[index] = await start(`worker-${index}`, 'worker');
};
const pause = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds));

before(
  async () => {
    if (limit.skip !== false) return;
    let port = 0;
    proxy = await FaultProxy.start(() => port);
    [cluster, kafka] = await Promise.all([PostgresCluster.create(scratch), startKafka({ proxyPort: proxy.port })]);
    port = kafka.proxiedPort;
    application = new KafkaApplication(kafka.bootstrap);
    gateway = await start('gateway', 'gateway,scheduler');
    await Promise.all([startWorker(0), startWorker(1)]);
    shop = await makeWorkspace(() => gateway, OPERATOR, 'Shop');
    // Without a model every answer is "ask a person": made, recorded and published like any other.
    await shop.makeTask('inquiries', topicLabels, trainedByHand);
  },
  { timeout: PATIENCE_MS },
);
after(async () => {
  await application?.stop();
  await Promise.all([gateway, ...workers].map((server) => server?.stop()));
  await cluster?.stopImmediately();
  await kafka?.close();
  proxy?.close();
});

/** A source of its own for a test; resolves when both workers run it. */
async function makeSource(name: string): Promise<{ topic: string; answers: string; group: string }> {
  const topic = `chaos.${name}.comments`;
  const answers = `chaos.${name}.decided`;
  const group = `chaos-${name}`;
  await application.makeTopics(topic, answers);
  const made = await shop.put(`/v1/sources/${name}`, {
    bus: 'main',
    topic,
    group,
    task: 'inquiries',
    mapping: { input: { text: '$.comment.body' }, external_id: '$.comment.id' },
    reply_to: { topic: answers },
  });
  assert.equal(made.status, 201, made.text);
  await eventually(
    'a worker runs the source',
    async () => (await shop.get(`/v1/sources/${name}`)).json.state === 'running',
    PATIENCE_MS,
  );
  return { topic, answers, group };
}

function itemsOf(name: string, from: number, count: number): Map<string, string> {
  const texts = itemTexts(count, 7 + from);
  return new Map(texts.map((text, index) => [`${name}-${from + index}`, text]));
}

/** Publishes a piece every {@link EVERY_MS}, as far as `until` lets it. */
async function publishPaced(
  name: string,
  topic: string,
  count: number,
  oracle: MessageOracle,
  random: () => number,
  until: () => number = () => count,
): Promise<void> {
  for (let from = 0; from < count; from += PIECE) {
    await eventually(`${from} items may be published`, () => until() > from, PATIENCE_MS);
    await Promise.all([
      application.publish(topic, itemsOf(name, from, Math.min(PIECE, count - from)), oracle, random),
      pause(EVERY_MS),
    ]);
  }
}

/** Everything of one test is answered, once. */
async function settle(oracle: MessageOracle, name: string, count: number): Promise<void> {
  await eventually('every item is answered', () => oracle.answered === count, PATIENCE_MS);
  await oracle.settle(shop, `${name}-`);
  const { json } = await shop.get('/v1/dead-letters?limit=200');
  assert.deepEqual(json.data, []);
}

test(
  `${ITEMS} items over Kafka, workers killed ${KILLS} times, every 2 to 5 s: each decided and answered once`,
  limit,
  async (t) => {
    t.diagnostic(`seed ${SEED}; UNDERSTUDY_TEST_SEED=${SEED} repeats it`);
    const random = seeded(SEED);
    const { topic, answers, group } = await makeSource('killed');
    const oracle = new MessageOracle(join(scratch, 'killed.log'));
    application.takeAnswers(answers, oracle);
    application.observe(topic);
    let kills = 0;
    const allowed = () => ((kills + 1) / KILLS) * ITEMS;
    const publishing = publishPaced('killed', topic, ITEMS, oracle, random, allowed);
    while (kills < KILLS) {
      await pause(2000 + random() * 3000);
      // Now and then both: then nobody is there to take over.
      const victims = random() < 0.2 ? [0, 1] : [random() < 0.5 ? 0 : 1];
      await Promise.all(victims.map((index) => workers[index]!.kill()));
      kills++;
      // What the dead have committed in Kafka they had committed in the database before.
      const committed = await application.committedItems(group, topic);
      const decided = new Set((await shop.decisions()).map(({ external_id }) => external_id));
      assert.deepEqual(
        committed.filter((item) => !decided.has(item)),
        [],
        'committed in Kafka, and not in the database',
      );
      await pause(random() * 1000);
      await Promise.all(victims.map(startWorker));
    }
    await publishing;
    await settle(oracle, 'killed', ITEMS);
    t.diagnostic(`${kills} kills; ${oracle.deliveries} deliveries of ${oracle.answers.size} answers`);
    await eventually(
      'everything is committed',
      async () => (await shop.get('/v1/sources/killed')).json.lag === 0,
      PATIENCE_MS,
    );
    const { counts } = (await shop.get('/v1/sources/killed')).json;
    assert.equal(counts.decided, ITEMS);
    assert.equal(counts.unprocessable, 0);
  },
);

test(
  'row 4: the broker is down for seconds; what events over HTTP ask meanwhile is answered when it is back',
  limit,
  async () => {
    const random = seeded(SEED + 4);
    const count = ITEMS / 5;
    const { topic, answers } = await makeSource('outage');
    // Events of the application over HTTP, answered over Kafka: they come in while Kafka is away.
    const events = await shop.put('/v1/sources/outage-http', {
      bus: 'http',
      topic: 'comment.written',
      task: 'inquiries',
      format: 'cloudevents',
      mapping: { input: { text: '$.data.body' }, external_id: '$.data.id' },
      reply_to: { bus: 'main', topic: answers },
    });
    assert.equal(events.status, 201, events.text);
    const oracle = new MessageOracle(join(scratch, 'outage.log'));
    application.takeAnswers(answers, oracle);
    await application.publish(topic, itemsOf('outage', 0, count / 2), oracle, random);
    await eventually('the first answers', () => oracle.answers.size > 10, PATIENCE_MS);
    await kafka.kill();
    for (const [name, body] of itemsOf('outage', count / 2, count / 2)) {
      oracle.attempt([name]);
      const event = {
        specversion: '1.0',
        id: name,
        source: '/shop',
        type: 'comment.written',
        data: { id: name, body },
      };
      const reply = await shop.post('/v1/events', event, {
        headers: { 'Content-Type': 'application/cloudevents+json' },
      });
      assert.ok([200, 202].includes(reply.status), reply.text);
      assert.equal(reply.json.data[0].status, 'accepted');
      oracle.confirm([name]);
    }
    await eventually(
      'the source is shown as failing',
      async () => {
        const { json } = await shop.get('/v1/sources/outage');
        return json.state === 'failing' && json.problem !== null;
      },
      PATIENCE_MS,
    );
    await kafka.restart();
    await settle(oracle, 'outage', count);
    await eventually(
      'the source runs again',
      async () => (await shop.get('/v1/sources/outage')).json.state === 'running',
      PATIENCE_MS,
    );
  },
);

test(
  'row 6: 30 % of the connections to the broker are reset again and again: each decided and answered once',
  limit,
  async () => {
    const random = seeded(SEED + 6);
    const count = ITEMS / 2;
    const { topic, answers } = await makeSource('reset');
    const oracle = new MessageOracle(join(scratch, 'reset.log'));
    application.takeAnswers(answers, oracle);
    let resets = 0;
    const timer = setInterval(() => {
      resets++;
      proxy.resetSome(0.3, random);
    }, 400);
    try {
      await publishPaced('reset', topic, count, oracle, random);
      await eventually('half of it is answered under resets', () => oracle.answered >= count / 2, PATIENCE_MS);
    } finally {
      clearInterval(timer);
    }
    assert.ok(resets > 10, `${resets} rounds of resets`);
    await settle(oracle, 'reset', count);
  },
);
