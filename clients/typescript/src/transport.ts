import { Deadline } from './deadline.ts';
import { ConnectionFailed, errorOf, TimeLimitExceeded, UnderstudyError, UnexpectedAnswer } from './errors.ts';
import { backoff, isRetryable, type RetryPolicy, retryAfterSeconds } from './retry.ts';

/** What every call takes. */
export interface CallOptions {
  /** Ends the call and its repeats; its reason is thrown. */
  signal?: AbortSignal;
  /** Milliseconds that one attempt may take. */
  timeoutMs?: number;
  /** Milliseconds that the call may take with all repeats and waits. */
  totalTimeoutMs?: number;
  maxRetries?: number;
  /** W3C trace context, passed on as it is. */
  traceparent?: string;
  /** Chosen by you, to find the request in the server's log. */
  requestId?: string;
}

/** Calls that create or decide. */
export interface IdempotentOptions extends CallOptions {
  /** Default: a random one, the same over the repeats. */
  idempotencyKey?: string;
}

export interface TransportOptions {
  baseUrl: string;
  apiKey: string | undefined;
  /** The browser's session cookie is the credential. */
  cookies: boolean;
  timeoutMs: number;
  totalTimeoutMs: number;
  userAgent: string;
  fetch: typeof fetch;
  retry: RetryPolicy;
  /** Waits, or rejects with the signal's reason. Tests replace it. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
  now(): number;
}

/** A request body that is not JSON. */
export interface RequestBody {
  /** Makes it for one attempt. `moved` restarts the attempt's time limit: a long upload is not a slow answer. */
  make(moved: () => void): Blob | string | ReadableStream<Uint8Array> | Promise<Blob>;
  /** Whether `make` may be called again. */
  repeatable: boolean;
  /** Set when the caller's own source broke; thrown as it is. */
  failure(): unknown;
}

export interface Call extends IdempotentOptions {
  method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  query?: Record<string, string | number | boolean | undefined>;
  /** Sent as JSON. */
  json?: unknown;
  /** A body of another kind. */
  body?: RequestBody;
  contentType?: string;
  headers?: Record<string, string>;
  accept?: string;
  /** Leaves `X-CSRF-Token` out: the call is about whichever session the browser holds. */
  withoutCsrf?: boolean;
  /** The call creates or decides: it carries an idempotency key. */
  idempotent?: boolean;
}

/** One HTTP call with time limits, repeats and typed errors. Knows nothing of any route. */
export class Transport {
  readonly #options: TransportOptions;
  readonly #base: string;
  /** Of the active session, sent along with cookies; undefined before anybody signed in. */
  csrfToken: string | undefined;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#base = options.baseUrl.replace(/\/+$/, '');
  }

  /** The JSON object of a 2xx answer; undefined for 204. The API answers nothing else: whatever is not one is refused. */
  async json<T>(call: Call): Promise<T> {
    return this.send(call, async (response) =>
      response.status === 204 ? (undefined as T) : this.#object<T>(response),
    );
  }

  /** The same with the answer's ETag; empty when it has none. */
  async jsonWithEtag<T>(call: Call): Promise<{ body: T; etag: string }> {
    return this.send(call, async (response) => ({
      body: await this.#object<T>(response),
      etag: response.headers.get('etag') ?? '',
    }));
  }

  /** The whole body of a 2xx answer, which has to be of the content type that the call accepts. */
  async bytes(call: Call): Promise<Uint8Array> {
    return this.send(call, async (response) => {
      if (response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() !== call.accept) {
        throw this.#unexpected(response, `something that is not ${call.accept}`);
      }
      return new Uint8Array(await response.arrayBuffer());
    });
  }

  /** The answer's body as it comes; from the headers on, `silenceMs` limits how long nothing may come. */
  async stream(call: Call, silenceMs?: number): Promise<ReadableStream<Uint8Array>> {
    return this.send(call, async (response, deadline) => {
      // A proxy's page; the one stream that is a page is asked for as such.
      if (response.headers.get('content-type')?.startsWith('text/html') === true && call.accept !== 'text/html') {
        throw this.#unexpected(response, 'a page');
      }
      const body = response.body ?? new Blob([]).stream();
      return deadline.follow(body, silenceMs ?? call.timeoutMs ?? this.#options.timeoutMs);
    });
  }

  /** Sends, repeats where that is safe, and hands a 2xx answer to `read` within the attempt's time limit. */
  async send<T>(call: Call, read: (response: Response, deadline: Deadline) => Promise<T>): Promise<T> {
    const { now, retry, wait } = this.#options;
    const request = this.#request(call);
    const total = call.totalTimeoutMs ?? this.#options.totalTimeoutMs;
    const endsAt = now() + total;
    const maxRetries = this.maxRetries(call);
    for (let repeat = 1; ; repeat++) {
      call.signal?.throwIfAborted();
      let failure: UnderstudyError;
      try {
        const limit = Math.min(call.timeoutMs ?? this.#options.timeoutMs, endsAt - now());
        return await this.#attempt(call, request, limit, read);
      } catch (error) {
        if (!(error instanceof UnderstudyError)) throw error;
        failure = error;
      }
      const noAnswer = failure instanceof ConnectionFailed || failure instanceof TimeLimitExceeded;
      const repeatable = call.body?.repeatable ?? true;
      if (repeat > maxRetries || !repeatable || !(noAnswer || isRetryable(failure.status, failure.code))) {
        throw failure;
      }
      const pause = backoff(repeat, failure.retryAfter, retry);
      if (now() + pause >= endsAt) throw failure;
      await wait(pause, call.signal ?? new AbortController().signal);
    }
  }

  /** How often this call may be repeated. */
  maxRetries(call: CallOptions): number {
    return call.maxRetries ?? this.#options.retry.maxRetries;
  }

  /** Waits as before repeat number `repeat`. */
  pause(repeat: number, signal: AbortSignal | undefined): Promise<void> {
    return this.#options.wait(backoff(repeat, undefined, this.#options.retry), signal ?? new AbortController().signal);
  }

  async #object<T>(response: Response): Promise<T> {
    const text = await response.text();
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch (cause) {
      throw this.#unexpected(response, 'something that is not JSON', cause);
    }
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as T;
    throw this.#unexpected(response, 'JSON that is not an object');
  }

  #unexpected(response: Response, what: string, cause?: unknown): UnexpectedAnswer {
    return new UnexpectedAnswer({
      status: response.status,
      code: 'unexpected_answer',
      detail: `${this.#base} answered ${response.status} with ${what}; is it an Understudy server?`,
      requestId: response.headers.get('x-request-id') ?? undefined,
      cause,
    });
  }

  #request(call: Call) {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(call.query ?? {})) {
      if (value !== undefined) query.set(name, String(value));
    }
    const search = query.size === 0 ? '' : `?${query}`;
    const headers: Record<string, string> = {
      accept: call.accept ?? 'application/json',
      'user-agent': this.#options.userAgent,
      ...(this.#options.apiKey === undefined ? {} : { authorization: `Bearer ${this.#options.apiKey}` }),
      ...(this.#options.cookies && this.csrfToken !== undefined && call.withoutCsrf !== true
        ? { 'x-csrf-token': this.csrfToken }
        : {}),
      ...(call.traceparent === undefined ? {} : { traceparent: call.traceparent }),
      ...(call.requestId === undefined ? {} : { 'x-request-id': call.requestId }),
      ...(call.idempotent === true ? { 'idempotency-key': call.idempotencyKey ?? crypto.randomUUID() } : {}),
      ...call.headers,
    };
    const json = call.json === undefined ? undefined : JSON.stringify(call.json);
    if (json !== undefined) headers['content-type'] = 'application/json';
    else if (call.contentType !== undefined) headers['content-type'] = call.contentType;
    return { url: `${this.#base}${call.path}${search}`, headers, json };
  }

  async #attempt<T>(
    call: Call,
    request: { url: string; headers: Record<string, string>; json: string | undefined },
    limit: number,
    read: (response: Response, deadline: Deadline) => Promise<T>,
  ): Promise<T> {
    const deadline = new Deadline(limit, call.signal);
    try {
      const body = request.json ?? (await call.body?.make(() => deadline.restart()));
      const init: RequestInit & { duplex?: 'half' } = {
        method: call.method,
        headers: request.headers,
        signal: deadline.signal,
        credentials: this.#options.cookies ? 'same-origin' : 'omit',
        redirect: 'manual', // a credential must not follow a redirect to another host
        ...(body === undefined ? {} : { body }),
        ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
      };
      const { fetch } = this.#options;
      const response = await fetch(request.url, init);
      if (!response.ok) {
        const after = retryAfterSeconds(response.headers.get('retry-after'), this.#options.now());
        throw errorOf(response, await response.text(), after);
      }
      return await read(response, deadline);
    } catch (error) {
      if (error instanceof UnderstudyError) throw error;
      const broken = call.body?.failure();
      if (broken !== undefined) throw broken;
      if (call.signal?.aborted === true) throw call.signal.reason;
      if (deadline.expired) {
        throw new TimeLimitExceeded({
          status: 0,
          code: 'time_limit',
          detail: `no answer from ${this.#base} within ${Math.round(limit)} ms`,
          cause: error,
        });
      }
      if (error instanceof TypeError || isNetworkError(error)) {
        throw new ConnectionFailed({
          status: 0,
          code: 'connection_failed',
          detail: `no connection to ${this.#base}: ${reasonOf(error)}`,
          cause: error,
        });
      }
      throw error;
    } finally {
      deadline.release();
    }
  }
}

/** Runtimes name a broken connection differently: a TypeError by the standard, a coded Error in some. */
const isNetworkError = (error: unknown): boolean =>
  error instanceof Error && typeof (error as { code?: unknown }).code === 'string';

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause as { code?: string; message?: string } | undefined) : undefined;
  return cause?.code ?? cause?.message ?? (error instanceof Error ? error.message : String(error));
}
