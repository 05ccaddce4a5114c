import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Workspace } from '@understudy/e2e';
import type { Browser, Page } from 'playwright-core';
import { violationsOn } from './accessibility.ts';
import { withoutChromium } from './chromium.ts';
import type { DashboardServer } from './dashboard-server.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { type Rig, startRig } from './rig.ts';
import { screenshot } from './screenshot.ts';
import { type Seeded, seedShop } from './seed.ts';
import { type SeededQueues, seedQueues } from './seed-queues.ts';
import { settled, signIn } from './sign-in.ts';
import { WatchedPage } from './watched-page.ts';

const SIZES = {
  wide: { width: 1280, height: 860 },
  narrow: { width: 390, height: 844 },
} as const;

/**
 * The page as it stands, wide and narrow, in light and in dark: what is wrong with it, in words. A picture of each is
 * kept. It is loaded once and starts with the width that the one before ended with, so that every second page is loaded
 * narrow; of the dark only the contrasts are new.
 */
async function problemsOf(page: Page, name: string): Promise<string[]> {
  const problems: string[] = [];
  const wideFirst = page.viewportSize()!.width === SIZES.wide.width;
  for (const size of wideFirst ? (['wide', 'narrow'] as const) : (['narrow', 'wide'] as const)) {
    await page.setViewportSize(SIZES[size]);
    const lightNow = await page.evaluate(() => matchMedia('(prefers-color-scheme: light)').matches);
    for (const scheme of lightNow ? (['light', 'dark'] as const) : (['dark', 'light'] as const)) {
      await drawnIn(page, scheme);
      await screenshot(page, `${name}-${size}-${scheme}`);
      const found = await violationsOn(page, scheme === 'light' ? 'everything' : 'contrast');
      problems.push(...found.map((violation) => `${size}, ${scheme}: ${violation}`));
    }
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    if (overflow > 0) problems.push(`${size}: is ${overflow} px wider than the window`);
  }
  if ((await page.title()) === 'Understudy') problems.push('has no title of its own');
  return problems.map((problem) => `${name}: ${problem}`);
}

/** In these colours and this width, with everything loaded. */
async function drawnIn(page: Page, scheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
  await page.waitForFunction((name) => document.documentElement.dataset.mantineColorScheme === name, scheme);
  await settled(page);
}

/** Every page; paths of the full workspace are filled in with what was seeded. */
const pages = (shop: (Seeded & { queues: SeededQueues }) | null): { name: string; path: string }[] => {
  const decision = (outcome: string) => shop?.decisions.find((entry) => entry.outcome === outcome)?.id;
  return [
    { name: 'overview', path: '/' },
    { name: 'tasks', path: '/tasks' },
    ...(shop === null ? [] : [{ name: 'task', path: `/tasks/${shop.task}` }]),
    { name: 'review', path: '/review' },
    { name: 'review-grid', path: '/review?mode=grid' },
    { name: 'decisions', path: '/decisions' },
    { name: 'decisions-filtered', path: '/decisions?outcome=review&subject=customer-1' },
    ...(shop === null
      ? []
      : [
          { name: 'decision-automated', path: `/decisions/${decision('automated')}` },
          { name: 'decision-review', path: `/decisions/${decision('review')}` },
        ]),
    { name: 'models', path: '/models' },
    ...(shop === null ? [] : [{ name: 'model', path: `/models/${shop.task}` }]),
    { name: 'data', path: '/data' },
    { name: 'value', path: '/value' },
    { name: 'queues', path: '/queues' },
    { name: 'jobs', path: '/jobs' },
    ...(shop === null ? [] : [{ name: 'job', path: `/jobs/${shop.queues.job}` }]),
    { name: 'dead-letters', path: '/dead-letters' },
    ...(shop === null ? [] : [{ name: 'dead-letter', path: `/dead-letters/${shop.queues.letter}` }]),
    { name: 'sources', path: '/sources' },
    ...(shop === null
      ? []
      : [
          { name: 'source', path: `/sources/${shop.queues.source}` },
          { name: 'source-settings', path: `/sources/${shop.queues.source}?tab=settings` },
          { name: 'new-source', path: '/new-source' },
        ]),
    { name: 'webhooks', path: '/webhooks' },
    { name: 'callbacks', path: '/webhooks?tab=callbacks' },
    ...(shop === null
      ? []
      : [
          { name: 'webhook', path: `/webhooks/${shop.queues.webhook}` },
          { name: 'delivery', path: `/webhooks/${shop.queues.webhook}?delivery=${shop.queues.delivery}` },
        ]),
    { name: 'settings', path: '/settings' },
    { name: 'settings-members', path: '/settings?tab=members' },
    { name: 'settings-keys', path: '/settings?tab=keys' },
    { name: 'settings-audit', path: '/settings?tab=audit' },
    { name: 'not-found', path: '/nothing/here' },
  ];
};

describe('every page', { skip: withoutChromium() }, () => {
  let rig: Rig | undefined;
  let server: DashboardServer;
  let browser: Browser;
  let shop: Seeded & { queues: SeededQueues };
  let receiver: Receiver | undefined;
  let blank: Workspace;

  before(async () => {
    rig = await startRig();
    ({ server, browser } = rig);
    receiver = await startReceiver();
    const seeded = await seedShop(await server.workspace('Corner Shop'));
    shop = { ...seeded, queues: await seedQueues(seeded.workspace, seeded.task, receiver) };
    blank = await server.workspace('Nothing Yet');
  });
  after(async () => {
    await rig?.close();
    await receiver?.close();
  });

  test('full: accessible in light and dark, wide and narrow, quiet console, nothing against the policy', async () => {
    const watched = await WatchedPage.open(browser, SIZES.wide);
    const { page } = watched;
    await page.goto(`${server.url}/sign-in`);
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    const problems = await problemsOf(page, 'sign-in');
    await signIn(page, server.url, shop.workspace.key);
    for (const { name, path } of pages(shop)) {
      await page.goto(`${server.url}${path}`);
      await settled(page);
      problems.push(...(await problemsOf(page, `${name}-full`)));
    }
    assert.deepEqual(problems, []);
    watched.assertClean('full');
    await watched.close();
  });

  test('empty', async () => {
    const watched = await WatchedPage.open(browser, SIZES.wide);
    const { page } = watched;
    await signIn(page, server.url, blank.key);
    const problems: string[] = [];
    for (const { name, path } of pages(null)) {
      await page.goto(`${server.url}${path}`);
      await settled(page);
      problems.push(...(await problemsOf(page, `${name}-empty`)));
    }
    assert.deepEqual(problems, []);
    watched.assertClean('empty');
    await watched.close();
  });

  test('loading and failing: every page says so, offers to try again, and recovers', async () => {
    const watched = await WatchedPage.open(browser);
    const { page } = watched;
    watched.expect(/500 \(Internal Server Error\)/);
    await signIn(page, server.url, shop.workspace.key);
    const problem = {
      status: 500,
      contentType: 'application/problem+json',
      body: JSON.stringify({
        title: 'The request failed',
        status: 500,
        code: 'broken',
        detail: 'it broke',
        request_id: 'req_test',
      }),
    };
    let fail = () => {};
    let failing = Promise.resolve();
    await page.route(/\/v1\/(?!session)/, async (route) => {
      await failing;
      await route.fulfill(problem).catch(() => {}); // the page has left
    });
    const failures: string[] = [];
    const look = async (name: string) => {
      await screenshot(page, name);
      failures.push(...(await violationsOn(page)).map((violation) => `${name}: ${violation}`));
    };
    for (const { name, path } of pages(shop).filter(({ name }) => name !== 'not-found')) {
      failing = new Promise((resolve) => {
        fail = resolve;
      });
      await page.goto(`${server.url}${path}`);
      await page.locator('h1').first().waitFor();
      await look(`${name}-loading`);
      fail();
      await settled(page);
      await look(`${name}-failing`);
    }
    assert.deepEqual(failures, []);
    await page.goto(`${server.url}/decisions`);
    await page.getByText('req_test').waitFor();
    await page.unroute(/\/v1\/(?!session)/);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('table', { name: 'Decisions' }).waitFor();
    watched.assertClean('failing');
    await watched.close();
  });
});
