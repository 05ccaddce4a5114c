import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Workspace } from '@understudy/e2e';
import type { Browser } from 'playwright-core';
import { violationsOn } from './accessibility.ts';
import { withoutChromium } from './chromium.ts';
import type { DashboardServer } from './dashboard-server.ts';
import { pages, problemsOf, SIZES } from './every-page.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { type Rig, startRig } from './rig.ts';
import { screenshot } from './screenshot.ts';
import { type Seeded, seedShop } from './seed.ts';
import { type SeededQueues, seedQueues } from './seed-queues.ts';
import { settled, signIn } from './sign-in.ts';
import { WatchedPage } from './watched-page.ts';

/** Thirty pages, two or three looks each. */
const LONG = { timeout: 600_000 };

describe('every page, empty, loading and failing', { skip: withoutChromium() }, () => {
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

  test('empty', LONG, async () => {
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

  test('loading and failing: every page says so, offers to try again, and recovers', LONG, async () => {
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
