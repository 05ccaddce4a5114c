import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { topicRows, type Workspace } from '@understudy/e2e';
import type { Browser, Page } from 'playwright-core';
import { violationsOn } from './accessibility.ts';
import { withoutChromium } from './chromium.ts';
import type { DashboardServer } from './dashboard-server.ts';
import { type Rig, startRig } from './rig.ts';
import { screenshot } from './screenshot.ts';
import { type Seeded, seedShop } from './seed.ts';
import { settled, signIn } from './sign-in.ts';
import { type Look, WatchedPage } from './watched-page.ts';

const NARROW: Look = { scheme: 'dark', width: 390, height: 844 };

describe('models, data and value', { skip: withoutChromium() }, () => {
  let rig: Rig | undefined;
  let server: DashboardServer;
  let browser: Browser;
  let shop: Seeded;
  let workspace: Workspace;
  /** The dataset that version 1 was made of. */
  let dataset: string;

  before(async () => {
    rig = await startRig();
    ({ server, browser } = rig);
    shop = await seedShop(await server.workspace('Corner Shop'));
    workspace = shop.workspace;
    await workspace.import(shop.task, topicRows(60, 11));
    const run = await workspace.train(shop.task, { trainer: 'linear', promote: 'never' });
    assert.equal(run.model_version, '2', JSON.stringify(run.error));
    dataset = (await workspace.get(`/v1/models/${shop.task}/versions/1`)).json.lineage.dataset;
  });
  after(async () => {
    await rig?.close();
  });

  async function open(look?: Look): Promise<WatchedPage> {
    const watched = await WatchedPage.open(browser, look);
    await signIn(watched.page, server.url, workspace.key);
    return watched;
  }

  const championOf = async () =>
    (await workspace.get(`/v1/models/${shop.task}`)).json.aliases.find(
      ({ alias }: { alias: string }) => alias === 'champion',
    )?.version;

  const accessible = async (page: Page, name: string) => {
    await settled(page);
    await screenshot(page, name);
    assert.deepEqual(await violationsOn(page), [], name);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.ok(overflow <= 0, `${name} is ${overflow} px wider than the window`);
  };

  for (const [name, look] of [
    ['light-wide', undefined],
    ['dark-narrow', NARROW],
  ] as const) {
    test(`every tab is accessible and fits, ${name}`, async () => {
      const watched = await open(look);
      const { page } = watched;
      for (const tab of ['quality', 'mistakes', 'origin', 'compare', 'history']) {
        await page.goto(`${server.url}/models/${shop.task}?tab=${tab}`);
        await accessible(page, `model-${tab}-${name}`);
      }
      for (const tab of ['examples', 'import', 'versions']) {
        await page.goto(`${server.url}/data?tab=${tab}`);
        await accessible(page, `data-${tab}-${name}`);
      }
      await page.goto(`${server.url}/data?tab=versions&dataset=${dataset}`);
      await accessible(page, `data-dataset-${name}`);
      await page.goto(`${server.url}/value?period=7d`);
      await accessible(page, `value-7d-${name}`);
      watched.assertClean(name);
      await watched.close();
    });
  }

  test('a version is promoted with a reason, and rolled back; the history says so', async () => {
    const watched = await open();
    const { page } = watched;
    await page.goto(`${server.url}/models`);
    await page.getByRole('link', { name: 'Customer inquiries' }).click();
    await page.getByRole('button', { name: 'Promote to version 2' }).click();
    const dialog = page.getByRole('dialog');
    const confirm = dialog.getByRole('button', { name: 'Promote' });
    assert.equal(await confirm.isDisabled(), true, 'a reason is asked for');
    await dialog.getByLabel('Reason').fill('It learnt from the newest tickets.');
    assert.deepEqual(await violationsOn(page), []);
    await confirm.click();
    await dialog.waitFor({ state: 'hidden' });
    assert.equal(await championOf(), '2');
    await page.getByRole('button', { name: 'Roll back to version 1' }).click();
    await dialog.getByLabel('Reason').fill('Too many parcels went to billing.');
    await dialog.getByRole('button', { name: 'Roll back' }).click();
    await dialog.waitFor({ state: 'hidden' });
    assert.equal(await championOf(), '1');
    await page.getByRole('tab', { name: 'Promotions' }).click();
    const history = page.getByRole('table', { name: 'Promotions and roll-backs' });
    await history.getByText('Too many parcels went to billing.').waitFor();
    await history.getByText('It learnt from the newest tickets.').waitFor();
    await history.getByText('Back to version 1, from 2').waitFor();
    watched.assertClean('promotion');
    await watched.close();
  });

  test('two versions are compared, and the other one is tried on the past', async () => {
    const watched = await open();
    const { page } = watched;
    await page.goto(`${server.url}/models/${shop.task}?version=2&tab=compare&with=1`);
    await page.getByRole('table', { name: 'Figures of both versions' }).waitFor();
    await page.getByRole('button', { name: 'Try version 2 on the past' }).click();
    await page.getByText(/of \d+ come out otherwise|as they were answered/).waitFor();
    assert.match(page.url(), /replay=/, 'the comparison has an address');
    await accessible(page, 'model-compare-tried');
    await page.getByRole('tab', { name: 'Origin' }).click();
    await page.getByRole('link', { name: /^sha256:/ }).click();
    await page.getByRole('heading', { name: /^Version [0-9a-f]{12}$/ }).waitFor();
    watched.assertClean('comparison');
    await watched.close();
  });

  test('a file with a bad row is refused with its line, then imported without it', async () => {
    const watched = await open();
    watched.expect(/40[0-9]|422/);
    const { page } = watched;
    const file = join(mkdtempSync(join(tmpdir(), 'understudy-browser-')), 'inquiries.csv');
    writeFileSync(
      file,
      'text,label\nWhere is parcel 77?,delivery\nHello there,greeting\nRefund for 78 please,billing\n',
    );
    await page.goto(`${server.url}/data?tab=import`);
    await page.getByLabel('File with examples').setInputFiles(file);
    await page.getByText('Nothing was imported').waitFor();
    await page
      .getByRole('table', { name: 'Rows with problems' })
      .getByRole('cell', { name: '3', exact: true })
      .waitFor();
    assert.deepEqual(await violationsOn(page), []);
    await page.getByRole('button', { name: 'Import the good rows, leave these out' }).click();
    await page.getByText('Imported 2 examples').waitFor();
    watched.assertClean('import');
    await watched.close();
  });

  test('examples are narrowed down by the address and deleted', async () => {
    const watched = await open();
    const { page } = watched;
    await page.goto(`${server.url}/data?label=billing&source=import`);
    const table = page.getByRole('table', { name: 'Examples' });
    await table.waitFor();
    const labels = await table.locator('tbody td:nth-child(2)').allInnerTexts();
    assert.deepEqual([...new Set(labels)], ['billing']);
    const before = (await workspace.get(`/v1/tasks/${shop.task}/examples/stats`)).json.examples;
    await table
      .getByRole('button', { name: /^Delete the example/ })
      .first()
      .click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    const now = (await workspace.get(`/v1/tasks/${shop.task}/examples/stats`)).json.examples;
    assert.equal(now, before - 1);
    watched.assertClean('examples');
    await watched.close();
  });

  test('a dataset version is made, compared and downloaded', async () => {
    const watched = await open();
    const { page } = watched;
    await page.goto(`${server.url}/data?tab=versions`);
    await page.getByRole('button', { name: 'Make a version' }).click();
    await page.getByRole('heading', { name: /^Version [0-9a-f]{12}$/ }).waitFor();
    await page.getByRole('combobox', { name: 'Compare with' }).click();
    await page.getByRole('option').last().click();
    await page.getByRole('table', { name: 'Sizes and sources' }).waitFor();
    assert.match(page.url(), /with=/);
    await accessible(page, 'data-difference');
    await page.getByRole('button', { name: 'Download', exact: true }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: /^CSV/ }).click(),
    ]);
    const lines = readFileSync(await download.path(), 'utf8').split('\r\n');
    assert.match(lines[0]!, /^text,label/);
    assert.ok(lines.length > 200);
    watched.assertClean('datasets');
    await watched.close();
  });

  test('the value report is exported, and its export holds in the browser; a changed one does not', async () => {
    const watched = await open();
    const { page } = watched;
    await page.goto(`${server.url}/value`);
    await page.getByText('Done without a person', { exact: true }).first().waitFor();
    await page.getByRole('button', { name: 'Check this report here' }).click();
    await page.getByText('Holds', { exact: true }).waitFor({ timeout: 30_000 });
    await accessible(page, 'value-checked');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Export for verification' }).click(),
    ]);
    await page.getByText(`understudy value --verify ${download.suggestedFilename()}`).waitFor();
    const changed = join(mkdtempSync(join(tmpdir(), 'understudy-browser-')), 'changed.ndjson');
    const whole = readFileSync(await download.path(), 'utf8');
    writeFileSync(
      changed,
      whole.replace(/"decisions":(\d+)/, (_, n) => `"decisions":${Number(n) + 1}`),
    );
    await page.getByLabel('Export to check').setInputFiles(changed);
    await page.getByText('Does not hold').waitFor({ timeout: 30_000 });
    const [report] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('link', { name: 'Page to print' }).click(),
    ]);
    await report.locator('h1').first().waitFor();
    watched.assertClean('value');
    await watched.close();
  });
});
