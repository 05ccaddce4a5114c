/**
 * `npm run measure -w @understudy/browser-tests`: what the dashboard costs a visitor, measured in Chromium on a seeded
 * workspace. Prints a Markdown table; asserts nothing, since times are the machine’s.
 */
import { eventually } from '@understudy/e2e';
import type { Browser, Page } from 'playwright-core';
import { startRig } from './rig.ts';
import { type Seeded, seedShop } from './seed.ts';
import { settled, signIn } from './sign-in.ts';
import { WatchedPage } from './watched-page.ts';

const VISITS = 5;
const KEYS = 20;

const rig = await startRig();
try {
  const shop = await seedShop(await rig.server.workspace('Corner Shop'));
  const many = Array.from({ length: 60 }, (_, index) => ({ input: { text: `parcel invoice login ${index}` } }));
  await shop.workspace.makeTask('comments', ['ok', 'spam', 'toxic'], { title: 'Comments' });
  await shop.workspace.post('/v1/predict/comments/batch', { items: many });
  await eventually('items wait', async () => {
    const { json } = await shop.workspace.get('/v1/review/queues?task=comments');
    return json.total.depth >= many.length;
  });
  console.log('| What | Measured | Wanted |\n| --- | --- | --- |');
  await firstLoad(rig.browser, shop);
  await shifts(rig.browser, shop);
  await keyToNext(rig.browser, shop);
} finally {
  await rig.close();
}

function line(what: string, measured: string, wanted: string): void {
  console.log(`| ${what} | ${measured} | ${wanted} |`);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

/** Signed in, with an empty cache: every script that the overview asks for, and when its content stands there. */
async function firstLoad(browser: Browser, shop: Seeded): Promise<void> {
  const times: number[] = [];
  const scripts = new Set<string>();
  const watched = await WatchedPage.open(browser);
  await signIn(watched.page, rig.server.url, shop.workspace.key);
  const state = await watched.context.storageState();
  await watched.close();
  for (let visit = 0; visit < VISITS; visit++) {
    const context = await browser.newContext({ storageState: state, viewport: { width: 1280, height: 860 } });
    const page = await context.newPage();
    page.on('request', (request) => {
      if (request.resourceType() === 'script') scripts.add(request.url());
    });
    await page.goto(`${rig.server.url}/`, { waitUntil: 'commit' });
    const interactive = await page.waitForFunction(
      () =>
        document.querySelector('h1') !== null &&
        document.querySelector('[aria-busy="true"], [role="status"][aria-label="Loading"]') === null
          ? performance.now()
          : null,
      undefined,
      { polling: 'raf' },
    );
    times.push((await interactive.jsonValue())!);
    await context.close();
  }
  let bytes = 0;
  for (const url of scripts) bytes += await gzipped(url);
  line('JavaScript of the first load, gzip', `${(bytes / 1000).toFixed(0)} kB in ${scripts.size} files`, '≤ 300 kB');
  const [low, high] = [Math.min(...times), Math.max(...times)];
  line(
    `Overview from navigation to its figures, empty cache, median of ${VISITS}`,
    `${median(times).toFixed(0)} ms (${low.toFixed(0)}–${high.toFixed(0)})`,
    '≤ 1500 ms',
  );
}

async function gzipped(url: string): Promise<number> {
  const { request } = await import('node:http');
  return new Promise((resolve, reject) => {
    request(url, { headers: { 'accept-encoding': 'gzip' }, agent: false }, (reply) => {
      let bytes = 0;
      reply.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      reply.on('end', () => resolve(bytes));
    })
      .on('error', reject)
      .end();
  });
}

/** How much every page moves by itself while it loads and for two refreshes after that. */
async function shifts(browser: Browser, shop: Seeded): Promise<void> {
  const watched = await WatchedPage.open(browser);
  const { page, context } = watched;
  await context.addInitScript(() => {
    const seen = window as unknown as { shift: number; moved: string[] };
    seen.shift = 0;
    seen.moved = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as unknown as {
        value: number;
        hadRecentInput: boolean;
        sources: { node: Element | null }[];
      }[]) {
        if (entry.hadRecentInput) continue;
        seen.shift += entry.value;
        for (const { node } of entry.sources) {
          const element = node instanceof Element ? node : (node as Node | null)?.parentElement;
          if (element) seen.moved.push(`${element.tagName.toLowerCase()}.${element.className}`.slice(0, 60));
        }
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await signIn(page, rig.server.url, shop.workspace.key);
  const paths = [
    '/',
    '/tasks',
    `/tasks/${shop.task}`,
    `/tasks/${shop.task}?tab=quality`,
    `/tasks/${shop.task}?tab=training`,
    `/tasks/${shop.task}?tab=settings`,
    '/review',
    '/review?mode=grid',
    '/decisions',
    `/decisions/${shop.decisions[0]!.id}`,
    '/models',
    `/models/${shop.task}`,
    '/data',
    '/value',
    '/settings?tab=members',
    '/settings?tab=keys',
    '/settings?tab=audit',
  ];
  for (const path of paths) {
    await page.goto(`${rig.server.url}${path}`);
    await settled(page);
    await page.waitForTimeout(1500);
    const { shift, moved } = await page.evaluate(() => {
      const seen = window as unknown as { shift: number; moved: string[] };
      return { shift: seen.shift, moved: [...new Set(seen.moved)] };
    });
    line(`Layout shift of ${path.replace(/dec_\w+/, '…')}`, shift.toFixed(4), '< 0.02');
    if (shift >= 0.02) console.error(`  moved: ${moved.join(', ')}`);
  }
  await watched.close();
}

async function keyToNext(browser: Browser, shop: Seeded): Promise<void> {
  const watched = await WatchedPage.open(browser);
  const { page } = watched;
  await signIn(page, rig.server.url, shop.workspace.key, '/review?task=comments');
  await page.getByTestId('review-item').waitFor();
  const times: number[] = [];
  for (let index = 0; index < KEYS; index++) times.push(await keyTime(page));
  line(
    `Review, from key to the next item painted, median of ${KEYS}`,
    `${median(times).toFixed(0)} ms (longest ${Math.max(...times).toFixed(0)})`,
    '< 100 ms',
  );
  await watched.close();
}

/** As the page itself sees it: from the event to the frame after the one that shows another item. */
async function keyTime(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const item = () => document.querySelector('[data-testid="review-item"]')?.getAttribute('data-item');
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    while (item() === undefined) await frame();
    const before = item();
    const startedAt = performance.now();
    window.dispatchEvent(new KeyboardEvent('keydown', { key: '1', bubbles: true, cancelable: true }));
    while (item() === before || item() === undefined) await frame();
    await frame();
    return performance.now() - startedAt;
  });
}
