import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  eventually,
  makeWorkspace,
  ServerProcess,
  scratchFolder,
  send,
  topicLabels,
  topicRows,
  trainedByHand,
  type Workspace,
} from '@understudy/e2e';
import { Oracle } from './oracle.ts';
import { seeded } from './random.ts';

/** Kills in the middle of files being made. CI does a part of RELIABILITY.md row 12. */
const KILLS = Number(process.env.UNDERSTUDY_TEST_KILLS ?? 6);

/** Starts of a server on a machine that is busy with other tests take what they take. */
const PATIENCE_MS = 900_000;

const scratch = scratchFolder();
const dataDir = join(scratch, 'data');
let server: ServerProcess;
let shop: Workspace;

const start = async () => {
  server = await ServerProcess.start({ dataDir });
};
const restart = async () => {
  await server.kill();
  await start();
};

before(async () => {
  await start();
  shop = await makeWorkspace(() => server, server.operatorKey!, 'Shop');
  await shop.makeTask('inquiries', topicLabels, trainedByHand);
});
after(() => server?.stop());

test('kill -9 at any moment of keyed predictions, five times: lost 0, twice 0, the ledger verifies', {
  timeout: PATIENCE_MS,
}, async () => {
  const oracle = new Oracle(shop, join(scratch, 'acknowledged.log'), 'kill');
  const running = oracle.predict('inquiries', 900, { patienceMs: PATIENCE_MS });
  const random = seeded(12);
  for (let kill = 1; kill <= 5; kill++) {
    const at = kill * 140 + Math.floor(random() * 30);
    await Promise.race([running, eventually('progress', () => oracle.acknowledged >= at, PATIENCE_MS, 1)]);
    await restart();
  }
  await running;
  assert.ok((oracle.statuses.get('cut') ?? 0) > 0, 'the kills were felt');
  await oracle.settle();
});

/** Digests of all objects in the store. */
function objectDigests(): Set<string> {
  const files = readdirSync(join(dataDir, 'objects'), { recursive: true, withFileTypes: true });
  return new Set(
    files
      .filter((file) => file.isFile())
      .map((file) =>
        createHash('sha256')
          .update(readFileSync(join(file.parentPath, file.name)))
          .digest('hex'),
      ),
  );
}

async function examplesStored(): Promise<number> {
  return (await shop.get('/v1/tasks/inquiries/examples/stats')).json.examples;
}

test(`row 12: kill -9 in the middle of an import, a snapshot or a training run, ${KILLS} times: what is listed is whole`, {
  timeout: PATIENCE_MS,
}, async () => {
  const random = seeded(21);
  await shop.import('inquiries', topicRows(300));
  let expected = 300;
  for (let round = 0; round < KILLS; round++) {
    const pause = new Promise((done) => setTimeout(done, Math.floor(random() * (round % 3 === 2 ? 2500 : 250))));
    let work: Promise<unknown>;
    if (round % 3 === 0) {
      const rows = topicRows(3000, 100 + round).map((row) => JSON.stringify(row));
      work = shop.post('/v1/tasks/inquiries/examples', rows.join('\n'), {
        headers: { 'Content-Type': 'application/x-ndjson' },
      });
    } else if (round % 3 === 1) work = shop.post('/v1/tasks/inquiries/datasets');
    else work = shop.post('/v1/tasks/inquiries/training-runs', { trainer: 'linear', seed: round });
    const settled = work.catch(() => null);
    await pause;
    await restart();
    const answered = (await settled) as { status: number } | null;
    const stored = await examplesStored();
    if (round % 3 === 0) {
      const whole = answered?.status === 200 ? [expected + 3000] : [expected, expected + 3000];
      assert.ok(whole.includes(stored), `${stored} rows: a part of an import`);
      expected = stored;
    } else assert.equal(stored, expected);
  }

  // Runs that a kill left behind are taken up again, and end; one that was killed with its server three times is given up.
  const runs = (await shop.get('/v1/tasks/inquiries/training-runs?limit=200')).json.data as { id: string }[];
  let succeeded = 0;
  for (const { id } of runs) {
    const { status, error, attempts } = await shop.runEnd(id, 300_000);
    if (status === 'succeeded') succeeded++;
    else
      assert.ok(status === 'failed' && attempts >= 3, `${id}: ${status} after ${attempts}: ${JSON.stringify(error)}`);
  }
  const digests = objectDigests();
  const { data: datasets } = (await shop.get('/v1/tasks/inquiries/datasets?limit=200')).json;
  assert.ok(datasets.length >= 1);
  for (const { id, rows } of datasets) {
    const parquet = await shop.get(`/v1/tasks/inquiries/datasets/${id}/data?format=parquet`);
    assert.equal(parquet.status, 200, parquet.text.slice(0, 300));
    assert.ok(digests.has(createHash('sha256').update(parquet.bytes).digest('hex')));
    const lines = await shop.get(`/v1/tasks/inquiries/datasets/${id}/data?format=ndjson`);
    assert.equal(lines.text.trim().split('\n').length, rows);
  }
  const versions = (await shop.get('/v1/models/inquiries/versions?limit=200')).json?.data ?? [];
  assert.equal(versions.length, succeeded);
  for (const { version, artifact } of versions) {
    assert.ok(digests.has(artifact.sha256), `version ${version}`);
    await shop.put('/v1/models/inquiries/aliases/champion', { version });
    await eventually(`version ${version} serves`, async () => {
      const { json } = await shop.post('/v1/predict/inquiries', { input: { text: 'parcel' } });
      return json.decided_by?.version === version;
    });
  }
  assert.deepEqual(readdirSync(join(dataDir, 'objects', '.incoming')), [], 'unfinished files are swept');
  assert.equal((await shop.verifyLedger()).ok, true);
});

test('after all of it: an orderly stop, one PostgreSQL, a quick start', async () => {
  assert.deepEqual(await server.stop(), { code: 0, signal: null });
  await start();
  assert.equal((await send(server.url, { path: '/healthz/ready' })).status, 200);
});
