import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Workspace } from '@understudy/e2e';
import type { Browser } from 'playwright-core';
import { withoutChromium } from './chromium.ts';
import type { DashboardServer } from './dashboard-server.ts';
import { hostileStrings } from './hostile-strings.ts';
import { type Rig, startRig } from './rig.ts';
import { settled, signIn } from './sign-in.ts';
import { WatchedPage } from './watched-page.ts';

describe('hostile content', { skip: withoutChromium() }, () => {
  let rig: Rig | undefined;
  let server: DashboardServer;
  let browser: Browser;
  let target: Workspace;
  let decisions: string[];
  let jobPath: string;
  let webhookPath: string;

  before(async () => {
    rig = await startRig();
    ({ server, browser } = rig);
    target = await server.workspace(hostileStrings[1]!.slice(0, 200));
    const labels = [hostileStrings[0]!, hostileStrings[4]!, 'ok'];
    await target.makeTask('comments', labels, {
      title: hostileStrings[8]!.slice(0, 200),
      instructions: hostileStrings.join('\n\n'),
      owner: 'x',
    });
    const items = hostileStrings.map((text) => ({
      input: { text },
      external_id: text.slice(0, 200),
      subject: text.slice(0, 200),
    }));
    const reply = await target.post('/v1/predict/comments/batch', { items });
    assert.equal(reply.status, 200, reply.text);
    decisions = reply.json.decisions.map(({ id }: { id: string }) => id);
    await target.post(`/v1/decisions/${decisions[0]}/labels`, {
      label: labels[0],
      source: 'appeal',
      note: hostileStrings[6],
    });
    const job = await target.post('/v1/jobs', {
      task: 'comments',
      items,
      external_id: hostileStrings[5]!.slice(0, 200),
    });
    assert.equal(job.status, 202, job.text);
    jobPath = `/jobs/${job.json.id}`;
    const description = hostileStrings[7]!.slice(0, 200);
    const hook = await target.post('/v1/webhooks', { url: 'http://127.0.0.1:9/<b>', events: ['*'], description });
    assert.equal(hook.status, 201, hook.text);
    webhookPath = `/webhooks/${hook.json.id}`;
    await target.post('/v1/keys', { name: hostileStrings[2]!.slice(0, 200), scopes: ['tasks:read'] });
    await target.post('/v1/members', { name: hostileStrings[3]!.slice(0, 200), role: 'viewer' });
  });
  after(async () => {
    await rig?.close();
  });

  test('100 strings as content run nothing, on any page', async () => {
    assert.equal(hostileStrings.length, 100);
    const watched = await WatchedPage.open(browser);
    const { page } = watched;
    await signIn(page, server.url, target.key);
    const ids = encodeURIComponent(hostileStrings[0]!);
    const paths = [
      '/',
      '/tasks',
      '/tasks/comments',
      '/decisions',
      `/decisions?external_id=${ids}&label=${ids}&subject=${ids}`,
      ...decisions.filter((_, index) => index % 7 === 0).map((id) => `/decisions/${id}`),
      '/review',
      '/review?mode=grid',
      '/data',
      '/models',
      '/value',
      '/queues',
      '/jobs',
      jobPath,
      `/dead-letters?origin=${ids}&task=${ids}`,
      '/webhooks',
      webhookPath,
      '/settings?tab=keys',
      '/settings?tab=members',
      '/settings?tab=audit',
      `/sign-in?next=javascript:alert(1)`,
    ];
    for (const path of paths) {
      await page.goto(`${server.url}${path}`);
      await settled(page);
      assert.equal(await page.evaluate(() => window.__ran?.join(', ')), undefined, path);
      const elements = await page.evaluate(
        () =>
          document.querySelectorAll(
            'main script, main iframe, main object, main embed, main img, [onerror], [onload], [onfocus]',
          ).length,
      );
      assert.equal(elements, 0, `${path} made elements of content`);
      const links = await page.evaluate(() =>
        [...document.querySelectorAll('a[href]')].map((link) => (link as HTMLAnchorElement).protocol),
      );
      assert.ok(
        links.every((protocol) => /^https?:$/.test(protocol)),
        `${path} has a link that runs`,
      );
    }
    // All of them are shown, as the text that they are.
    await page.goto(`${server.url}/decisions/${decisions[0]}`);
    await page.getByText(hostileStrings[0]!).first().waitFor();
    watched.assertClean('hostile content');
    await watched.close();
  });

  test('the policy of the page stops what would run all the same', async () => {
    const watched = await WatchedPage.open(browser);
    const { page } = watched;
    watched.expect(/policy violation|Content Security Policy/);
    await page.goto(`${server.url}/sign-in`);
    const ran = await page.evaluate(async () => {
      document.body.insertAdjacentHTML('beforeend', '<img src="x" onerror="window.__ran=[\'inline handler\']">');
      const script = document.createElement('script');
      script.textContent = "window.__ran=['inline script']";
      document.body.append(script);
      await new Promise((done) => setTimeout(done, 200));
      return window.__ran ?? null;
    });
    assert.equal(ran, null);
    const response = await page.request.get(`${server.url}/`);
    const policy = response.headers()['content-security-policy']!;
    assert.ok(!/script-src[^;]*unsafe/.test(policy), policy);
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.equal(response.headers()['x-content-type-options'], 'nosniff');
    await watched.close();
  });
});
