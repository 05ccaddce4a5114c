import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { topicLabels, topicRows, type Workspace } from '@understudy/e2e';
import type { Browser, Page } from 'playwright-core';
import { violationsOn } from './accessibility.ts';
import { withoutChromium } from './chromium.ts';
import type { DashboardServer } from './dashboard-server.ts';
import { type Rig, startRig } from './rig.ts';
import { screenshot } from './screenshot.ts';
import { type Seeded, seedShop } from './seed.ts';
import { settled, signIn } from './sign-in.ts';
import { type Look, WatchedPage } from './watched-page.ts';

const TABS = ['certificate', 'quality', 'training', 'what-if', 'settings'] as const;

const csvOf = (rows: readonly { input: { text: string }; label: string }[]) =>
  `text,label\n${rows.map(({ input, label }) => `"${input.text.replaceAll('"', '""')}",${label}`).join('\n')}\n`;

async function task(workspace: Workspace, slug: string) {
  const { json } = await workspace.get(`/v1/tasks/${slug}`);
  return json;
}

describe('overview and tasks', { skip: withoutChromium() }, () => {
  let rig: Rig | undefined;
  let server: DashboardServer;
  let browser: Browser;
  let shop: Seeded;

  before(async () => {
    rig = await startRig();
    ({ server, browser } = rig);
    shop = await seedShop(await server.workspace('Tasks'));
  });
  after(async () => {
    await rig?.close();
  });

  /** Signed in to a workspace, on a path. */
  async function open(workspace: Workspace, path: string, look?: Look): Promise<WatchedPage> {
    const watched = await WatchedPage.open(browser, look);
    await signIn(watched.page, server.url, workspace.key, path);
    await settled(watched.page);
    return watched;
  }

  test('a newcomer makes a task, brings examples with mistakes in them, and trains', async () => {
    const workspace = await server.workspace('Wizard');
    const watched = await open(workspace, '/');
    const { page } = watched;
    watched.expect(/422 \(Unprocessable/); // the file with bad rows
    await page.getByRole('heading', { name: 'First steps' }).waitFor();
    await page.getByRole('link', { name: 'New task' }).first().click();

    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Customer inquiries');
    await page.getByRole('button', { name: 'Create and go on' }).click();
    await page.getByText('A decision needs at least two possible answers.').waitFor();
    for (const [index, label] of topicLabels.entries()) {
      if (index >= 2) await page.getByRole('button', { name: 'Add an answer' }).click();
      await page.getByRole('textbox', { name: `Answer ${index + 1}`, exact: true }).fill(label);
    }
    assert.deepEqual(await violationsOn(page), []);
    await page.getByRole('button', { name: 'Create and go on' }).click();
    await page.waitForURL(/\/tasks\/customer-inquiries\/setup\?step=budget/);

    const budget = page.getByRole('textbox', { name: 'May be wrong' });
    await budget.fill('0');
    await page.getByText(/No mistake at all cannot be promised/).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Go on' }).isDisabled(), true);
    await budget.fill('10');
    await page.getByText(/at most 10 in 100 are wrong/).waitFor();
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.waitForURL(/step=costs/);

    await page.reload(); // the address is enough to go on
    await page.getByRole('textbox', { name: 'An hour of work costs' }).fill('-3');
    await page.getByText(/cannot be negative/).waitFor();
    await page.getByRole('textbox', { name: 'An hour of work costs' }).fill('30');
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.waitForURL(/step=instructions/);
    await page.getByRole('textbox', { name: 'Instructions for reviewers' }).fill('Read the **whole** message.');
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.waitForURL(/step=import/);

    const good = csvOf(topicRows(240));
    await dropFile(page, 'inquiries.csv', `${good}"What is this?",nonsense\n`);
    await page.getByText('Nothing was imported').waitFor();
    await page
      .getByRole('table', { name: 'Rows with problems' })
      .getByText(/nonsense/)
      .waitFor();
    assert.deepEqual(await violationsOn(page), []);
    await screenshot(page, 'setup-import-refused');
    await page.getByRole('button', { name: 'Import the good rows, leave these out' }).click();
    await page.getByText(/240 examples so far/).waitFor();
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.waitForURL(/step=train/);

    await page.getByRole('button', { name: 'Train a model' }).click();
    await page.waitForURL(/run=run_/);
    await page.getByRole('progressbar', { name: 'Training' }).waitFor();
    assert.deepEqual(await violationsOn(page), []);
    await screenshot(page, 'setup-training');
    await page.getByText(/right on examples it had not seen/).waitFor({ timeout: 180_000 });
    await page.getByRole('link', { name: 'To the task' }).click();
    await page.getByRole('heading', { name: 'Customer inquiries', level: 1 }).waitFor();

    const made = await task(workspace, 'customer-inquiries');
    assert.equal(made.error_budget.max_error, 0.1);
    assert.equal(made.economics.cost_per_hour, '30');
    assert.equal(made.instructions, 'Read the **whole** message.');
    assert.equal(made.labels.length, topicLabels.length);
    watched.assertClean('wizard');
    await watched.close();
  });

  test('the dial: keys, numbers, a refusal in words, and nothing changes before it is confirmed', async () => {
    const watched = await open(shop.workspace, `/tasks/${shop.task}`);
    const { page } = watched;
    const dial = page.getByRole('slider', { name: 'Share that may be wrong' });
    await dial.waitFor();
    const expected = page.getByRole('table', { name: 'What to expect' });
    await expected.waitFor();
    await dial.focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForURL(/budget=6(&|$)/);
    await expected.getByText('With 6 %').waitFor();
    assert.equal(await dial.getAttribute('aria-valuetext'), '6\u00a0%');

    const number = page.getByRole('textbox', { name: 'May be wrong' });
    for (const [written, reason] of [
      ['0', /No mistake at all cannot be promised/],
      ['100', /nothing to prove/],
    ] as const) {
      await number.fill(written);
      await page.getByText(reason).waitFor();
      assert.equal(await page.getByRole('button', { name: 'Apply this budget' }).isDisabled(), true);
    }
    await number.fill('12');
    await page.waitForURL(/budget=12(&|$)/);
    assert.equal((await task(shop.workspace, shop.task)).error_budget.max_error, 0.05);
    await page.reload(); // what is tried can be shared
    await expected.getByText('With 12 %').waitFor();
    await page.getByRole('button', { name: 'Apply this budget' }).click();
    const dialog = page.getByRole('dialog', { name: 'Apply this error budget?' });
    assert.deepEqual(await violationsOn(page), []);
    await dialog.getByRole('button', { name: 'Apply' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await expected.getByText('Now, 12 %').waitFor();
    assert.equal((await task(shop.workspace, shop.task)).error_budget.max_error, 0.12);
    watched.assertClean('dial');
    await watched.close();
  });

  test('two people edit at once: the second is told, and may put theirs on top', async () => {
    const watched = await open(shop.workspace, `/tasks/${shop.task}?tab=settings`);
    const { page } = watched;
    watched.expect(/412 \(Precondition Failed\)/);
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Inquiries, renamed');
    const before = await task(shop.workspace, shop.task);
    const { id: _i, task: _t, revision: _r, created_at: _c, updated_at: _u, ...definition } = before;
    const other = await shop.workspace.put(`/v1/tasks/${shop.task}`, { ...definition, retention_days: 77 });
    assert.equal(other.status, 200, other.text);
    const general = page.getByRole('region', { name: 'Name and instructions' });
    await general.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Somebody else has changed this task meanwhile.').waitFor();
    assert.deepEqual(await violationsOn(page), []);
    await screenshot(page, 'task-settings-conflict');
    await page.getByRole('button', { name: 'Save mine on top of theirs' }).click();
    await page.getByRole('heading', { name: 'Inquiries, renamed', level: 1 }).waitFor();
    const now = await task(shop.workspace, shop.task);
    assert.equal(now.title, 'Inquiries, renamed');
    watched.assertClean('conflict');
    await watched.close();
  });

  test('what if: the past under the settings as they are comes out the same', async () => {
    const watched = await open(shop.workspace, `/tasks/${shop.task}?tab=what-if`);
    const { page } = watched;
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.waitForURL(/replay=/);
    await page.getByRole('table', { name: 'What happened and what would have happened' }).waitFor({ timeout: 60_000 });
    await page.reload();
    await page.getByRole('table', { name: 'What happened and what would have happened' }).waitFor();
    assert.deepEqual(await violationsOn(page), []);
    await screenshot(page, 'task-what-if-result');
    watched.assertClean('what if');
    await watched.close();
  });

  test('pausing sends everything to people, after a question; deleting wants the name', async () => {
    const workspace = await server.workspace('Pause');
    await workspace.makeTask('letters', ['yes', 'no'], { title: 'Letters' });
    const watched = await open(workspace, '/tasks/letters');
    const { page } = watched;
    await page.getByRole('button', { name: 'Pause automation' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByRole('button', { name: 'Resume automation' }).waitFor();
    assert.equal((await task(workspace, 'letters')).automation.mode, 'off');

    await page.getByRole('tab', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Delete …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete “Letters”?' });
    const remove = dialog.getByRole('button', { name: 'Delete', exact: true });
    assert.equal(await remove.isDisabled(), true);
    await dialog.getByRole('textbox').fill('Letters');
    assert.equal(await remove.isDisabled(), true);
    await dialog.getByRole('textbox').fill('letters');
    assert.deepEqual(await violationsOn(page), []);
    await remove.click();
    await page.getByText('There is no task yet').waitFor();
    watched.assertClean('pause and delete');
    await watched.close();
  });

  for (const look of [
    { scheme: 'light', width: 1440, height: 900 },
    { scheme: 'dark', width: 390, height: 844 },
  ] as const) {
    test(`every tab and step, ${look.scheme} at ${look.width}: accessible and no wider than the window`, async () => {
      const watched = await open(shop.workspace, '/', look);
      const { page } = watched;
      const failures: string[] = [];
      const paths = [
        '/?period=24h',
        '/?period=1y',
        `/?task=${shop.task}`,
        '/new-task',
        ...TABS.map((tab) => `/tasks/${shop.task}?tab=${tab}`),
        ...['answers', 'budget', 'costs', 'instructions', 'import', 'train'].map(
          (step) => `/tasks/${shop.task}/setup?step=${step}`,
        ),
      ];
      for (const path of paths) {
        await page.goto(`${server.url}${path}`);
        await settled(page);
        const name = path.replaceAll(/[^a-z0-9]+/gi, '-').replaceAll(/^-|-$/g, '');
        await screenshot(page, `${name}-${look.scheme}-${look.width}`);
        failures.push(...(await violationsOn(page)).map((violation) => `${path}: ${violation}`));
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        if (overflow > 0) failures.push(`${path}: is ${overflow} px wider than the window`);
      }
      assert.deepEqual(failures, []);
      watched.assertClean(look.scheme);
      await watched.close();
    });
  }

  test('the overview follows what happens, and nothing on it moves', async () => {
    const watched = await WatchedPage.open(browser);
    const { page, context } = watched;
    await context.addInitScript(() => {
      const counted = window as unknown as { shifts: number };
      counted.shifts = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as unknown as { value: number; hadRecentInput: boolean }[])
          if (!entry.hadRecentInput) counted.shifts += entry.value;
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await signIn(page, server.url, shop.workspace.key);
    await page.getByRole('table', { name: 'All tasks' }).waitFor();
    await page.evaluate(() => {
      (window as unknown as { shifts: number }).shifts = 0;
    });
    const count = shop.decisions.length;
    await page
      .getByText(new RegExp(`of ${count} decisions`))
      .first()
      .waitFor();
    const sent = await shop.workspace.post(`/v1/predict/${shop.task}`, { input: { text: 'Where is my parcel?' } });
    assert.equal(sent.status, 200, sent.text);
    await page
      .getByText(new RegExp(`of ${count + 1} decisions`))
      .first()
      .waitFor();
    const shifts = await page.evaluate(() => (window as unknown as { shifts: number }).shifts);
    assert.ok(shifts < 0.01, `layout shift of ${shifts}`);
    await page.getByRole('radiogroup', { name: 'Period' }).getByText('7 days').click();
    await page.waitForURL(/period=7d/);
    watched.assertClean('live');
    await watched.close();
  });
});

/** As if the file were dragged in from the desktop. */
async function dropFile(page: Page, name: string, content: string): Promise<void> {
  const data = await page.evaluateHandle(
    ([fileName, text]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text!], fileName!, { type: 'text/csv' }));
      return transfer;
    },
    [name, content],
  );
  const target = page.getByText('Drop a file here');
  await target.dispatchEvent('dragover', { dataTransfer: data });
  await target.dispatchEvent('drop', { dataTransfer: data });
}
