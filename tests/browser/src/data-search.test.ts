import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Workspace } from '@understudy/e2e';
import type { Browser, Page } from 'playwright-core';
import { violationsOn } from './accessibility.ts';
import { withoutChromium } from './chromium.ts';
import type { DashboardServer } from './dashboard-server.ts';
import { type Rig, startRig } from './rig.ts';
import { screenshot } from './screenshot.ts';
import { settled, signIn } from './sign-in.ts';
import { type Look, WatchedPage } from './watched-page.ts';

const TASK = 'inquiries';
const LOOKS: readonly [string, Look | undefined][] = [
  ['light-wide', undefined],
  ['dark-narrow', { scheme: 'dark', width: 390, height: 844 }],
];

describe('searching examples and comparing dataset versions', { skip: withoutChromium() }, () => {
  let rig: Rig | undefined;
  let server: DashboardServer;
  let browser: Browser;
  let workspace: Workspace;
  let earlier: string;
  let later: string;

  before(async () => {
    rig = await startRig();
    ({ server, browser } = rig);
    workspace = await server.workspace('Search');
    await workspace.makeTask(TASK, ['billing', 'delivery', 'returns']);
    const ordinary = Array.from({ length: 120 }, (_, n) => ({
      input: { text: `Where is parcel ${n}? It was promised for today.` },
      label: 'delivery',
    }));
    await workspace.import(TASK, [
      ...ordinary,
      { input: { text: 'この時計を返品したいです' }, label: 'billing' },
      { input: { text: 'I was charged 100% twice 😀' }, label: 'billing' },
      { input: { text: 'Take my order back please' }, label: 'delivery' },
    ]);
    earlier = (await workspace.post(`/v1/tasks/${TASK}/datasets`)).json.id;
    for (const q of ['時計', 'order back']) {
      const { json } = await workspace.get(`/v1/tasks/${TASK}/examples?q=${encodeURIComponent(q)}`);
      assert.equal(json.data.length, 1, q);
      await workspace.delete(`/v1/tasks/${TASK}/examples/${json.data[0].id}`);
    }
    await workspace.import(TASK, [
      { input: { text: 'この時計を返品したいです' }, label: 'returns' },
      { input: { text: 'An invoice for my company, please' }, label: 'billing' },
    ]);
    later = (await workspace.post(`/v1/tasks/${TASK}/datasets`)).json.id;
  });
  after(async () => {
    await rig?.close();
  });

  const accessible = async (page: Page, name: string) => {
    await settled(page);
    await screenshot(page, name);
    assert.deepEqual(await violationsOn(page), [], name);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.ok(overflow <= 0, `${name} is ${overflow} px wider than the window`);
  };

  for (const [name, look] of LOOKS) {
    test(`examples are found by words of any script, ${name}`, async () => {
      const watched = await WatchedPage.open(browser, look);
      const { page } = watched;
      await signIn(page, server.url, workspace.key);
      await page.goto(`${server.url}/data?task=${TASK}`);
      const rows = page.getByRole('table', { name: 'Examples' }).locator('tbody tr');
      const field = page.getByRole('textbox', { name: 'Search the texts' });
      await field.fill('時計');
      await page.waitForURL(/q=/);
      await page.getByText('この時計を返品したいです').waitFor();
      assert.equal(await rows.count(), 1);
      await accessible(page, `data-search-${name}`);
      await field.fill('100% 😀');
      await page.getByText('I was charged').waitFor();
      assert.equal(await rows.count(), 1);
      await field.fill('no such w_rd');
      await page.getByText('No example matches').waitFor();
      await accessible(page, `data-search-nothing-${name}`);
      await page.getByRole('button', { name: 'Show all' }).click();
      await rows.nth(20).waitFor();
      assert.equal(await field.inputValue(), '');
      watched.assertClean(name);
      await watched.close();
    });

    test(`two dataset versions are compared row by row, ${name}`, async () => {
      const watched = await WatchedPage.open(browser, look);
      // Nothing was trained yet: the task has no model to ask for.
      watched.expect(/404/);
      const { page } = watched;
      await signIn(page, server.url, workspace.key);
      await page.goto(`${server.url}/data?task=${TASK}&tab=versions&dataset=${later}&with=${earlier}`);
      const table = page.getByRole('table', { name: 'Rows that differ' });
      await table.getByText('この時計を返品したいです').waitFor();
      await page.getByText('121 are the same in both').waitFor();
      assert.equal(await table.locator('tbody tr').count(), 3);
      await accessible(page, `data-difference-${name}`);
      await page.getByText('Added 1', { exact: true }).click();
      await table.getByText('An invoice for my company, please').waitFor();
      assert.equal(await table.locator('tbody tr').count(), 1);
      assert.match(page.url(), /change=added/);
      watched.assertClean(name);
      await watched.close();
    });
  }
});
