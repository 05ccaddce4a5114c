import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { eventually, processesOn, removeScratch, scratchFolder, send } from './index.ts';

const command = resolve(import.meta.dirname, '../../../apps/cli/bin/understudy.js');
const scratch = scratchFolder();
const dataDir = join(scratch, 'data');
after(() => removeScratch(scratch));

interface Started {
  child: ChildProcess;
  /** Everything that was printed so far. */
  said(): string;
}

function run(parameters: string[], settings: Record<string, string> = {}): Started {
  const child = spawn(process.execPath, [command, ...parameters], {
    cwd: scratch,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: scratch, UNDERSTUDY_DATA_DIR: dataDir, UNDERSTUDY_PORT: '0', ...settings },
  });
  let text = '';
  for (const stream of [child.stdout!, child.stderr!]) {
    createInterface({ input: stream }).on('line', (line) => {
      text += `${line}\n`;
    });
  }
  return { child, said: () => text };
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}

test('`understudy start` serves, keeps others off its data, stops cleanly, and starts again without a new key', async () => {
  const first = run(['start']);
  const url = await eventually(
    'it listens',
    () => /listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(first.said())?.[1],
    60_000,
  );
  const key = /us_op_[\w-]{32,}/.exec(first.said())?.[0];
  assert.ok(key, first.said());
  const made = await eventually('it answers', async () => {
    const reply = await send(url, { method: 'POST', path: '/v1/workspaces', key, body: { name: 'Shop' } });
    return reply.status === 503 ? null : reply;
  });
  assert.equal(made.status, 201);

  const second = run(['start']);
  assert.notEqual(await ended(second.child), 0);
  assert.match(second.said(), /another understudy server/i);
  assert.doesNotMatch(second.said(), /\n\s+at .*:\d+/, 'no stack for people');
  assert.equal((await send(url, { path: '/v1/me', key: made.json.key.secret })).status, 200);

  first.child.kill('SIGTERM');
  assert.equal(await ended(first.child), 0, first.said());
  await eventually('every process of it is gone', () => processesOn(dataDir).length === 0);

  const again = run(['start']);
  const secondUrl = await eventually(
    'it listens again',
    () => /listening on (http:\S+)/.exec(again.said())?.[1],
    60_000,
  );
  assert.doesNotMatch(again.said(), /us_op_/);
  assert.equal((await send(secondUrl, { path: '/v1/me', key: made.json.key.secret })).status, 200);
  again.child.kill('SIGINT');
  assert.equal(await ended(again.child), 0, again.said());
});

test('a setting that is not valid is named, all at once, without its secret', async () => {
  const wrong = run(['start'], {
    UNDERSTUDY_PORT: 'eighty',
    UNDERSTUDY_OPERATOR_KEY: 'us_op_weak',
    UNDERSTUDY_COLOUR: 'red',
  });
  assert.notEqual(await ended(wrong.child), 0);
  for (const name of ['UNDERSTUDY_PORT', 'UNDERSTUDY_OPERATOR_KEY', 'UNDERSTUDY_COLOUR']) {
    assert.match(wrong.said(), new RegExp(name));
  }
  assert.doesNotMatch(wrong.said(), /us_op_weak|\n\s+at .*:\d+/);
});
