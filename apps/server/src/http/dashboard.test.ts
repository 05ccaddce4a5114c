import assert from 'node:assert/strict';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { systemClock } from '@understudy/kernel';
import type { BuiltFile } from '../dashboard/built-files.ts';
import { createLogger } from '../observability/logging.ts';
import { createApp } from './app.ts';
import { type DashboardFiles, serveDashboard } from './dashboard.ts';
import { routeFacts } from './policies.ts';

const file = (type: string, text: string, immutable = false): BuiltFile => ({
  type,
  immutable,
  etag: `"${text}"`,
  plain: Buffer.from(text),
  gz: Buffer.from(`gz ${text}`),
  br: Buffer.from(`br ${text}`),
});

const built: DashboardFiles = {
  files: new Map([
    ['/index.html', file('text/html', 'page')],
    ['/assets/a-1.js', file('text/javascript', 'code', true)],
  ]),
  state: { done: 1, phase: 'ready', failure: null },
};

function appWith(dashboard: DashboardFiles) {
  const app = createApp({ logger: createLogger('silent', 'json'), clock: systemClock, maxBodyBytes: 1000 });
  app.get('/v1/known', { config: { policy: { kind: 'public' } } }, async () => ({ known: true }));
  serveDashboard(app, dashboard);
  return (url: string, headers: Record<string, string> = { accept: 'text/html' }) =>
    app.inject({ method: 'GET', url, headers });
}

/** The status of a path that is sent exactly as it is written. */
function statusOf(port: number, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, agent: false }, (reply) => {
      reply.resume().on('end', () => resolve(reply.statusCode));
    })
      .on('error', reject)
      .end();
  });
}

describe('the dashboard over HTTP', () => {
  const get = appWith(built);

  test('every address that a browser asks for as a page is the page, with its policy', async () => {
    for (const path of ['/', '/decisions/dec_1', '/tasks/a?x=1', '/index.html']) {
      const { statusCode, body, headers } = await get(path);
      assert.equal(statusCode, 200, path);
      assert.equal(body, 'page');
      assert.equal(headers['cache-control'], 'no-cache');
      assert.match(String(headers['content-security-policy']), /^default-src 'none'; script-src 'self';/);
      assert.doesNotMatch(String(headers['content-security-policy']), /script-src[^;]*unsafe/);
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.equal(headers['referrer-policy'], 'no-referrer');
    }
  });

  test('the API keeps its own answers', async () => {
    assert.deepEqual((await get('/v1/known')).json(), { known: true });
    for (const path of [
      '/v1',
      '/v1/nothing',
      '/v2/health',
      '/healthz/what',
      '/metrics/x',
      '/assets/gone.js',
      '/favicon.ico',
    ]) {
      const reply = await get(path);
      assert.equal(reply.statusCode, 404, path);
      assert.equal(reply.json().code, 'not_found', path);
    }
    assert.equal((await get('/decisions', { accept: 'application/json' })).statusCode, 404);
    assert.equal((await get('/v1abc')).statusCode, 200, 'a page of that name is a page');
  });

  test('assets may be kept for ever, and go as small as the browser takes them', async () => {
    const asset = (headers: Record<string, string>) => get('/assets/a-1.js', headers);
    const plain = await asset({});
    assert.equal(plain.body, 'code');
    assert.equal(plain.headers['cache-control'], 'public, max-age=31536000, immutable');
    assert.equal((await asset({ 'accept-encoding': 'gzip, br' })).body, 'br code');
    assert.equal((await asset({ 'accept-encoding': 'br;q=0, gzip' })).body, 'gz code');
    assert.equal((await asset({ 'accept-encoding': 'gzip' })).headers['content-encoding'], 'gzip');
    assert.equal((await asset({ 'if-none-match': '"code"' })).statusCode, 304);
  });

  test('no path leads out of the files', async (t) => {
    // Over a socket: `inject` resolves dots before it sends, so that no such path would arrive.
    const app = createApp({ logger: createLogger('silent', 'json'), clock: systemClock, maxBodyBytes: 1000 });
    serveDashboard(app, built);
    await app.listen({ host: '127.0.0.1', port: 0 });
    t.after(() => app.close());
    for (const path of [
      '/assets/../../package.json',
      '/..%2f..%2fpackage.json',
      '/assets/%2e%2e/index.html',
      '/assets/../index.html',
      '//etc/passwd',
    ]) {
      assert.equal(await statusOf((app.server.address() as AddressInfo).port, path), 404, path);
    }
  });

  test('it is not a part of the API’s description', () => {
    const app = createApp({ logger: createLogger('silent', 'json'), clock: systemClock, maxBodyBytes: 1000 });
    serveDashboard(app, built);
    assert.deepEqual(routeFacts(app), []);
  });

  test('while it is built there is a page that says how far it is, and when it failed that it did', async () => {
    const waiting = appWith({ files: null, state: { done: 0.4, phase: '<reading>', failure: null } });
    const page = await waiting('/decisions');
    assert.equal(page.statusCode, 503);
    assert.match(page.body, /value="0\.40"/);
    assert.match(page.body, /&lt;reading&gt;/);
    assert.deepEqual((await waiting('/waiting.json')).json(), {
      ready: false,
      done: 0.4,
      phase: '<reading>',
      failure: false,
    });
    assert.match(String((await waiting('/waiting.js')).headers['content-type']), /javascript/);
    assert.equal((await waiting('/v1/nothing')).json().code, 'not_found');
    const failed = await appWith({ files: null, state: { done: 0.4, phase: 'x', failure: 'secret <path>' } })('/');
    assert.match(failed.body, /could not be built/);
    assert.doesNotMatch(failed.body, /secret/);
  });
});
