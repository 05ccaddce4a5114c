export { violationsOn } from './accessibility.ts';
export { findChromium, launchChromium, withoutChromium } from './chromium.ts';
export { DashboardServer } from './dashboard-server.ts';
export { screenshot } from './screenshot.ts';
export { seedShop } from './seed.ts';
export { settled, signIn } from './sign-in.ts';
export { WatchedPage } from './watched-page.ts';
