import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { verifyWebhook } from '@understudy/client';
import {
  eventually,
  makeWorkspace,
  PostgresCluster,
  ServerProcess,
  scratchFolder,
  WebhookReceiver,
  type Workspace,
} from '@understudy/e2e';
import { seeded } from './random.ts';

/** Decisions that are told of while workers die and the receiver is ill. */
const DECISIONS = Number(process.env.UNDERSTUDY_TEST_WEBHOOKS ?? 100);
const KILLS = Number(process.env.UNDERSTUDY_TEST_KILLS ?? 2);
const SEED = Number(process.env.UNDERSTUDY_TEST_SEED ?? 1);
const PATIENCE_MS = 600_000;
const KEY = 'us_op_4fYp0Zr9QvXk2LmN8sTbWc6DhJ1eGa7u';

const scratch = scratchFolder();
let cluster: PostgresCluster;
let receiver: WebhookReceiver;
let gateway: ServerProcess;
let shop: Workspace;
const started: ServerProcess[] = [];

async function start(roles: string): Promise<ServerProcess> {
  const server = await ServerProcess.start({
    dataDir: join(scratch, 'data'),
    databaseUrl: cluster.url(),
    logFile: join(scratch, `server-${started.length}.log`),
    settings: {
      UNDERSTUDY_OPERATOR_KEY: KEY,
      UNDERSTUDY_ROLES: roles,
      UNDERSTUDY_WORKER_PROCESS: 'off',
      UNDERSTUDY_EGRESS_ALLOW: new URL(receiver.url).host,
      UNDERSTUDY_SECRETS_KEY: Buffer.alloc(32, 9).toString('base64'),
    },
  });
  started.push(server);
  return server;
}

before(async () => {
  receiver = await WebhookReceiver.start();
  cluster = await PostgresCluster.create(scratch);
  gateway = await start('gateway');
  shop = await makeWorkspace(() => gateway, KEY, 'Shop');
  await shop.makeTask('inquiries', ['a', 'b']);
});
after(async () => {
  await Promise.all(started.map((server) => server.stop()));
  await cluster?.stopImmediately();
  await receiver?.stop();
});

test(`row 40: ${DECISIONS} decisions, ${KILLS} kills, a receiver that fails at random (seed ${SEED}): lost 0, phantom 0`, {
  timeout: PATIENCE_MS,
}, async (t) => {
  const random = seeded(SEED);
  /** Events whose delivery the receiver acknowledged, as an application would keep them. */
  const kept = new Map<string, string>();
  let twice = 0;
  receiver.decide = ({ headers, body }) => {
    const dice = random();
    if (dice < 0.1) return 500;
    if (dice < 0.15) return 'cut';
    const id = String(headers['webhook-id']);
    if (kept.has(id)) twice++;
    kept.set(id, JSON.parse(body).subject);
    // It kept it, and its answer is lost.
    return dice < 0.2 ? 'cut' : 204;
  };
  const asked = { url: `${receiver.url}/hook`, events: ['decision.made'] };
  const { secret } = (await shop.post('/v1/webhooks', asked)).json;
  const workers = [await start('worker'), await start('worker')];
  const decisions: string[] = [];
  for (let kill = 0; kill <= KILLS; kill++) {
    const share = Math.ceil(DECISIONS / (KILLS + 1));
    const items = Array.from({ length: share }, (_, index) => ({ input: { text: `text ${kill} ${index}` } }));
    const { json } = await shop.post('/v1/predict/inquiries/batch', { items });
    decisions.push(...json.decisions.map(({ id }: any) => id));
    if (kill === KILLS) break;
    const victim = Math.floor(random() * workers.length);
    const before = receiver.received.length;
    await eventually('deliveries are under way', () => receiver.received.length > before, PATIENCE_MS, 5);
    await workers[victim]!.kill();
    workers[victim] = await start('worker');
  }
  const told = () => new Set(kept.values());
  await eventually('all are told', () => told().size === decisions.length, PATIENCE_MS, 200);
  assert.deepEqual([...told()].sort(), [...decisions].sort(), 'no phantom');
  assert.equal(kept.size, decisions.length, 'one event a decision, however often it came');
  for (const { body, headers } of receiver.received) {
    const now = Number(headers['webhook-timestamp']) * 1000;
    await verifyWebhook(secret, { body, headers: headers as Record<string, string> }, { now });
  }
  t.diagnostic(`${receiver.received.length} requests, ${twice} of them of events that were kept already`);
});
