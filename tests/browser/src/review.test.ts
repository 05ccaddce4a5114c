import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { eventually, type Workspace } from '@understudy/e2e';
import type { Browser, Page } from 'playwright-core';
import { violationsOn } from './accessibility.ts';
import { withoutChromium } from './chromium.ts';
import type { DashboardServer } from './dashboard-server.ts';
import { type Rig, startRig } from './rig.ts';
import { screenshot } from './screenshot.ts';
import { signIn } from './sign-in.ts';
import { WatchedPage } from './watched-page.ts';

const LABELS = ['ok', 'spam', 'toxic'];

describe('review by keyboard', { skip: withoutChromium() }, () => {
  let rig: Rig | undefined;
  let server: DashboardServer;
  let browser: Browser;
  let forum: Workspace;

  before(async () => {
    rig = await startRig();
    ({ server, browser } = rig);
    forum = await server.workspace('Forum');
    await forum.makeTask('comments', LABELS, { title: 'Comments', instructions: 'Be **kind**.', audit: { rate: 0 } });
    const items = Array.from({ length: 40 }, (_, index) => ({ input: { text: `Comment number ${index}` } }));
    const reply = await forum.post('/v1/predict/comments/batch', { items });
    assert.equal(reply.status, 200, reply.text);
    await eventually('the items wait', async () => (await forum.get('/v1/review/queues')).json.total?.depth === 40);
  });
  after(async () => {
    await rig?.close();
  });

  const current = (page: Page) => page.getByTestId('review-item').getAttribute('data-item');
  const next = (page: Page, before: string | null) =>
    page.waitForFunction(
      (old) => {
        const item = document.querySelector('[data-testid="review-item"]')?.getAttribute('data-item');
        return item !== undefined && item !== null && item !== old;
      },
      before,
      { polling: 'raf' },
    );
  const truthOf = async (item: string) => (await forum.get(`/v1/decisions/${item.replace('itm_', 'dec_')}`)).json.truth;

  test('ten items by number keys: each is answered, undo takes one back, the next is there at once', async () => {
    const watched = await WatchedPage.open(browser);
    const { page } = watched;
    await signIn(page, server.url, forum.key, '/review');
    const answers = new Map<string, string>();
    for (let index = 0; index < 10; index++) {
      await page.getByTestId('review-item').waitFor();
      const item = (await current(page))!;
      const place = index % LABELS.length;
      await page.keyboard.press(String(place + 1));
      await next(page, item);
      answers.set(item, LABELS[place]!);
    }
    // From one key to the next item on the screen, as the page itself sees it.
    const milliseconds = await page.evaluate(async () => {
      const item = () => document.querySelector('[data-testid="review-item"]')?.getAttribute('data-item');
      const before = item();
      const startedAt = performance.now();
      window.dispatchEvent(new KeyboardEvent('keydown', { key: '1', bubbles: true, cancelable: true }));
      while (item() === before) await new Promise((done) => requestAnimationFrame(done));
      return performance.now() - startedAt;
    });
    console.log(`from key to next item: ${milliseconds.toFixed(1)} ms`);
    for (const [item, label] of answers) {
      await eventually(`${item} is answered`, async () => (await truthOf(item)) === label);
    }
    await screenshot(page, 'review-after-ten');

    const item = (await current(page))!;
    await page.keyboard.press('2');
    await next(page, item);
    await eventually('it is sent', async () => (await truthOf(item)) === 'spam');
    await page.keyboard.press('u');
    await page.waitForFunction((wanted) => document.querySelector(`[data-item="${wanted}"]`) !== null, item);
    await page.keyboard.press('3');
    await eventually('the second answer counts', async () => (await truthOf(item)) === 'toxic');

    const skipped = (await current(page))!;
    await page.keyboard.press('s');
    await next(page, skipped);
    const escalated = (await current(page))!;
    await page.keyboard.press('n');
    await page.getByRole('textbox', { name: 'Note' }).fill('What is this?');
    await page.keyboard.press('Escape');
    await page.keyboard.press('e');
    await next(page, escalated);
    await eventually('a lead has it', async () => {
      const { json } = await forum.get(`/v1/review/items/${escalated}`);
      return (
        json.status === 'escalated' && json.lead.notes.some(({ note }: { note: string }) => note === 'What is this?')
      );
    });
    assert.equal(await truthOf(skipped), null);
    watched.assertClean('review');
    await watched.close();
  });

  test('without a connection answers are kept, also over a reload, and each counts once', async () => {
    const watched = await WatchedPage.open(browser);
    const { page } = watched;
    watched.expect(/ERR_INTERNET_DISCONNECTED|ERR_FAILED|ERR_CONNECTION/);
    await signIn(page, server.url, forum.key, '/review');
    await page.getByTestId('review-item').waitFor();
    await page.route('**/v1/review/**', (route) => route.abort('connectionfailed'));
    const kept: string[] = [];
    for (let index = 0; index < 2; index++) {
      const item = (await current(page))!;
      await page.keyboard.press('1');
      await next(page, item);
      kept.push(item);
    }
    await page.getByText('No connection.').waitFor();
    await page.getByText('2 answers kept in this browser').waitFor();
    await screenshot(page, 'review-offline');
    for (const item of kept) assert.equal(await truthOf(item), null);
    await page.unroute('**/v1/review/**');
    await page.reload();
    for (const item of kept) await eventually(`${item} arrives`, async () => (await truthOf(item)) === 'ok');
    for (const item of kept) {
      const { labels } = (await forum.get(`/v1/decisions/${item.replace('itm_', 'dec_')}`)).json;
      assert.equal(labels.length, 1, 'once');
    }
    await watched.close();
  });

  test('the grid answers the card that has the focus, and blurs on request', async () => {
    const watched = await WatchedPage.open(browser);
    const { page } = watched;
    await signIn(page, server.url, forum.key, '/review?mode=grid');
    const cards = page.locator('[data-card]');
    await cards.nth(3).waitFor();
    await cards.first().focus();
    await page.keyboard.press('ArrowRight');
    const item = (await cards.nth(1).getAttribute('data-item'))!;
    await page.keyboard.press('3');
    await eventually('it is answered', async () => (await truthOf(item)) === 'toxic');
    assert.equal(
      await page.evaluate(() => document.activeElement?.hasAttribute('data-card')),
      true,
      'the focus stays in the grid',
    );
    await page.getByRole('button', { name: 'For your eyes' }).click();
    await page.getByRole('switch', { name: 'Blur until I ask' }).check({ force: true });
    await page.keyboard.press('Escape');
    await page.locator('[data-card] [data-blur]').first().waitFor();
    await screenshot(page, 'review-grid-blurred');
    watched.assertClean('grid');
    await watched.close();
  });

  test('ten labels with long descriptions: all of them in sight on a laptop, and each by its key', async () => {
    const folder = resolve(import.meta.dirname, '../../../examples/tasks/inquiry-routing');
    const support = await server.workspace('Support');
    const { labels, ...definition } = JSON.parse(readFileSync(join(folder, 'task.json'), 'utf8'));
    const names: string[] = labels.map(({ name }: { name: string }) => name);
    assert.equal(names.length, 10);
    const made = await support.put('/v1/tasks/inquiries', { ...definition, labels });
    assert.equal(made.status, 201, made.text);
    const lines = readFileSync(join(folder, 'stream.ndjson'), 'utf8').split('\n').slice(0, 12);
    const items = lines.map((line) => JSON.parse(line)).map(({ input }) => ({ input }));
    const reply = await support.post('/v1/predict/inquiries/batch', { items });
    assert.equal(reply.status, 200, reply.text);
    await eventually('they wait', async () => (await support.get('/v1/review/queues')).json.total?.depth === 12);

    const watched = await WatchedPage.open(browser, { width: 1280, height: 720 });
    const { page } = watched;
    await signIn(page, server.url, support.key, '/review');
    await page.getByTestId('review-item').waitFor();
    const bottom = await page
      .getByRole('button', { name: 'Escalate', exact: false })
      .evaluate((element) => element.getBoundingClientRect().bottom);
    assert.ok(bottom <= 720, `the last button ends at ${bottom} px`);
    assert.deepEqual(await violationsOn(page), []);
    await screenshot(page, 'review-ten-labels');
    const answers: [string, string][] = [];
    for (const [place, name] of names.entries()) {
      const item = (await current(page))!;
      await page.keyboard.press(String((place + 1) % 10));
      await next(page, item);
      answers.push([item, name]);
    }
    for (const [item, name] of answers) {
      await eventually(`${item} is ${name}`, async () => {
        const { json } = await support.get(`/v1/decisions/${item.replace('itm_', 'dec_')}`);
        return json.truth === name;
      });
    }
    watched.assertClean('ten labels');
    await watched.close();
  });
});
