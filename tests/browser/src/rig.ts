import type { Browser } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import { DashboardServer } from './dashboard-server.ts';

/** One server and one browser: what a test file shares. */
export interface Rig {
  server: DashboardServer;
  browser: Browser;
  close(): Promise<void>;
}

/** Both at once; when one does not start, the other ends too, so that no process is left that keeps the file waiting. */
export async function startRig(): Promise<Rig> {
  const [server, browser] = await Promise.allSettled([DashboardServer.start(), launchChromium()]);
  const close = async () => {
    if (browser.status === 'fulfilled') await browser.value.close();
    if (server.status === 'fulfilled') await server.value.stop();
  };
  if (server.status === 'rejected' || browser.status === 'rejected') {
    await close();
    throw [server, browser].find((part) => part.status === 'rejected')!.reason;
  }
  return { server: server.value, browser: browser.value, close };
}
