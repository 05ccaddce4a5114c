import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { withoutChromium } from './chromium.ts';
import type { DashboardServer } from './dashboard-server.ts';
import { pages, problemsOf, SIZES } from './every-page.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { type Rig, startRig } from './rig.ts';
import { type Seeded, seedShop } from './seed.ts';
import { type SeededQueues, seedQueues } from './seed-queues.ts';
import { settled, signIn } from './sign-in.ts';
import { WatchedPage } from './watched-page.ts';

/** Thirty pages, three looks each. */
const LONG = { timeout: 600_000 };

describe('every page, full', { skip: withoutChromium() }, () => {
  let rig: Rig | undefined;
  let server: DashboardServer;
  let browser: Browser;
  let shop: Seeded & { queues: SeededQueues };
  let receiver: Receiver | undefined;

  before(async () => {
    rig = await startRig();
    ({ server, browser } = rig);
    receiver = await startReceiver();
    const seeded = await seedShop(await server.workspace('Corner Shop'));
    shop = { ...seeded, queues: await seedQueues(seeded.workspace, seeded.task, receiver) };
  });
  after(async () => {
    await rig?.close();
    await receiver?.close();
  });

  test(
    'full: accessible in light and dark, wide and narrow, quiet console, nothing against the policy',
    LONG,
    async () => {
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
    },
  );
});
