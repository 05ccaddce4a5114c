/**
 * `npm run screenshots`: starts a server with the example tasks, lets their demo play, reviews some items by keyboard,
 * and takes the pictures that README.md and docs/guides show. Takes two minutes on two quiet cores.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { scratchFolder, type Workspace } from '@understudy/e2e';
import type { Page } from 'playwright-core';
import { startRig } from './rig.ts';
import { settled, signIn } from './sign-in.ts';
import { WatchedPage } from './watched-page.ts';

const root = resolve(import.meta.dirname, '../../..');
const folder = join(root, 'docs/guides/images');
const examples = join(root, 'examples/tasks');
const TASK = 'inquiry-routing';
const TASKS = ['comment-moderation', TASK, 'comment-sentiment'];
const WIDTH = 1280;
/** Fewer than the demo leaves waiting: the picture shows one that is open. */
const REVIEWED = 5;

const rig = await startRig();
try {
  const { url } = rig.server;
  const workspace = await rig.server.workspace('Example', { demo: true });
  const get = async (path: string) => (await workspace.get(path)).json;
  for (const task of TASKS) await learn(workspace, task);
  await playDemo(url, workspace.key);
  const watched = await WatchedPage.open(rig.browser, { scheme: 'light', width: WIDTH, height: 860 });
  const { page } = watched;
  await signIn(page, url, workspace.key);
  mkdirSync(folder, { recursive: true });
  await picture(page, 'overview', `${url}/`, 900);
  await picture(page, 'task', `${url}/tasks/${TASK}`, 960);
  await picture(page, 'models', `${url}/models/${TASK}`, 1000);
  await picture(page, 'value', `${url}/value?task=${TASK}`, 1080);
  await picture(page, 'decision', `${url}/decisions/${await auditedDecision(get)}`, 1000, async () => {
    await page.getByRole('button', { name: 'What the model saw' }).click();
    await page.locator('mark').first().waitFor();
    await page.getByRole('button', { name: 'Check it here' }).click();
    await page.getByText('Stands unchanged in the ledger').waitFor();
  });
  await picture(page, 'review', `${url}/review?task=${TASK}`, 800, () => reviewSome(page));
  watched.assertClean('guide pictures');
} finally {
  await rig.close();
}

/** An example task with its examples and a model. The linear one: it is as good here, and there in seconds. */
async function learn(workspace: Workspace, task: string): Promise<void> {
  const file = (name: string) => readFileSync(join(examples, task, name), 'utf8');
  const made = await workspace.put(`/v1/tasks/${task}`, JSON.parse(file('task.json')));
  if (made.status !== 201) throw new Error(made.text);
  const imported = await workspace.post(`/v1/tasks/${task}/examples`, file('examples.csv'), {
    headers: { 'Content-Type': 'text/csv' },
  });
  if (imported.status !== 200) throw new Error(imported.text);
  const run = await workspace.train(task, { trainer: 'linear' }, 300_000);
  console.log(`${task}: ${run.status}, ${run.metrics?.accuracy}`);
}

/** Every item of the three streams, decided and answered. */
async function playDemo(url: string, key: string): Promise<void> {
  const demo = spawn(process.execPath, [join(root, 'apps/cli/bin/understudy.js'), 'demo', '--speed', '3'], {
    stdio: ['ignore', 'inherit', 'ignore'],
    env: { PATH: process.env.PATH, HOME: scratchFolder(), UNDERSTUDY_URL: url, UNDERSTUDY_API_KEY: key },
  });
  const [code] = await once(demo, 'exit');
  if (code !== 0) throw new Error(`the demo ended with ${code}`);
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

/** Some items by number keys, as the answers that ship with the example say. */
async function reviewSome(page: Page): Promise<void> {
  const rows = (name: string) =>
    readFileSync(join(examples, TASK, name), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  const labels = new Map(rows('truth.ndjson').map(({ external_id: id, label }) => [id, label]));
  const truth = new Map(rows('stream.ndjson').map(({ external_id: id, input }) => [input.text, labels.get(id)]));
  const item = page.getByTestId('review-item');
  for (let index = 0; index < REVIEWED; index++) {
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
