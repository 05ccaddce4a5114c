import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually, type Workspace } from '@understudy/e2e';
import { WAITING_SCRIPT, waitingPage } from '@understudy/server/waiting-page';
import type { Browser, Page } from 'playwright-core';
import { violationsOn } from './accessibility.ts';
import { withoutChromium } from './chromium.ts';
import type { DashboardServer } from './dashboard-server.ts';
import { type Rig, startRig } from './rig.ts';
import { screenshot } from './screenshot.ts';
import { settled, signIn } from './sign-in.ts';
import { WatchedPage } from './watched-page.ts';

describe('journeys', { skip: withoutChromium() }, () => {
  let rig: Rig | undefined;
  let server: DashboardServer;
  let browser: Browser;
  let shop: Workspace;
  let decision: string;

  before(async () => {
    rig = await startRig();
    ({ server, browser } = rig);
    shop = await server.workspace('Shop');
    await shop.makeTask('letters', ['yes', 'no'], { title: 'Letters' });
    const items = Array.from({ length: 6 }, (_, index) => ({
      input: { text: `Letter number ${index}` },
      subject: index < 2 ? 'Ada' : 'Bob',
    }));
    const reply = await shop.post('/v1/predict/letters/batch', { items });
    assert.equal(reply.status, 200, reply.text);
    decision = reply.json.decisions[0].id;
    await eventually('it is in the ledger', async () => (await shop.get(`/v1/decisions/${decision}`)).status === 200);
  });
  after(async () => {
    await rig?.close();
  });

  async function open(workspace: Workspace, path: string): Promise<WatchedPage> {
    const watched = await WatchedPage.open(browser);
    await signIn(watched.page, server.url, workspace.key, path);
    await settled(watched.page);
    return watched;
  }

  const dialogOf = (page: Page, name: string) => page.getByRole('dialog', { name });

  test('the browser itself proves that a decision stands in the ledger, and sees when it does not', async () => {
    const watched = await open(shop, `/decisions/${decision}`);
    const { page } = watched;
    await page.getByRole('button', { name: 'Check it here' }).click();
    await page.getByText('Stands unchanged in the ledger').waitFor();
    assert.deepEqual(await violationsOn(page), []);
    await screenshot(page, 'decision-proof');
    // A server that lies about the record.
    await page.route(/\/proof/, async (route) => {
      const response = await route.fetch();
      const text = (await response.text()).replace('Letter number 0', 'Letter number 9').replace(/"(?=no"|yes")/, '"x');
      const proof = JSON.parse(text);
      proof.commit.committed_at_ms += 1;
      await route.fulfill({ response, json: proof });
    });
    await page.getByRole('button', { name: 'Check again' }).click();
    await page.getByText('The proof does not hold').waitFor();
    watched.assertClean('proof');
    await watched.close();
  });

  test('one browser, two workspaces: what one shows is never left over in the other', async () => {
    const other = await server.workspace('Press');
    await other.makeTask('articles', ['a', 'b'], { title: 'Articles' });
    const watched = await open(shop, '/tasks');
    const { page } = watched;
    await page.getByText('Letters', { exact: true }).first().waitFor();
    await page.getByRole('button', { name: 'Workspace Shop' }).click();
    await page.getByRole('menuitem', { name: 'Sign in to another' }).click();
    await page.getByRole('textbox', { name: 'API key' }).fill(other.key);
    await page.getByRole('button', { name: 'Add it' }).click();
    await page.getByRole('button', { name: 'Workspace Press' }).waitFor();
    await page.getByRole('link', { name: 'Tasks', exact: true }).click();
    await page.getByText('Articles').first().waitFor();
    assert.equal(await page.getByText('Letters', { exact: true }).count(), 0);
    // The cookie changes at once; its answer comes only when nothing of the other workspace is shown or asked any more.
    await page.route('**/v1/session/switch', async (route) => {
      const response = await route.fetch();
      await page.locator('main[aria-busy="true"]').waitFor();
      assert.equal(await page.getByRole('navigation', { name: 'Main' }).count(), 0);
      await route.fulfill({ response });
    });
    await page.getByRole('button', { name: 'Workspace Press' }).click();
    await page.getByRole('menuitem', { name: 'Shop' }).click();
    await page.getByRole('button', { name: 'Workspace Shop' }).waitFor();
    await page.getByRole('link', { name: 'Tasks', exact: true }).click();
    await page.getByText('Letters', { exact: true }).first().waitFor();
    assert.equal(await page.getByText('Articles').count(), 0);
    watched.assertClean('workspaces');
    await watched.close();
  });

  test('filters under a name come back after a reload, and an address that makes no sense filters nothing', async () => {
    const watched = await open(shop, '/decisions?subject=Ada');
    const { page } = watched;
    const rows = page.getByRole('table', { name: 'Decisions' }).locator('tbody tr');
    await rows.nth(1).waitFor();
    assert.equal(await rows.count(), 2);
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('menuitem', { name: 'Save these filters' }).click();
    const dialog = dialogOf(page, 'Save these filters');
    await dialog.getByRole('textbox', { name: 'Name' }).fill('About Ada');
    assert.deepEqual(await violationsOn(page), []);
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.goto(`${server.url}/decisions?outcome=nonsense&from=yesterday&unknown=1`);
    await rows.nth(5).waitFor();
    assert.equal(await rows.count(), 6);
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('menuitem', { name: 'About Ada' }).click();
    await page.waitForURL(/subject=Ada/);
    await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 2);
    watched.assertClean('views');
    await watched.close();
  });

  test('a member is added, gets a link that signs in, changes role, and is removed', async () => {
    const watched = await open(shop, '/settings?tab=members');
    const { page } = watched;
    await page.getByRole('button', { name: 'Add a member' }).click();
    const adding = dialogOf(page, 'Add a member');
    await adding.getByRole('textbox', { name: 'Name' }).fill('Rita Reader');
    assert.deepEqual(await violationsOn(page), []);
    await screenshot(page, 'dialog-member');
    await adding.getByRole('button', { name: 'Add', exact: true }).click();
    const given = dialogOf(page, 'Sign-in link');
    const link = (await given.locator('.mono').innerText()).trim();
    assert.deepEqual(await violationsOn(page), []);
    await given.getByRole('button', { name: 'I have kept it' }).click();
    const hers = await WatchedPage.open(browser);
    await hers.page.goto(link);
    await hers.page.getByRole('heading', { name: 'Review' }).waitFor();
    await hers.close();

    const row = page.getByRole('row', { name: /Rita Reader/ });
    await row.getByRole('button', { name: 'Actions for Rita Reader' }).click();
    await page.getByRole('menuitem', { name: 'Make lead' }).click();
    await row.getByText('Lead').waitFor();
    await row.getByRole('button', { name: 'Actions for Rita Reader' }).click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await dialogOf(page, 'Remove Rita Reader?').getByRole('button', { name: 'Remove' }).click();
    await row.waitFor({ state: 'detached' });
    watched.assertClean('members');
    await watched.close();
  });

  test('a key is made, shown once, works, and is revoked', async () => {
    const watched = await open(shop, '/settings?tab=keys');
    const { page } = watched;
    await page.getByRole('button', { name: 'New key' }).click();
    const dialog = dialogOf(page, 'New API key');
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Backend');
    assert.deepEqual(await violationsOn(page), []);
    await screenshot(page, 'dialog-key');
    await dialog.getByRole('button', { name: 'Make the key' }).click();
    const shown = dialogOf(page, 'Your new key');
    const secret = (await shown.locator('.mono').innerText()).trim();
    assert.deepEqual(await violationsOn(page), []);
    await shown.getByRole('button', { name: 'I have kept it' }).click();
    await shown.waitFor({ state: 'hidden' });
    assert.ok(!(await page.content()).includes(secret), 'shown once');
    const backend = shop.withKey(secret, '');
    assert.equal((await backend.get('/v1/tasks')).status, 200);
    await page.getByRole('button', { name: 'Revoke Backend' }).click();
    await dialogOf(page, 'Revoke “Backend”?').getByRole('button', { name: 'Revoke' }).click();
    await page
      .getByRole('row', { name: /Backend/ })
      .getByText('Revoked')
      .waitFor();
    await eventually('it is refused', async () => (await backend.get('/v1/tasks')).status === 401);
    watched.assertClean('keys');
    await watched.close();
  });

  test('a one-time link that is opened before the dashboard is built goes on by itself', async () => {
    const { json: code } = await shop.post('/v1/session/sign-in-codes');
    const watched = await WatchedPage.open(browser);
    const { page } = watched;
    watched.expect(/503 \(Service Unavailable\)/);
    let built = false;
    const state = { done: 0.4, phase: 'reading', failure: null };
    const policy = (await page.request.get(`${server.url}/`)).headers()['content-security-policy']!;
    await page.route(
      ({ pathname }) => pathname === new URL(code.path, server.url).pathname,
      (route) => {
        if (built) return route.continue();
        return route.fulfill({
          status: 503,
          contentType: 'text/html; charset=utf-8',
          headers: { 'content-security-policy': policy },
          body: waitingPage(state),
        });
      },
    );
    await page.route('**/waiting.js', (route) =>
      route.fulfill({ contentType: 'text/javascript', body: WAITING_SCRIPT }),
    );
    await page.route('**/waiting.json', (route) =>
      route.fulfill({ json: { ready: built, done: 0.7, phase: 'compressing', failure: false } }),
    );
    await page.goto(`${server.url}${code.path}`);
    await page.getByRole('heading', { name: 'Preparing the dashboard' }).waitFor();
    await page.getByText('compressing').waitFor();
    built = true;
    await page.getByRole('navigation', { name: 'Main' }).waitFor();
    assert.ok(!page.url().includes(code.code));
    watched.assertClean('waiting');
    await watched.close();
  });
});
