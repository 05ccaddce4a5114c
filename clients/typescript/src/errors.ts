/** An RFC 9457 problem as the server sends it. `code` is stable; `docs/reference/errors.md` lists all. */
export interface ProblemDetails {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  code?: string;
  request_id?: string;
  errors?: { pointer: string; code: string; detail: string }[];
  [extension: string]: unknown;
}

export interface ErrorFacts {
  /** HTTP status; 0 when no answer came. */
  status: number;
  code: string;
  detail: string;
  problem?: ProblemDetails | undefined;
  requestId?: string | undefined;
  /** Seconds, as the server asked. */
  retryAfter?: number | undefined;
  cause?: unknown;
}

/** Everything that a call may throw, but for the reason of an AbortSignal of yours, which is thrown as it is. */
export class UnderstudyError extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly problem: ProblemDetails | undefined;
  readonly requestId: string | undefined;
  readonly retryAfter: number | undefined;

  constructor(facts: ErrorFacts) {
    super(facts.detail, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = new.target.name;
    this.status = facts.status;
    this.code = facts.code;
    this.detail = facts.detail;
    this.problem = facts.problem;
    this.requestId = facts.requestId;
    this.retryAfter = facts.retryAfter;
  }
}

/** 400, 413, 415, 422: the request itself has to change. `problem.errors` points at each wrong place. */
export class InvalidRequest extends UnderstudyError {}
/** 401: no key, or one that is unknown, expired or revoked. */
export class Unauthenticated extends UnderstudyError {}
/** 403: the key may not do this; `detail` names the scope that it lacks. */
export class Forbidden extends UnderstudyError {}
/** 404 */
export class NotFound extends UnderstudyError {}
/** 409: the resource is in a state that does not allow this. */
export class Conflict extends UnderstudyError {}
/** 412: somebody else changed it first (`If-Match`), or it exists already (`If-None-Match: *`). */
export class StaleVersion extends UnderstudyError {}
/** 429, after the retries. */
export class RateLimited extends UnderstudyError {}
/** 5xx, after the retries. */
export class ServerError extends UnderstudyError {}
/** No answer: refused, reset, name not found, TLS. Code `connection_failed`. */
export class ConnectionFailed extends UnderstudyError {}
/** No answer in time. Code `time_limit`. The server may have done the work: repeat with the same idempotency key. */
export class TimeLimitExceeded extends UnderstudyError {}
/** An answer that is not what the API promises, e.g. a proxy's page. Code `unexpected_answer`. */
export class UnexpectedAnswer extends UnderstudyError {}

function classOf(status: number): typeof UnderstudyError {
  switch (status) {
    case 401:
      return Unauthenticated;
    case 403:
      return Forbidden;
    case 404:
      return NotFound;
    case 409:
      return Conflict;
    case 412:
      return StaleVersion;
    case 429:
      return RateLimited;
    default:
      return status >= 500 ? ServerError : status >= 400 ? InvalidRequest : UnexpectedAnswer;
  }
}

function problemIn(body: string): ProblemDetails | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as ProblemDetails)
      : undefined;
  } catch {
    return undefined; // a proxy's HTML: the status alone has to do
  }
}

/** The typed error of an answer that is not 2xx. */
export function errorOf(response: Response, body: string, retryAfter: number | undefined): UnderstudyError {
  const problem = problemIn(body);
  const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
  return new (classOf(response.status))({
    status: response.status,
    code: text(problem?.code) ?? `http_${response.status}`,
    detail: text(problem?.detail) ?? text(problem?.title) ?? `the server answered ${response.status}`,
    problem,
    requestId: text(problem?.request_id) ?? response.headers.get('x-request-id') ?? undefined,
    retryAfter,
  });
}
