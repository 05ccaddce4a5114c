import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { ScriptedServer } from '@understudy/client/testing';
import type { BusSetting } from '@understudy/server';
import { Home } from '../testing/run-cli.ts';
import { busChecks } from './buses.ts';
import { dataDirectoryCheck, lockCheck } from './data-directory.ts';
import { nodeCheck } from './installation.ts';
import { clockCheck, databaseCheck, keyCheck, portCheck, serverCheck } from './network.ts';

const connection = (url: string, key?: string) => ({ url, key, urlFrom: '--url', keyFrom: '--key' });

test('an old Node is found out', async () => {
  assert.equal((await nodeCheck('20.11.0').run()).status, 'fail');
  assert.equal((await nodeCheck('25.1.0').run()).status, 'warn');
  assert.equal((await nodeCheck('24.3.0').run()).status, 'ok');
});

test('a data directory that is a file, or that cannot be written to', async () => {
  using home = new Home();
  assert.equal((await dataDirectoryCheck(home.file('data', '')).run()).status, 'fail');
  assert.equal((await dataDirectoryCheck(join(home.path, 'new/data')).run()).status, 'ok');
  const closed = join(home.path, 'closed');
  mkdirSync(closed);
  chmodSync(closed, 0o500);
  // Root may write everywhere.
  assert.equal((await dataDirectoryCheck(closed).run()).status, process.getuid?.() === 0 ? 'ok' : 'fail');
});

test('the lock of a running server is seen and not disturbed', async () => {
  using home = new Home();
  assert.match((await lockCheck(home.path, true).run()).detail, /free/);
  mkdirSync(join(home.path, 'postgres'));
  writeFileSync(join(home.path, 'postgres/server.pid'), '4711\n');
  const held = new DatabaseSync(join(home.path, 'postgres/server.lock'));
  held.exec('BEGIN EXCLUSIVE');
  const verdict = await lockCheck(home.path, true).run();
  assert.equal(verdict.status, 'ok');
  assert.match(verdict.detail, /4711/);
  held.exec('ROLLBACK');
  held.close();
  assert.match((await lockCheck(home.path, true).run()).detail, /free/);
});

test('a port that another program has', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const taken = await portCheck('127.0.0.1', port).run();
  assert.equal(taken.status, 'fail');
  assert.match(taken.mend ?? '', /UNDERSTUDY_PORT/);
  server.close();
  await once(server, 'close');
  assert.equal((await portCheck('127.0.0.1', port).run()).status, 'ok');
});

test('a database that is not there; its password is not repeated', async () => {
  assert.equal((await databaseCheck(undefined).run()).status, 'skip');
  const verdict = await databaseCheck('postgres://me:s3cret@127.0.0.1:9/db').run();
  assert.equal(verdict.status, 'fail');
  assert.match(verdict.mend ?? '', /running/);
  assert.ok(!JSON.stringify(verdict).includes('s3cret'));
});

test('server, key and clock', async () => {
  await using server = await new ScriptedServer({
    'GET /healthz/ready': { status: 503, body: { status: 'not_ready', not_ready: ['database'] } },
    'GET /healthz/live': { headers: { date: 'Thu, 01 Jan 2015 00:00:00 GMT' }, body: { status: 'live' } },
    'GET /v1/me': { status: 401, body: { code: 'unauthenticated', detail: 'no' } },
  }).start();
  const options = { connection: connection(server.url, 'us_bad'), expected: true };
  assert.match((await serverCheck(options).run()).detail, /not ready: database/);
  assert.equal((await keyCheck(options).run()).status, 'fail');
  assert.equal((await clockCheck(options).run()).status, 'warn');
  const away = { connection: connection('http://127.0.0.1:9', 'us_x'), expected: true };
  assert.equal((await serverCheck(away).run()).status, 'fail');
  assert.equal((await serverCheck({ ...away, expected: false }).run()).status, 'skip');
  assert.equal((await keyCheck(away).run()).status, 'skip');
});

test('the whole of it as a process: settings that are wrong fail, and --json says which', async () => {
  using home = new Home();
  const done = await home.run(['doctor', '--json'], {
    env: { UNDERSTUDY_PORT: 'eighty', UNDERSTUDY_DATA_DIR: home.path },
  });
  assert.equal(done.code, 1);
  const { ok, checks } = JSON.parse(done.stdout) as {
    ok: boolean;
    checks: { name: string; status: string; detail: string }[];
  };
  assert.equal(ok, false);
  const configuration = checks.find(({ name }) => name === 'configuration');
  assert.equal(configuration?.status, 'fail');
  assert.match(configuration?.detail ?? '', /UNDERSTUDY_PORT/);
  assert.equal(checks.find(({ name }) => name === 'DuckDB library')?.status, 'ok');
});

test('message systems that are not there are named, without their passwords', async () => {
  const unreachable: BusSetting[] = [
    { name: 'rabbit', system: 'amqp', url: 'amqp://me:s3cret@127.0.0.1:9/', address: 'amqp://127.0.0.1:9/' },
    { name: 'log', system: 'kafka', url: 'kafka://me:s3cret@127.0.0.1:9?sasl=plain', address: 'kafka://127.0.0.1:9' },
    { name: 'odd', system: 'kafka', url: 'kafka://me:s3cret@127.0.0.1:9?what=1', address: 'kafka://127.0.0.1:9' },
  ];
  for (const check of busChecks(unreachable)) {
    const verdict = await check.run();
    assert.equal(verdict.status, 'fail', check.name);
    assert.match(verdict.detail, /127\.0\.0\.1:9/);
    assert.ok(!JSON.stringify(verdict).includes('s3cret'), verdict.detail);
  }
});
