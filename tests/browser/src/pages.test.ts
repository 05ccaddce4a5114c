import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Workspace } from '@understudy/e2e';
import type { Browser, Page } from 'playwright-core';
import { violationsOn } from './accessibility.ts';
import { withoutChromium } from './chromium.ts';
import type { DashboardServer } from './dashboard-server.ts';
import { type Rig, startRig } from './rig.ts';
import { screenshot } from './screenshot.ts';
import { type Seeded, seedShop } from './seed.ts';
import { settled, signIn } from './sign-in.ts';
import { type Look, WatchedPage } from './watched-page.ts';

const WIDTHS: readonly { name: string; look: Look }[] = [
  { name: 'wide', look: { width: 1280, height: 860 } },
  { name: 'narrow', look: { width: 390, height: 844 } },
];

/** The page as it stands, in light and in dark: what is wrong with it, in words. A picture of each is kept. */
async function problemsOf(page: Page, name: string): Promise<string[]> {
  const problems: string[] = [];
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.locator(`html[data-mantine-color-scheme="${scheme}"]`).waitFor();
    await settled(page);
    await screenshot(page, `${name}-${scheme}`);
    problems.push(...(await violationsOn(page, scheme === 'light' ? 'everything' : 'contrast')));
  }
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  if (overflow > 0) problems.push(`is ${overflow} px wider than the window`);
  if ((await page.title()) === 'Understudy') problems.push('has no title of its own');
  return problems.map((problem) => `${name}: ${problem}`);
}

/** Every page; paths of the full workspace are filled in with what was seeded. */
const pages = (shop: Seeded | null): { name: string; path: string }[] => {
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
  let shop: Seeded;
  let blank: Workspace;

  before(async () => {
    rig = await startRig();
    ({ server, browser } = rig);
    shop = await seedShop(await server.workspace('Corner Shop'));
    blank = await server.workspace('Nothing Yet');
  });
  after(async () => {
    await rig?.close();
  });

  for (const { name: width, look } of WIDTHS) {
    test(`full, ${width}: accessible in light and dark, quiet console, nothing against the policy`, async () => {
      const watched = await WatchedPage.open(browser, look);
      const { page } = watched;
      await page.goto(`${server.url}/sign-in`);
      await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
      const problems = await problemsOf(page, `sign-in-${width}`);
      await signIn(page, server.url, shop.workspace.key);
      for (const { name, path } of pages(shop)) {
        await page.goto(`${server.url}${path}`);
        await settled(page);
        problems.push(...(await problemsOf(page, `${name}-full-${width}`)));
      }
      assert.deepEqual(problems, []);
      watched.assertClean(width);
      await watched.close();
    });

    test(`empty, ${width}`, async () => {
      const watched = await WatchedPage.open(browser, look);
      const { page } = watched;
      await signIn(page, server.url, blank.key);
      const problems: string[] = [];
      for (const { name, path } of pages(null)) {
        await page.goto(`${server.url}${path}`);
        await settled(page);
        problems.push(...(await problemsOf(page, `${name}-empty-${width}`)));
      }
      assert.deepEqual(problems, []);
      watched.assertClean(width);
      await watched.close();
    });
  }

  test('failing: every page says so, offers to try again, and recovers', async () => {
    const watched = await WatchedPage.open(browser);
    const { page } = watched;
    watched.expect(/500 \(Internal Server Error\)/);
    await signIn(page, server.url, shop.workspace.key);
    const failures: string[] = [];
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
    await page.route(/\/v1\/(?!session)/, (route) => route.fulfill(problem));
    for (const { name, path } of pages(shop).filter(({ name }) => !['settings', 'not-found'].includes(name))) {
      await page.goto(`${server.url}${path}`);
      await settled(page);
      await screenshot(page, `${name}-failing`);
      failures.push(...(await violationsOn(page)).map((violation) => `${name}: ${violation}`));
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

  test('loading: what comes later takes the place of what stood for it', async () => {
    const watched = await WatchedPage.open(browser);
    const { page } = watched;
    await signIn(page, server.url, shop.workspace.key);
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route(/\/v1\/(?!session)/, async (route) => {
      await gate;
      await route.continue().catch(() => {}); // the page has left
    });
    const failures: string[] = [];
    for (const { name, path } of pages(shop).filter(({ name }) => name !== 'not-found')) {
      await page.goto(`${server.url}${path}`);
      await page.locator('h1').first().waitFor();
      await screenshot(page, `${name}-loading`);
      failures.push(...(await violationsOn(page)).map((violation) => `${name}: ${violation}`));
    }
    assert.deepEqual(failures, []);
    release();
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await watched.close();
  });
});
