/**
 * The one-time code of the URL that `npm start` prints stands in the fragment, which browsers send nowhere. It is taken
 * out of the address bar and the history at once, before anything else runs.
 */
let code: string | null = null;

/** Call once, before the router reads the location. */
export function takeCodeFromUrl(): void {
  const fragment = new URLSearchParams(window.location.hash.slice(1));
  code = fragment.get('code');
  if (code === null) return;
  fragment.delete('code');
  const rest = fragment.toString();
  const { pathname, search } = window.location;
  window.history.replaceState(null, '', `${pathname}${search}${rest === '' ? '' : `#${rest}`}`);
}

/** The code, once: it is worth nothing after its first use. */
export function spendCode(): string | null {
  const given = code;
  code = null;
  return given;
}

export const hasCode = (): boolean => code !== null;
