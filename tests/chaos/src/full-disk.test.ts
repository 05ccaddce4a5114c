import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
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

const scratch = scratchFolder();
const dataDir = join(scratch, 'small');
const filler = join(dataDir, 'filler');
let mounted = false;
let why = '';
let cluster: PostgresCluster;
let server: ServerProcess;
let shop: Workspace;

before(async () => {
  mkdirSync(dataDir);
  const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', dataDir], { encoding: 'utf8' });
  mounted = mount.status === 0;
  if (!mounted) {
    why = `this test needs the right to mount a tmpfs: ${mount.stderr?.trim() || mount.error?.message}`;
    console.error(`SKIPPED full-disk.test.ts: ${why}`);
    return;
  }
  cluster = await PostgresCluster.create(scratch);
  server = await ServerProcess.start({ dataDir, databaseUrl: cluster.url(), logFile: join(scratch, 'server.log') });
  shop = await makeWorkspace(server, server.operatorKey!, 'Shop');
  await shop.makeTask('inquiries', topicLabels, trainedByHand);
  await shop.import('inquiries', topicRows(3000));
});
after(async () => {
  await server?.stop();
  await cluster?.stopImmediately();
  if (mounted) spawnSync('umount', ['-l', dataDir]);
});

/** Leaves this many bytes. */
function fill(free: number): void {
  const { bavail, bsize } = statfsSync(dataDir);
  writeFileSync(filler, Buffer.alloc(bavail * bsize - free));
}
const objects = () =>
  existsSync(join(dataDir, 'objects'))
    ? readdirSync(join(dataDir, 'objects'), { recursive: true, withFileTypes: true }).filter((file) => file.isFile())
    : [];
const examples = async () => (await shop.get('/v1/tasks/inquiries/examples/stats')).json.examples as number;
/** About 12 MB: more than an import keeps in memory. */
const bigImport = () => {
  const padding = 'x'.repeat(4000);
  const lines = topicRows(3000, 7).map(({ input, label }) =>
    JSON.stringify({ input: { text: `${input.text} ${padding}` }, label }),
  );
  return shop.post('/v1/tasks/inquiries/examples', lines.join('\n'), {
    headers: { 'Content-Type': 'application/x-ndjson' },
  });
};

test('row 11: a full disk: imports, snapshots and training say so, leave nothing partial, and work once there is room', async (t) => {
  if (!mounted) return t.skip(why);
  fill(16 << 10);
  const refused = await bigImport();
  assert.deepEqual([refused.status, refused.json?.code], [507, 'storage_full'], refused.text);
  assert.equal(await examples(), 3000);

  const before = objects().length;
  const snapshot = await shop.post('/v1/tasks/inquiries/datasets');
  assert.deepEqual([snapshot.status, snapshot.json?.code], [507, 'storage_full'], snapshot.text);
  assert.deepEqual((await shop.get('/v1/tasks/inquiries/datasets')).json.data, []);
  assert.equal(objects().length, before);

  const run = await shop.train('inquiries', { trainer: 'linear' });
  assert.equal(run.status, 'failed');
  assert.equal(run.error.code, 'storage_full', JSON.stringify(run.error));
  assert.equal(run.model_version, null);

  // What needs no room on that disk goes on.
  const prediction = await shop.post('/v1/predict/inquiries', { input: { text: 'still here' } });
  assert.equal(prediction.status, 200, prediction.text);

  rmSync(filler);
  const taken = await bigImport();
  assert.deepEqual([taken.status, taken.json?.accepted], [200, 3000], taken.text);
  const made = await shop.post('/v1/tasks/inquiries/datasets');
  assert.equal(made.status, 201, made.text);
  assert.equal(made.json.rows, 6000);
  const trained = await shop.train('inquiries', { trainer: 'linear' }, 120_000);
  assert.equal(trained.status, 'succeeded', JSON.stringify(trained.error));
  await eventually(
    'it serves',
    async () => (await shop.post('/v1/predict/inquiries', { input: { text: 'parcel' } })).json.decided_by !== null,
  );
});
