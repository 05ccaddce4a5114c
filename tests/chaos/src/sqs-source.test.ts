import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startElasticMq, unlessAvailable } from '@understudy/components';
import { eventually } from '@understudy/e2e';
import { full, itemsOf, MessageRig, messageSeed, PATIENCE_MS } from './message-rig.ts';
import { seeded } from './random.ts';
import { SqsApplication } from './sqs-application.ts';

const ITEMS = full ? 10_000 : 1_000;
const KILLS = full ? 20 : 3;
const limit = { skip: unlessAvailable('elasticmq'), timeout: PATIENCE_MS };

let rig: MessageRig<SqsApplication>;

before(
  async () => {
    if (limit.skip !== false) return;
    rig = await MessageRig.start(async (proxyPort) => {
      const server = await startElasticMq();
      const endpoint = encodeURIComponent(`http://127.0.0.1:${proxyPort}`);
      return {
        application: new SqsApplication(server.endpoint),
        port: () => Number(new URL(server.endpoint).port),
        // What a dead worker had comes again after the visibility timeout; SQS' 30 s would be waited for at every kill.
        url: `sqs://key:secret@elasticmq?endpoint=${endpoint}&wait=1&visibility=5`,
        stop: () => server.stop(),
      };
    });
  },
  { timeout: PATIENCE_MS },
);
after(() => rig?.stop());

for (const { kind, name, share, suffix } of [
  { kind: 'standard', name: 'killed', share: 1, suffix: '' },
  { kind: 'FIFO', name: 'ordered', share: 0.2, suffix: '.fifo' },
]) {
  const items = ITEMS * share;
  const kills = Math.ceil(KILLS * share);
  test(
    `${items} items over ${kind} queues of SQS, workers killed ${kills} times: each decided and answered once`,
    limit,
    async (t) => {
      t.diagnostic(`seed ${messageSeed}; UNDERSTUDY_TEST_SEED=${messageSeed} repeats it`);
      const source = await rig.makeSource(name, {}, suffix);
      await rig.killWorkers(source, itemsOf(name, items), kills, seeded(messageSeed));
      t.diagnostic(`${source.oracle.deliveries} deliveries of ${source.oracle.answers.size} answers`);
      await rig.settle(source, items);
      assert.equal((await source.shown()).counts.decided, items);
    },
  );
}

test(
  'row 6: 30 % of the connections to SQS are reset again and again: each decided and answered once',
  limit,
  async () => {
    const random = seeded(messageSeed + 6);
    const count = ITEMS / 5;
    const source = await rig.makeSource('reset');
    const rounds = await rig.underResets(0.3, random, async () => {
      await rig.publishPaced(source, itemsOf('reset', count), random, { piece: 20, ahead: 40 });
      await eventually('half of it is answered', () => source.oracle.answered >= count / 2, PATIENCE_MS);
    });
    assert.ok(rounds > 3, `${rounds} rounds of resets`);
    await rig.settle(source, count);
  },
);
