/** What a browser sees while the dashboard is built for the first time; a second or ten, once an installation. */
export interface BuildState {
  /** 0…1 */
  done: number;
  phase: string;
  failure: string | null;
}

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const STYLE = `
:root{color-scheme:light dark;--line:#d8dde4;--ink:#161c28;--quiet:#596377;--page:#f8f9fb}
@media(prefers-color-scheme:dark){:root{--line:#38414e;--ink:#e6e9ef;--quiet:#9ea8b8;--page:#10141a}}
body{margin:0;min-height:100vh;display:flex;align-items:center;justify-content:center;background:var(--page);color:var(--ink);font:15px/1.5 ui-sans-serif,system-ui,sans-serif}
main{width:min(340px,calc(100vw - 48px))}
h1{font-size:19px;margin:0 0 4px}
p{margin:0;color:var(--quiet);overflow-wrap:anywhere}
progress{width:100%;height:6px;margin:18px 0 8px;appearance:none;border:0;border-radius:3px;overflow:hidden;background:var(--line)}
progress::-webkit-progress-bar{background:var(--line)}
progress::-webkit-progress-value{background:#2f5fd0;transition:width .3s}
progress::-moz-progress-bar{background:#2f5fd0}`;

/** The page itself; `/waiting.js` moves the bar and loads the dashboard when it is there. */
export function waitingPage({ done, phase, failure }: BuildState): string {
  const content =
    failure === null
      ? `<h1>Preparing the dashboard</h1><p>This happens once after an installation or an update. The API answers already.</p>
<progress id="bar" max="1" value="${done.toFixed(2)}" aria-label="Progress"></progress><p id="phase">${escapeHtml(phase)}</p>
<script src="/waiting.js"></script>`
      : `<h1>The dashboard could not be built</h1><p>The API and the command line work. The server’s log has the cause; starting
it again tries again.</p>`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Understudy</title><link rel="icon" href="data:,"><style>${STYLE}</style></head><body><main>${content}</main></body></html>`;
}

/** Asks how far it is. A reload keeps the fragment of the URL, in which the one-time code stands. */
export const WAITING_SCRIPT = `'use strict';
(async () => {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 400));
    try {
      const response = await fetch('/waiting.json', { cache: 'no-store' });
      const { done, phase, ready, failure } = await response.json();
      if (ready || failure) return location.reload();
      document.getElementById('bar').value = done;
      document.getElementById('phase').textContent = phase;
    } catch {
      // the server restarts: ask again
    }
  }
})();
`;
