import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where a Chromium is, or null. `UNDERSTUDY_TEST_CHROMIUM` names another. */
export function findChromium(): string | null {
  const named = process.env.UNDERSTUDY_TEST_CHROMIUM;
  if (named !== undefined && named !== '') return named;
  return PLACES.find((path) => existsSync(path)) ?? null;
}

/** The reason to skip, or false; said loudly, since a skipped browser test looks like a green one. */
export function withoutChromium(): string | false {
  if (findChromium() !== null) return false;
  const words =
    'NO CHROMIUM: the dashboard is not tested. Install one (Debian: apt-get install chromium) or name it in UNDERSTUDY_TEST_CHROMIUM.';
  console.error(`\n*** ${words} ***\n`);
  return words;
}

/** A headless Chromium with the flags that containers need. */
export function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('no Chromium');
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--force-color-profile=srgb'],
  });
}
