/**
 * `npm run screenshots`: starts a server with the example tasks, lets their demo play, reviews ten items by keyboard,
 * and takes the pictures that README.md and docs/guides show. Takes five minutes on two quiet cores.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { eventually, scratchFolder, send } from '@understudy/e2e';
import type { Page } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import { settled, signIn } from './sign-in.ts';
import { WatchedPage } from './watched-page.ts';

const root = resolve(import.meta.dirname, '../../..');
const folder = join(root, 'docs/guides/images');
const WIDTH = 1280;
const TASK = 'inquiry-routing';
/** Longer than this nobody waits for the demo: the pictures show how far it is. */
const PATIENCE_MS = Number(process.argv[2] ?? 8) * 60_000;

const server = spawn(process.execPath, [join(root, 'apps/cli/bin/understudy.js'), 'start', '--demo'], {
  stdio: ['ignore', 'pipe', 'ignore'],
  env: {
    PATH: process.env.PATH,
    HOME: scratchFolder(),
    UNDERSTUDY_DATA_DIR: join(scratchFolder(), 'data'),
    UNDERSTUDY_PORT: '0',
    UNDERSTUDY_LOG_LEVEL: 'silent',
  },
});
const ended = once(server, 'exit');
const browser = await launchChromium();
try {
  const { url, key, played } = await started();
  const get = async (path: string) => (await send(url, { path, key })).json;
  await Promise.race([played, new Promise((done) => setTimeout(done, PATIENCE_MS).unref())]);
  await eventually('the dashboard is built', async () => (await get('/waiting.json')).ready === true, 120_000);
  const watched = await WatchedPage.open(browser, { scheme: 'light', width: WIDTH, height: 860 });
  const { page } = watched;
  await signIn(page, url, key);
  mkdirSync(folder, { recursive: true });
  await picture(page, 'overview', `${url}/`, 900);
  await picture(page, 'task', `${url}/tasks/${TASK}`, 1120);
  await picture(page, 'models', `${url}/models/${TASK}`, 1000);
  await picture(page, 'value', `${url}/value?task=${TASK}`, 1080);
  await picture(page, 'decision', `${url}/decisions/${await auditedDecision(get)}`, 1000, async () => {
    await page.getByRole('button', { name: 'What the model saw' }).click();
    await page.locator('mark').first().waitFor();
    await page.getByRole('button', { name: 'Check it here' }).click();
    await page.getByText('Stands unchanged in the ledger').waitFor();
  });
  await picture(page, 'review', `${url}/review?task=${TASK}`, 900, () => reviewTen(page));
  watched.assertClean('guide pictures');
} finally {
  await browser.close();
  server.kill('SIGTERM');
  await ended;
}

/** An automated decision whose blind audit is answered: from then on it may be seen what the model saw in it. */
async function auditedDecision(get: (path: string) => Promise<any>): Promise<string> {
  const { data } = await get('/v1/decisions?task=comment-moderation&outcome=automated&limit=200');
  for (const { id } of data) {
    const { truth } = await get(`/v1/decisions/${id}`);
    if (truth !== null) return id;
  }
  return data[0].id;
}

/** What the server prints: where it is, the key of its example workspace, and, later, that the demo has played. */
async function started(): Promise<{ url: string; key: string; played: Promise<void> }> {
  const heard = new Map<string, string>();
  const waiting = new Map<string, (value: string) => void>();
  const patterns = {
    url: /^listening on (http:\S+)/,
    key: /key \(shown this once\): {2}(us_\S+)/,
    played: /^The demo/,
  };
  const hear = (name: string) =>
    heard.has(name)
      ? Promise.resolve(heard.get(name)!)
      : new Promise<string>((done) => {
          waiting.set(name, done);
        });
  createInterface({ input: server.stdout }).on('line', (line) => {
    console.log(line.replaceAll(/us_\S+/g, 'us_…'));
    for (const [name, pattern] of Object.entries(patterns)) {
      if (name === 'key' && !line.startsWith('Example workspace')) continue;
      const found = pattern.exec(line);
      if (found === null) continue;
      heard.set(name, found[1] ?? line);
      waiting.get(name)?.(found[1] ?? line);
    }
  });
  const died = ended.then(([code]) => {
    throw new Error(`the server ended with ${code}`);
  });
  died.catch(() => {});
  const [url, key] = await Promise.race([Promise.all([hear('url'), hear('key')]), died]);
  return { url, key, played: Promise.race([hear('played'), died]).then(() => {}) };
}

/** A page as somebody sees it who scrolls a little; never longer than its content. */
async function picture(
  page: Page,
  name: string,
  url: string,
  height: number,
  prepare?: () => Promise<void>,
): Promise<void> {
  await page.setViewportSize({ width: WIDTH, height });
  await page.goto(url);
  await settled(page);
  await prepare?.();
  await page.evaluate(() => document.fonts.ready.then(() => {}));
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path, animations: 'disabled' });
  console.log(`${name}.png: ${(statSync(path).size / 1000).toFixed(0)} kB`);
}

/** Ten items by number keys, as the answers that ship with the example say. */
async function reviewTen(page: Page): Promise<void> {
  const rows = (name: string) =>
    readFileSync(join(root, 'examples/tasks', TASK, name), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  const labels = new Map(rows('truth.ndjson').map(({ external_id: id, label }) => [id, label]));
  const truth = new Map(rows('stream.ndjson').map(({ external_id: id, input }) => [input.text, labels.get(id)]));
  const item = page.getByTestId('review-item');
  for (let index = 0; index < 10; index++) {
    await item.waitFor();
    const id = await item.getAttribute('data-item');
    const label = truth.get(await item.innerText());
    const names = await page.getByRole('list', { name: 'Answers' }).getByRole('button').allInnerTexts();
    const place = names.findIndex((text) => text.split('\n').includes(label));
    await page.keyboard.press(place < 0 ? 's' : String((place + 1) % 10));
    await page.waitForFunction(
      (before) => document.querySelector('[data-testid="review-item"]')?.getAttribute('data-item') !== before,
      id,
    );
  }
  await page.getByRole('button', { name: 'What the model saw' }).waitFor();
}
