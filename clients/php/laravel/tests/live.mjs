// Starts a real Understudy and runs LiveTest.php against it with the given trees of Laravel.
//   node clients/php/laravel/tests/live.mjs [8 10 13]
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { env } from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const cli = join(here, '../../../../apps/cli/bin/understudy.js');
const versions = process.argv.slice(2);

const folder = mkdtempSync(join(tmpdir(), 'understudy-laravel-live-'));
chmodSync(folder, 0o755); // as root, the embedded PostgreSQL runs as another user
const log = join(folder, 'server.log');
const operatorKey = `us_op_${randomBytes(32).toString('base64url')}`;
const server = spawn(process.execPath, [cli, 'start'], {
  stdio: ['ignore', 'pipe', openSync(log, 'a')],
  env: {
    // biome-ignore lint/style/noProcessEnv: passed on as it is
    PATH: env.PATH,
    UNDERSTUDY_PORT: '0',
    UNDERSTUDY_DATA_DIR: join(folder, 'data'),
    UNDERSTUDY_DEMO: 'off',
    UNDERSTUDY_DASHBOARD: 'off',
    UNDERSTUDY_OPERATOR_KEY: operatorKey,
    // The test's own listener is on this host.
    UNDERSTUDY_EGRESS_ALLOW: '127.0.0.0/8',
  },
});
const ended = new Promise((resolve) => server.once('exit', resolve));
let status = 1;
try {
  const url = await listening();
  for (const version of versions.length > 0 ? versions : ['8', '10', '13']) {
    const workspace = await call(url, operatorKey, 'POST', '/v1/workspaces', { name: `Laravel ${version}` });
    status = await run(version, { UNDERSTUDY_LIVE_URL: url, UNDERSTUDY_LIVE_KEY: workspace.key.secret });
    if (status !== 0) break;
  }
} finally {
  if (status !== 0) process.stderr.write(readFileSync(log, 'utf8').slice(-3000));
  server.kill('SIGINT');
  await ended;
  rmSync(folder, { recursive: true, force: true });
}
process.exit(status);

async function listening() {
  for await (const line of createInterface({ input: server.stdout })) {
    const url = /listening on (http:\S+)/.exec(line)?.[1];
    if (url !== undefined) {
      server.stdout.resume();
      return url;
    }
  }
  throw new Error('Understudy did not start');
}

async function call(url, key, method, path, body) {
  const response = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return JSON.parse(text);
}

function run(version, settings) {
  const child = spawn(join(here, 'run.sh'), [version, '--filter', 'LiveTest'], {
    stdio: 'inherit',
    env: { ...env, ...settings },
  });
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
}
