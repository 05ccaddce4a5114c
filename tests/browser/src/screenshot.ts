import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';

/** To be looked at by a person: asked for by `UNDERSTUDY_TEST_PICTURES=on`, since they take a third of the time. */
const wanted = process.env.UNDERSTUDY_TEST_PICTURES === 'on';
/** Ignored by git. */
const folder = resolve(import.meta.dirname, '../.artifacts');

/** The whole page as a picture, e.g. `decisions-full-dark-narrow.png`, where pictures are wanted. */
export async function screenshot(page: Page, name: string): Promise<void> {
  if (!wanted) return;
  mkdirSync(folder, { recursive: true });
  // The fonts, and whatever moves, have to be there.
  await page.evaluate(() => document.fonts.ready.then(() => {}));
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true, animations: 'disabled' });
}
