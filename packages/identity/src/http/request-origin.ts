import type { FastifyRequest } from 'fastify';
import { identityErrors } from '../errors.ts';
import { sameHash } from '../secret.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses what another site's page sent. Browsers state where a request comes from in `Origin` (RFC 6454) and
 * `Sec-Fetch-Site` (W3C Fetch Metadata), which no script can forge; whatever is stated has to be this origin.
 * With `stated`, one of the two has to be there; without, a client that is no browser passes.
 *
 * @throws `csrf_failed`
 */
export function assertSameOrigin(request: FastifyRequest, publicOrigin: string | undefined, stated: boolean): void {
  const { origin, host, 'sec-fetch-site': site } = request.headers;
  if (site !== undefined && site !== 'same-origin') {
    throw identityErrors.csrf_failed(`Sec-Fetch-Site says ${JSON.stringify(String(site).slice(0, 20))}`);
  }
  if (origin !== undefined && origin !== publicOrigin && !isOriginOf(origin, host)) {
    throw identityErrors.csrf_failed('the request comes from another origin');
  }
  if (stated && site === undefined && origin === undefined) {
    throw identityErrors.csrf_failed('neither Origin nor Sec-Fetch-Site says where the request comes from');
  }
}

/** The scheme is not compared: before a proxy that ends TLS the server does not know it. */
function isOriginOf(origin: string, host: string | undefined): boolean {
  const match = /^https?:\/\/([^/]+)$/.exec(origin);
  return match !== null && host !== undefined && match[1]!.toLowerCase() === host.toLowerCase();
}

/**
 * What a request with a session's cookie has to prove: one that changes something comes from this origin and carries
 * the session's token. A token that comes with any request has to be the right one, so that a page of another
 * workspace, left open in a second tab, does not quietly read this one.
 *
 * @throws `csrf_failed`
 */
export function assertFromPage(request: FastifyRequest, csrfToken: string, publicOrigin: string | undefined): void {
  const given = request.headers['x-csrf-token'];
  const safe = SAFE.has(request.method);
  if (!safe) assertSameOrigin(request, publicOrigin, true);
  if (given === undefined && safe) return;
  if (given === undefined) throw identityErrors.csrf_failed('X-CSRF-Token is missing');
  if (!sameHash(Buffer.from(String(given)), Buffer.from(csrfToken))) {
    throw identityErrors.csrf_failed('X-CSRF-Token is not that of the active session: load the page again');
  }
}
