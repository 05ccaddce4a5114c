import type { Page } from 'playwright-core';
import { violationsOn } from './accessibility.ts';
import { screenshot } from './screenshot.ts';
import type { Seeded } from './seed.ts';
import type { SeededQueues } from './seed-queues.ts';
import { settled } from './sign-in.ts';

export const SIZES = {
  wide: { width: 1280, height: 860 },
  narrow: { width: 390, height: 844 },
} as const;

/**
 * The page as it stands, wide and narrow, in light and in dark: what is wrong with it, in words. It is loaded once and
 * starts with the width that the one before ended with, so that every second page is loaded narrow. Of the dark only the
 * contrasts are new, and they are looked at in the width that it is loaded in.
 */
export async function problemsOf(page: Page, name: string): Promise<string[]> {
  const problems: string[] = [];
  const wideFirst = page.viewportSize()!.width === SIZES.wide.width;
  const sizes = wideFirst ? (['wide', 'narrow'] as const) : (['narrow', 'wide'] as const);
  for (const size of sizes) {
    await page.setViewportSize(SIZES[size]);
    for (const scheme of size === sizes[0] ? (['dark', 'light'] as const) : (['light'] as const)) {
      await drawnIn(page, scheme);
      await screenshot(page, `${name}-${size}-${scheme}`);
      const found = await violationsOn(page, scheme === 'light' ? 'everything' : 'contrast');
      problems.push(...found.map((violation) => `${size}, ${scheme}: ${violation}`));
    }
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    if (overflow > 0) problems.push(`${size}: is ${overflow} px wider than the window`);
  }
  if ((await page.title()) === 'Understudy') problems.push('has no title of its own');
  return problems.map((problem) => `${name}: ${problem}`);
}

/** In these colours and this width, with everything loaded. */
async function drawnIn(page: Page, scheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
  await page.waitForFunction((name) => document.documentElement.dataset.mantineColorScheme === name, scheme);
  await settled(page);
}

/** Every page; paths of the full workspace are filled in with what was seeded. */
export const pages = (shop: (Seeded & { queues: SeededQueues }) | null): { name: string; path: string }[] => {
  const decision = (outcome: string) => shop?.decisions.find((entry) => entry.outcome === outcome)?.id;
  return [
    { name: 'overview', path: '/' },
    { name: 'tasks', path: '/tasks' },
    ...(shop === null ? [] : [{ name: 'task', path: `/tasks/${shop.task}` }]),
    { name: 'review', path: '/review' },
    { name: 'review-grid', path: '/review?mode=grid' },
    { name: 'decisions', path: '/decisions' },
    { name: 'decisions-filtered', path: '/decisions?outcome=review&subject=customer-1' },
    ...(shop === null
      ? []
      : [
          { name: 'decision-automated', path: `/decisions/${decision('automated')}` },
          { name: 'decision-review', path: `/decisions/${decision('review')}` },
        ]),
    { name: 'models', path: '/models' },
    ...(shop === null ? [] : [{ name: 'model', path: `/models/${shop.task}` }]),
    { name: 'data', path: '/data' },
    { name: 'value', path: '/value' },
    { name: 'queues', path: '/queues' },
    { name: 'jobs', path: '/jobs' },
    ...(shop === null ? [] : [{ name: 'job', path: `/jobs/${shop.queues.job}` }]),
    { name: 'dead-letters', path: '/dead-letters' },
    ...(shop === null ? [] : [{ name: 'dead-letter', path: `/dead-letters/${shop.queues.letter}` }]),
    { name: 'sources', path: '/sources' },
    ...(shop === null
      ? []
      : [
          { name: 'source', path: `/sources/${shop.queues.source}` },
          { name: 'source-settings', path: `/sources/${shop.queues.source}?tab=settings` },
          { name: 'new-source', path: '/new-source' },
        ]),
    { name: 'webhooks', path: '/webhooks' },
    { name: 'callbacks', path: '/webhooks?tab=callbacks' },
    ...(shop === null
      ? []
      : [
          { name: 'webhook', path: `/webhooks/${shop.queues.webhook}` },
          { name: 'delivery', path: `/webhooks/${shop.queues.webhook}?delivery=${shop.queues.delivery}` },
        ]),
    { name: 'settings', path: '/settings' },
    { name: 'settings-members', path: '/settings?tab=members' },
    { name: 'settings-keys', path: '/settings?tab=keys' },
    { name: 'settings-audit', path: '/settings?tab=audit' },
    { name: 'not-found', path: '/nothing/here' },
  ];
};
