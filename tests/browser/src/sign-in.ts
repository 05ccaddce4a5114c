import type { Page } from 'playwright-core';

/** By an API key, as a person would. */
export async function signIn(page: Page, url: string, key: string, path = '/'): Promise<void> {
  await page.goto(`${url}${path}`);
  const field = page.getByRole('textbox', { name: 'API key' });
  await field.fill(key);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page
    .getByRole('navigation', { name: 'Main' })
    .or(page.getByRole('button', { name: 'Open the menu' }))
    .first()
    .waitFor();
}

/** Every first load is over: no skeleton is left, nothing is under way, and what has come is drawn. One question. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      document.querySelector('h1') !== null &&
      document.querySelector('[role="status"][aria-label="Loading"], [aria-busy="true"]') === null &&
      new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn(true)))),
  );
}
