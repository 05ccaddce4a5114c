import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import {
  makeWorkspace,
  removeScratch,
  ServerProcess,
  scratchFolder,
  topicLabels,
  topicRows,
  trainedByHand,
  type Workspace,
} from './index.ts';

const command = resolve(import.meta.dirname, '../../../apps/cli/bin/understudy.js');
const scratch = scratchFolder();
const file = join(scratch, 'understudy.backup');
let server: ServerProcess;
let shop: Workspace;

before(async () => {
  server = await ServerProcess.start({ dataDir: join(scratch, 'data') });
  shop = await makeWorkspace(() => server, server.operatorKey!, 'Shop');
  await shop.makeTask('inquiries', topicLabels, trainedByHand);
  await shop.import('inquiries', topicRows(60));
  await shop.train('inquiries', { trainer: 'linear' });
});
after(async () => {
  await server?.stop();
  removeScratch(scratch);
});

async function understudy(words: string[], settings: Record<string, string>) {
  const child = spawn(process.execPath, [command, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: scratch, ...settings },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = await once(child, 'exit');
  return { code: code as number | null, said };
}

const predict = (of: Workspace, text: string) =>
  of.post('/v1/predict/inquiries', { input: { text }, subject: 'Jörg \\ "x"' });

test('a backup of a running server, restored on an empty one, is that server', async () => {
  const decided = (await predict(shop, 'where is my parcel?')).json;
  await shop.post(`/v1/decisions/${decided.id}/labels`, {
    label: topicLabels[0],
    source: 'application',
    person: 'ann',
  });
  const made = await understudy(['backup', file], {
    UNDERSTUDY_URL: server.url,
    UNDERSTUDY_API_KEY: server.operatorKey!,
  });
  assert.equal(made.code, 0, made.said);
  const later = (await predict(shop, 'this one comes after the backup')).json;
  const before = (await shop.get(`/v1/decisions/${decided.id}`)).json;
  const head = (await shop.verifyLedger()).head;
  await server.stop();

  const into = { UNDERSTUDY_DATA_DIR: join(scratch, 'restored') };
  const restored = await understudy(['restore', file, '--json'], into);
  assert.equal(restored.code, 0, restored.said);
  server = await ServerProcess.start({ dataDir: into.UNDERSTUDY_DATA_DIR });
  assert.equal(server.operatorKey, null, 'the operator key is the one of the backup');
  assert.deepEqual((await shop.get(`/v1/decisions/${decided.id}`)).json, before);
  assert.equal((await shop.get(`/v1/decisions/${later.id}`)).status, 404);
  const verified = await shop.verifyLedger();
  assert.equal(verified.ok, true);
  assert.notDeepEqual(verified.head, head, 'what came later is not in it');
  const again = (await predict(shop, 'where is my parcel?')).json;
  assert.deepEqual(again.decided_by, decided.decided_by, 'the model came with it');
  assert.deepEqual(again.candidates, decided.candidates);

  await server.stop();
  const twice = await understudy(['restore', file], into);
  assert.notEqual(twice.code, 0);
  assert.match(twice.said, /holds data already/);
});

test('a backup that was cut off or changed restores nothing', async () => {
  const whole = readFileSync(file);
  const bad = join(scratch, 'bad.backup');
  const changed = Buffer.from(whole);
  changed[Math.floor(changed.length / 2)]! ^= 1;
  for (const bytes of [whole.subarray(0, whole.length - 2000), changed, Buffer.from('no backup')]) {
    writeFileSync(bad, bytes);
    const refused = await understudy(['restore', bad], { UNDERSTUDY_DATA_DIR: join(scratch, 'empty') });
    assert.notEqual(refused.code, 0);
    assert.match(refused.said, /not a backup|cut off|damaged/);
  }
});

test('only the operator gets one', async () => {
  server = await ServerProcess.start({ dataDir: join(scratch, 'data') });
  assert.equal((await shop.get('/v1/backup')).status, 403);
});
