import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Workspace } from '@understudy/e2e';
import type { Browser } from 'playwright-core';
import { withoutChromium } from './chromium.ts';
import type { DashboardServer } from './dashboard-server.ts';
import { type Rig, startRig } from './rig.ts';
import { signIn } from './sign-in.ts';
import { WatchedPage } from './watched-page.ts';

describe('signing in', { skip: withoutChromium() }, () => {
  let rig: Rig | undefined;
  let server: DashboardServer;
  let browser: Browser;
  let shop: Workspace;

  before(async () => {
    rig = await startRig();
    ({ server, browser } = rig);
    shop = await server.workspace('Shop');
  });
  after(async () => {
    await rig?.close();
  });

  test('a one-time link signs in, leaves no trace in the address, and works once', async () => {
    const { json: code } = await shop.post('/v1/session/sign-in-codes');
    const watched = await WatchedPage.open(browser);
    const { page } = watched;
    await page.goto(`${server.url}${code.path}`);
    await page.getByRole('navigation', { name: 'Main' }).waitFor();
    assert.ok(!page.url().includes(code.code), page.url());
    const kept = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
    );
    assert.ok(!kept.includes('us_') && !kept.includes(code.code), `a script can read no credential: ${kept}`);
    watched.assertClean('link');
    const second = await WatchedPage.open(browser);
    second.expect(/40[01] \(/);
    await second.page.goto(`${server.url}${code.path}`);
    await second.page.getByText('This link was used already').waitFor();
    await second.close();
    await watched.close();
  });

  test('a session that ends leads to the sign-in page and back to where one was', async () => {
    const watched = await WatchedPage.open(browser);
    const { page, context } = watched;
    watched.expect(/401 \(Unauthorized\)/);
    await signIn(page, server.url, shop.key, '/decisions?outcome=review');
    await page.getByRole('heading', { name: 'Decisions' }).waitFor();
    assert.match(page.url(), /\/decisions\?outcome=review$/);
    await context.clearCookies();
    await page.getByRole('link', { name: 'Tasks', exact: true }).click();
    await page.getByRole('textbox', { name: 'API key' }).fill(shop.key);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('heading', { name: 'Tasks' }).waitFor();
    assert.match(page.url(), /\/tasks$/);
    await page.getByRole('button', { name: /^Account of/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('textbox', { name: 'API key' }).waitFor();
    watched.assertClean('session');
    await watched.close();
  });

  test('a reviewer sees Review and nothing else, and a link from elsewhere leads nowhere else', async () => {
    const { json: member } = await shop.post('/v1/members', { name: 'Rita', role: 'reviewer' });
    const { json: code } = await shop.post(`/v1/members/${member.id}/sign-in-codes`);
    const watched = await WatchedPage.open(browser);
    const { page } = watched;
    await page.goto(`${server.url}/sign-in?next=//evil.example/${code.path.slice(code.path.indexOf('#'))}`);
    await page.getByRole('navigation', { name: 'Main' }).waitFor();
    assert.equal(new URL(page.url()).origin, server.url);
    const names = await page.getByRole('navigation', { name: 'Main' }).getByRole('link').allInnerTexts();
    assert.deepEqual(
      names.map((name) => name.split('\n')[0]),
      ['Review'],
    );
    assert.match(page.url(), /\/review$/);
    watched.assertClean('reviewer');
    await watched.close();
  });

  test('what was asked before the sign-in, and is answered after it, signs nobody out', async () => {
    const watched = await WatchedPage.open(browser);
    const { page } = watched;
    let entered = () => {};
    const signedIn = new Promise<void>((resolve) => {
      entered = resolve;
    });
    let late = () => {};
    const answered = new Promise<void>((resolve) => {
      late = resolve;
    });
    let asked = 0;
    await page.route('**/v1/session', async (route) => {
      const response = await route.fetch();
      if (route.request().method() === 'POST') {
        await route.fulfill({ response });
        entered();
        return;
      }
      // The first one knows of no session; its answer comes in after that of the sign-in.
      const first = asked++ === 0;
      if (first) await signedIn;
      await route.fulfill({ response }).catch(() => {}); // the page no longer wants it
      if (first) late();
    });
    // And before the page that one enters is there.
    await page.route(/overview-page.*\.js/, async (route) => {
      await answered;
      await route.continue();
    });
    await page.goto(`${server.url}/sign-in`);
    await page.getByRole('textbox', { name: 'API key' }).fill(shop.key);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('navigation', { name: 'Main' }).waitFor();
    await page.getByRole('link', { name: 'Tasks', exact: true }).click();
    await page.getByRole('heading', { name: 'Tasks' }).waitFor();
    assert.equal(new URL(page.url()).pathname, '/tasks');
    watched.assertClean('late answer');
    await watched.close();
  });

  test('Tab starts with a link to the content', async () => {
    const watched = await WatchedPage.open(browser);
    const { page } = watched;
    await signIn(page, server.url, shop.key, '/decisions');
    await page.reload();
    await page.getByRole('heading', { name: 'Decisions' }).waitFor();
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Skip to content');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'main');
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    await page.waitForFunction(() => document.activeElement?.tagName === 'H1');
    watched.assertClean('keyboard');
    await watched.close();
  });
});
