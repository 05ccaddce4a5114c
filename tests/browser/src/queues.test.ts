import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { eventually, type Workspace } from '@understudy/e2e';
import type { Browser } from 'playwright-core';
import { violationsOn } from './accessibility.ts';
import { withoutChromium } from './chromium.ts';
import type { DashboardServer } from './dashboard-server.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { type Rig, startRig } from './rig.ts';
import { screenshot } from './screenshot.ts';
import { tooLong } from './seed-queues.ts';
import { settled, signIn } from './sign-in.ts';
import { WatchedPage } from './watched-page.ts';

describe('queues, sources and webhooks', { skip: withoutChromium() }, () => {
  let rig: Rig | undefined;
  let receiver: Receiver;
  let server: DashboardServer;
  let browser: Browser;
  let shop: Workspace;

  before(async () => {
    receiver = await startReceiver();
    rig = await startRig();
    ({ server, browser } = rig);
    shop = await server.workspace('Shop');
    await shop.makeTask('letters', ['yes', 'no'], { title: 'Letters' });
  });
  after(async () => {
    await rig?.close();
    await receiver?.close();
  });

  async function open(path: string): Promise<WatchedPage> {
    const watched = await WatchedPage.open(browser);
    await signIn(watched.page, server.url, shop.key, path);
    await settled(watched.page);
    return watched;
  }

  test('a dead letter is found, edited and replayed, and its job gets an answer', async () => {
    const letter = await tooLong(shop, 'notes');
    const watched = await open('/dead-letters');
    const { page } = watched;
    await page.getByRole('checkbox', { name: 'Choose all that are shown' }).check();
    await page.getByText('1 letter chosen').waitFor();
    await page.getByRole('table', { name: 'Dead letters' }).getByRole('link').first().click();
    await page.waitForURL(new RegExp(`/dead-letters/${letter}$`));
    await page.getByText('input_too_long').first().waitFor();
    await page.getByText('Bytes', { exact: true }).click();
    await page.getByText(/^00000000 {2}7b 22/).waitFor();

    await page.getByRole('button', { name: 'Edit …' }).click();
    const input = page.getByRole('textbox', { name: 'Input' });
    await input.fill('{"text": ');
    await page.getByText('This is not JSON').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Replay as changed' }).isDisabled(), true);
    assert.deepEqual(await violationsOn(page), []);
    await input.fill('{"text": "A short note."}');
    await screenshot(page, 'dead-letter-edited');
    await page.getByRole('button', { name: 'Replay as changed' }).click();
    await page.getByText('1 letter was sent again.').waitFor();
    assert.deepEqual(await violationsOn(page), []);
    await page.getByText('Replayed', { exact: true }).waitFor();
    await page.getByRole('link', { name: /^Job job_/ }).click();
    await page.getByRole('heading', { name: 'Job', exact: true, level: 1 }).waitFor();
    await page.getByRole('link', { name: 'All about this decision' }).click();
    await page.getByText('A short note.').waitFor();
    watched.assertClean('dead letter');
    await watched.close();
  });

  test('a webhook is made, its secret shown once, and a test event comes signed to the application', async () => {
    const watched = await open('/webhooks');
    const { page } = watched;
    await page.getByRole('button', { name: 'New webhook' }).click();
    const making = page.getByRole('dialog', { name: 'New webhook' });
    await making.getByRole('textbox', { name: 'Address' }).fill('http://169.254.169.254/latest');
    assert.deepEqual(await violationsOn(page), []);
    await screenshot(page, 'dialog-webhook');
    watched.expect(/4\d\d \(.*\/v1\/webhooks/);
    await making.getByRole('button', { name: 'Create the webhook' }).click();
    await making.getByRole('alert').waitFor();
    await making.getByRole('textbox', { name: 'Address' }).fill(receiver.url);
    await making.getByRole('button', { name: 'Create the webhook' }).click();
    const shown = page.getByRole('dialog', { name: 'The secret of this webhook' });
    const secret = (await shown.locator('.mono').innerText()).trim();
    assert.match(secret, /^whsec_/);
    assert.deepEqual(await violationsOn(page), []);
    await shown.getByRole('button', { name: 'I have kept it' }).click();
    await page.waitForURL(/\/webhooks\/whk_/);
    await page.getByRole('button', { name: 'Send a test event' }).click();
    const sent = await eventually('the test event comes', () => receiver.received[0]);
    assert.ok(!(await page.content()).includes(secret), 'shown once');
    const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signature } = sent.headers;
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    const expected = createHmac('sha256', key).update(`${id}.${time}.${sent.body}`).digest('base64');
    assert.ok(String(signature).split(' ').includes(`v1,${expected}`), 'signed with the secret that was shown');

    await page.getByRole('link', { name: 'understudy.test' }).click();
    const delivery = page.getByRole('dialog', { name: 'Delivery' });
    await delivery.getByText('Answer 200').waitFor();
    await delivery.getByText('{"taken":true}').waitFor();
    await delivery.getByRole('button', { name: 'Send it again' }).click();
    await eventually('it comes again', () => receiver.received[1]);
    assert.equal(receiver.received[1]!.headers['webhook-id'], id);
    await page.keyboard.press('Escape');
    await delivery.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Disable …' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
    await page.getByRole('button', { name: 'Enable' }).waitFor();
    watched.assertClean('webhook');
    await watched.close();
  });

  test('a source is made, paused and deleted; a place that is no path is refused in words', async () => {
    const watched = await open('/new-source');
    const { page } = watched;
    watched.expect(/4\d\d \(.*\/v1\/sources\//);
    await page.getByRole('button', { name: 'Create the source' }).click();
    await page.getByText(/The name has small letters/).waitFor();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('comments');
    await page.getByRole('combobox', { name: 'Message system', exact: true }).fill('http');
    await page.getByRole('textbox', { name: 'Type of the events' }).fill('comment.created');
    await page.getByRole('combobox', { name: 'Task', exact: true }).click();
    await page.getByRole('option', { name: 'Letters' }).click();
    await page.getByRole('textbox', { name: 'Text', exact: true }).fill('$..text');
    await page.getByRole('button', { name: 'Create the source' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByRole('textbox', { name: 'Text', exact: true }).fill('$.data.text');
    await page.getByRole('button', { name: 'Create the source' }).click();
    await page.getByRole('heading', { name: 'comments', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Resume' }).waitFor();
    await page.getByRole('button', { name: 'Delete …' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('No source yet').waitFor();
    watched.assertClean('source');
    await watched.close();
  });
});
