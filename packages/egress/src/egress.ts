import { isUnderstudyError } from '@understudy/kernel';
import type { Agent, Dispatcher } from 'undici';
import { AllowList } from './allow-list.ts';
import { checkUrl } from './check-url.ts';
import { guardedConnector } from './connector.ts';
import { egressErrors } from './errors.ts';
import { type Resolve, systemResolver } from './resolver.ts';

/** Milliseconds and bytes that one call may take. */
export interface EgressLimits {
  /** Resolving, connecting and the TLS handshake together. */
  connectMs: number;
  /** From the request's end to the answer's head. */
  headersMs: number;
  /** The longest silence within the answer's body. */
  bodyMs: number;
  /** Everything together. */
  totalMs: number;
  /** Of the answer's body, as it came: it is never unpacked. */
  responseBytes: number;
}

export const DEFAULT_LIMITS: EgressLimits = {
  connectMs: 5_000,
  headersMs: 15_000,
  bodyMs: 10_000,
  totalMs: 20_000,
  responseBytes: 64 * 1024,
};

export interface EgressRequest {
  url: string;
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  headers?: Readonly<Record<string, string>>;
  body?: Uint8Array | string;
  limits?: Partial<Pick<EgressLimits, 'headersMs' | 'bodyMs' | 'totalMs' | 'responseBytes'>>;
  /** What becomes of an answer that is longer than `responseBytes`. Default `refuse`: `egress_response_too_large`. */
  overflow?: 'refuse' | 'cut';
  /** Gives up at once; the promise rejects with its reason. */
  signal?: AbortSignal;
}

export interface EgressResponse {
  status: number;
  /** Lower-case names; several of one name are joined with `, `. */
  headers: Record<string, string>;
  body: Uint8Array;
  /** The body was longer and the rest was left unread. */
  cut: boolean;
}

export interface EgressOptions {
  allow?: AllowList;
  limits?: Partial<EgressLimits>;
  /** Connections to one origin at a time. Default 16. */
  connections?: number;
  /** For tests. */
  resolve?: Resolve;
}

/** Set by the client itself: a caller's would split the request or name another host. */
const OWN_HEADERS =
  /^(?:host|connection|keep-alive|content-length|transfer-encoding|upgrade|te|trailer|expect|proxy-.*)$/i;
const MAX_HEAD_BYTES = 16 * 1024;

/**
 * The one client for calls out of the platform. It calls public http and https addresses and what the operator lists,
 * follows no redirect, reads no proxy setting, unpacks nothing, and gives up within its limits.
 */
export class Egress {
  readonly #open: () => Promise<Agent>;
  #agent: Promise<Agent> | null = null;
  readonly #allow: AllowList;
  readonly #limits: EgressLimits;

  constructor(options: EgressOptions = {}) {
    const { allow = AllowList.none } = options;
    this.#allow = allow;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    const { connectMs } = this.#limits;
    const connect = guardedConnector({
      allow,
      connectMs,
      resolve: options.resolve ?? systemResolver(allow, Math.max(500, connectMs / 3)),
    });
    // Over a megabyte of code that most processes never need: read with the first call.
    this.#open = async () => {
      const undici = await import('undici');
      return new undici.Agent({
        ...{ allowH2: false, pipelining: 1, maxHeaderSize: MAX_HEAD_BYTES },
        ...{ connections: options.connections ?? 16, connect },
      });
    };
  }

  /**
   * Whether a URL may be called, as far as can be said without resolving its name: for refusing early.
   *
   * @throws `egress_refused`
   */
  check(url: string): void {
    checkUrl(url, this.#allow);
  }

  /**
   * One request, one answer, whatever its status: a redirect is an answer too.
   *
   * @throws `egress_refused` `egress_timeout` `egress_failed` `egress_response_too_large`
   */
  async request(request: EgressRequest): Promise<EgressResponse> {
    const url = checkUrl(request.url, this.#allow);
    const own = Object.keys(request.headers ?? {}).find((name) => OWN_HEADERS.test(name));
    if (own !== undefined) throw new TypeError(`the header ${own} is the client's own`);
    request.signal?.throwIfAborted();
    const limits = { ...this.#limits, ...request.limits };
    const ending = new AbortController();
    const late = egressErrors.egress_timeout('The call as a whole took too long.', { details: { phase: 'total' } });
    const timer = setTimeout(() => ending.abort(late), limits.totalMs);
    const giveUp = () => ending.abort(request.signal?.reason);
    request.signal?.addEventListener('abort', giveUp, { once: true });
    try {
      return await orAborted(this.#send(url, request, limits, ending.signal), ending.signal);
    } catch (error) {
      if (ending.signal.aborted) throw ending.signal.reason;
      throw asCoded(error);
    } finally {
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', giveUp);
    }
  }

  /** Ends what is under way. */
  async close(): Promise<void> {
    await (await this.#agent)?.destroy();
  }

  async #send(
    url: URL,
    { method, headers, body, overflow = 'refuse' }: EgressRequest,
    limits: EgressLimits,
    signal: AbortSignal,
  ): Promise<EgressResponse> {
    this.#agent ??= this.#open();
    const agent = await this.#agent;
    signal.throwIfAborted();
    const answer = await agent.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method,
      headers: { 'accept-encoding': 'identity', ...headers },
      body: body === undefined ? null : typeof body === 'string' ? body : Buffer.from(body),
      headersTimeout: limits.headersMs,
      bodyTimeout: limits.bodyMs,
      signal,
    });
    const { bytes, cut } = await readUpTo(answer.body, limits.responseBytes);
    if (cut && overflow === 'refuse') {
      throw egressErrors.egress_response_too_large(`The answer has more than ${limits.responseBytes} bytes.`);
    }
    return { status: answer.statusCode, headers: joined(answer.headers), body: bytes, cut };
  }
}

/** Undici tells a request that waits for its connection of an abort only when that is there. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}

/** Reads no more than what it returns and the chunk in which the limit lies, then cuts the connection. */
async function readUpTo(
  body: Dispatcher.ResponseData['body'],
  limit: number,
): Promise<{ bytes: Uint8Array; cut: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > limit) break; // leaving the loop destroys the body, and its connection with it
  }
  return { bytes: Buffer.concat(chunks).subarray(0, limit), cut: size > limit };
}

const joined = (headers: Record<string, string | string[] | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );

/** Node's and undici's failures, without the addresses that their messages name. */
function asCoded(error: unknown): unknown {
  if (isUnderstudyError(error)) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const timeout = (phase: string, detail: string) => egressErrors.egress_timeout(detail, { details: { phase } });
  switch (code) {
    case 'UND_ERR_INVALID_ARG': // a header that is none: the caller's mistake
      return error;
    case 'UND_ERR_HEADERS_TIMEOUT':
      return timeout('headers', 'No answer in time.');
    case 'UND_ERR_BODY_TIMEOUT':
      return timeout('body', 'The answer stood still.');
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
    case 'ETIMEOUT':
      return timeout('connect', 'No connection in time.');
    case 'UND_ERR_HEADERS_OVERFLOW':
    case 'HPE_HEADER_OVERFLOW':
      return egressErrors.egress_response_too_large(`The head of the answer has more than ${MAX_HEAD_BYTES} bytes.`);
  }
  const [reason, detail] = reasonOf(code, error);
  return egressErrors.egress_failed(detail, { details: { reason }, cause: error });
}

function reasonOf(code: string, error: unknown): [string, string] {
  const { syscall = '' } = error as { syscall?: string };
  // c-ares says ECONNREFUSED of the name server, too.
  if (/^(?:query|getaddrinfo)/.test(syscall) || /^E(?:NOTFOUND|NODATA|AI_AGAIN|SERVFAIL)$/.test(code)) {
    return ['name', 'The name could not be resolved.'];
  }
  if (code === 'ECONNREFUSED') return ['refused', 'The connection was refused.'];
  if (/^(?:ECONNRESET|EPIPE|UND_ERR_SOCKET|UND_ERR_ABORTED)$/.test(code)) return ['reset', 'The connection was cut.'];
  if (/^(?:EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ENETDOWN|EHOSTDOWN)$/.test(code)) {
    return ['unreachable', 'There is no way to the address.'];
  }
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO|EPROTO/.test(code)) {
    return ['tls', 'TLS failed: the certificate is not valid for the name, or no version of TLS is in common.'];
  }
  if (/^HPE_|^UND_ERR_/.test(code) || (error instanceof Error && error.name === 'HTTPParserError'))
    return ['protocol', 'The answer is not valid HTTP/1.1.'];
  return ['connection', 'The connection failed.'];
}
