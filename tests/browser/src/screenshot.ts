import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';

/** Kept by CI, ignored by git: to be looked at. */
const folder = resolve(import.meta.dirname, '../.artifacts');

/** The whole page as a picture, e.g. `decisions-full-dark-narrow.png`. */
export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  // The fonts, and whatever moves, have to be there.
  await page.evaluate(() => document.fonts.ready.then(() => {}));
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true, animations: 'disabled' });
}
