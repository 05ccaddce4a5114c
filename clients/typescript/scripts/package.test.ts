import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';
import { VERSION } from '../src/version.ts';
import { build } from './build.ts';
import { answersOfReadme } from './readme-answers.ts';

const require = createRequire(import.meta.url);
const run = promisify(execFile);
const app = mkdtempSync(join(tmpdir(), 'understudy-client-'));
const installed = join(app, 'node_modules/@understudy/client');
let packed: string[] = [];

/** The package as it is published, packed by npm and unpacked where an application would have it. */
before(() => {
  const dist = join(app, 'dist');
  build(dist);
  const [{ filename, files }] = JSON.parse(
    execFileSync('npm', ['pack', dist, '--json', '--ignore-scripts', '--pack-destination', app], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  ) as [{ filename: string; files: { path: string }[] }];
  packed = files.map(({ path }) => path);
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', join(app, filename), '-C', installed, '--strip-components=1']);
});
after(() => rmSync(app, { recursive: true, force: true }));

const USE = `
const mock = new MockUnderstudy().decide('spam', ({ input }) => (input.text === 'watches' ? 'spam' : 'ok'));
const baseUrl = await mock.listen();
const client = new UnderstudyClient({ baseUrl, apiKey: 'us_test', maxRetries: 0 });
const decided = [];
for await (const { decision } of client.predictAll('spam', [{ input: { text: 'watches' } }, { input: { text: 'a' } }])) {
  decided.push(decision.label);
}
const refused = await client.predict('none', { input: { text: 'a' } }).catch((error) => error);
await mock[Symbol.asyncDispose]();
console.log(JSON.stringify({ decided, refused: refused instanceof NotFound, code: refused.code }));
`;
const USED = { decided: ['spam', 'ok'], refused: true, code: 'task_not_found' };

async function node(file: string, source: string): Promise<string> {
  writeFileSync(join(app, file), source);
  const { stdout } = await run(process.execPath, [file], { cwd: app });
  return stdout;
}

test('nothing but the package is in the package', () => {
  assert.ok(packed.includes('esm/index.js') && packed.includes('cjs/index.js') && packed.includes('LICENSE'));
  assert.deepEqual(
    packed.filter(
      (path) => !/^((esm|cjs)\/.*\.(js|d\.ts)|cjs\/package\.json|package\.json|README\.md|LICENSE)$/.test(path),
    ),
    [],
  );
  assert.deepEqual(
    packed.filter((path) => /test|conformance|scripts/.test(path.replace(/^(esm|cjs)\/testing\//, ''))),
    [],
  );
});

test('it names the version that it sends', () => {
  const { version, private: unpublished } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  assert.equal(version, VERSION);
  assert.equal(unpublished, undefined);
});

test('plain JavaScript imports it', async () => {
  const head = `import { NotFound, UnderstudyClient } from '@understudy/client';
import { MockUnderstudy } from '@understudy/client/testing';`;
  assert.deepEqual(JSON.parse(await node('app.mjs', head + USE)), USED);
});

test('plain JavaScript requires it', async () => {
  const head = `const { NotFound, UnderstudyClient } = require('@understudy/client');
const { MockUnderstudy } = require('@understudy/client/testing');`;
  assert.deepEqual(JSON.parse(await node('app.cjs', `${head}\n(async () => {${USE}})();`)), USED);
  const path = await node('where.cjs', "console.log(require.resolve('@understudy/client'))");
  assert.match(path, /cjs\/index\.js\n$/);
});

const typescript = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');

/** Type-checks files of the application as its own compiler would, the types of the package included. */
async function check(files: string[], types: string[], lib = ['es2023', 'dom', 'dom.iterable']): Promise<void> {
  const compilerOptions = {
    target: 'es2022',
    lib: [...lib, 'esnext.disposable'],
    module: 'nodenext',
    strict: true,
    noEmit: true,
    skipLibCheck: types.length > 0,
    types,
  };
  writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  try {
    await run(process.execPath, [typescript, '-p', app]);
  } catch (error) {
    assert.fail((error as { stdout: string }).stdout);
  }
}

test('its types hold in modules of both kinds, with nothing of Node', async () => {
  const use = `
const client = new UnderstudyClient({ baseUrl: 'http://x', apiKey: 'us_test' });
export const label: Promise<string | null> = client.predict('spam', { input: { text: 'a' } }).then((d: Decision) => d.label);
// @ts-expect-error an outcome that there is not
client.decisions.list({ outcome: 'maybe' });`;
  writeFileSync(join(app, 'a.mts'), `import { type Decision, UnderstudyClient } from '@understudy/client';${use}`);
  writeFileSync(join(app, 'b.cts'), `import { type Decision, UnderstudyClient } from '@understudy/client';${use}`);
  await check(['a.mts', 'b.cts'], []);
});

test('every example of the README compiles and runs as it is pasted', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const blocks = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code!);
  assert.ok(blocks.length >= 9, `${blocks.length} examples`);
  await using mock = answersOfReadme();
  const url = await mock.listen();
  // Each goes on from the first one; the one of the tests goes on from the webhook's too.
  const imports: string[] = [];
  const bodies = blocks.map((block) =>
    block.replaceAll(/^import .*;\n/gm, (line) => {
      if (!imports.includes(line)) imports.push(line);
      return '';
    }),
  );
  const [first, ...rest] = bodies;
  const shared = rest.map((body) => `${body}`).join('\n');
  const whole = `${imports.join('')}\n${first}\n${shared}\nendpoint.close();\n`;
  const nodeTypes = join(app, 'node_modules/@types');
  mkdirSync(nodeTypes, { recursive: true });
  symlinkSync(dirname(require.resolve('@types/node/package.json')), join(nodeTypes, 'node'));
  writeFileSync(join(app, 'comments.csv'), 'text,label\nHello,ok\n');
  const pasted = whole.replace('http://127.0.0.1:8080', url).replace("'us_…'", "'us_test'");
  writeFileSync(join(app, 'readme.mts'), pasted);
  await check(['readme.mts'], ['node'], ['es2024', 'dom', 'dom.iterable', 'dom.asynciterable']);
  const { stdout } = await run(process.execPath, ['readme.mts'], { cwd: app });
  assert.match(stdout, /hide it: spam/);
  assert.match(stdout, /comment-2 automated spam/);
  assert.match(stdout, /404 task_not_found req_/);
  assert.match(stdout, /v1,[A-Za-z0-9+/]{43}=/);
});

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const browserPath = process.env.UNDERSTUDY_TEST_CHROMIUM || BROWSERS.find((path) => existsSync(path));
const skip = browserPath === undefined ? 'NO CHROMIUM: the client is not tested in a browser' : false;
if (skip !== false) console.error(`\n*** ${skip} ***\n`);

test('Chromium loads it and works with it', { skip }, async () => {
  await using mock = answersOfReadme();
  const server = createServer(async (request, response) => {
    const path = (request.url ?? '/').replace(/\?.*/, '');
    const file = /^\/client\/([a-z0-9/.-]+\.js)$/.exec(path)?.[1];
    if (path === '/') response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>app</title>');
    else if (file !== undefined && !file.includes('..')) {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(readFileSync(join(installed, 'esm', file)));
    } else {
      const chunks: Uint8Array[] = [];
      for await (const chunk of request) chunks.push(chunk as Uint8Array);
      const answer = await mock.fetch(`http://mock${request.url}`, {
        method: request.method ?? 'GET',
        headers: Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
        ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
      });
      response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let browser: Browser | undefined;
  try {
    browser = await chromium.launch({
      executablePath: browserPath!,
      args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
    });
    const page = await browser.newPage();
    await page.goto(url);
    const seen = await page.evaluate(`(async () => {
      const { NotFound, UnderstudyClient, verifyWebhook } = await import('/client/index.js');
      const { MockUnderstudy, signWebhook } = await import('/client/testing/index.js');
      const client = new UnderstudyClient({ baseUrl: location.origin, apiKey: 'us_test', maxRetries: 0 });
      const { label } = await client.predict('comment-moderation', { input: { text: 'Grüße: watches' } });
      const tasks = [];
      for await (const task of client.tasks.list()) tasks.push(task.task);
      const rows = [{ input: { text: 'a' }, label: 'ok' }, { input: { text: 'b' }, label: 'spam' }];
      const { accepted } = await client.examples.import('comment-moderation', rows, { gzip: true });
      const job = await client.jobs.create({ task: 'comment-moderation', items: [{ input: { text: 'x' } }] });
      const { status } = await client.jobs.wait(job.id);
      const missing = await client.predict('none', { input: { text: 'a' } }).catch((error) => error instanceof NotFound);
      const secret = 'whsec_BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU=';
      const event = await verifyWebhook(secret, await signWebhook(secret, { type: 'understudy.test', data: {} }));
      const offline = await new MockUnderstudy().decide('spam', 'ok').client().predict('spam', { input: { text: 'a' } });
      return { label, tasks, accepted, status, missing, event: event.type, offline: offline.label };
    })()`);
    assert.deepEqual(seen, {
      label: 'spam',
      tasks: ['comment-moderation', 'inquiries'],
      accepted: 2,
      status: 'succeeded',
      missing: true,
      event: 'understudy.test',
      offline: 'ok',
    });
  } finally {
    await browser?.close();
    server.closeAllConnections();
    server.close();
  }
});
