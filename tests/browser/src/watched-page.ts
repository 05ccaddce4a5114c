import assert from 'node:assert/strict';
import type { Browser, BrowserContext, Page } from 'playwright-core';

export interface Look {
  scheme?: 'light' | 'dark';
  width?: number;
  height?: number;
}

declare global {
  interface Window {
    /** Set by hostile content that manages to run. */
    __ran?: string[];
  }
}

/** A page of its own browser context, and everything that went wrong in it. */
export class WatchedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly #problems: string[] = [];
  readonly #expected: RegExp[] = [];

  private constructor(page: Page, context: BrowserContext) {
    this.page = page;
    this.context = context;
    page.on('pageerror', (error) => this.#problems.push(`uncaught: ${error.message}`));
    page.on('dialog', (dialog) => {
      this.#problems.push(`a dialog opened: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('console', (message) => {
      if (message.type() !== 'error' && message.type() !== 'warning') return;
      const { url } = message.location();
      this.#problems.push(`console ${message.type()}: ${message.text()} (${url.replace(/^https?:\/\/[^/]+/, '')})`);
    });
    page.on('request', (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (protocol.startsWith('http') && hostname !== '127.0.0.1')
        this.#problems.push(`asked another host: ${request.url()}`);
    });
  }

  static async open(
    browser: Browser,
    { scheme = 'light', width = 1280, height = 860 }: Look = {},
  ): Promise<WatchedPage> {
    const context = await browser.newContext({
      colorScheme: scheme,
      viewport: { width, height },
      reducedMotion: 'reduce',
      timezoneId: 'Europe/Berlin',
      locale: 'en-GB',
    });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await context.addInitScript(() => {
      addEventListener('securitypolicyviolation', (event) => {
        console.error(`policy violation: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
      });
    });
    const watched = new WatchedPage(await context.newPage(), context);
    watched.page.setDefaultTimeout(60_000);
    // Nobody is signed in at first: the browser itself reports the 401 of that question.
    watched.expect(/401 \(Unauthorized\) \(\/v1\/session\)/);
    return watched;
  }

  /** Problems that the test itself brings about. */
  expect(pattern: RegExp): void {
    this.#expected.push(pattern);
  }

  /** Fails with everything unexpected so far. */
  assertClean(where: string): void {
    const unexpected = this.#problems.filter((problem) => !this.#expected.some((pattern) => pattern.test(problem)));
    assert.deepEqual(unexpected, [], where);
  }

  async close(): Promise<void> {
    await this.context.close();
  }
}
