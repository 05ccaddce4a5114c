import { isOpenAiPath, openAiError } from '@understudy/compat';
import { type FieldProblem, isUnderstudyError, type UnderstudyError } from '@understudy/kernel';
import type { Problem } from '@understudy/wire';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { httpErrors } from './errors.ts';
import { statusOf } from './status.ts';

/** At most this many problems go back for one body: a hostile body must not buy a large answer. */
const MAX_PROBLEMS = 1000;

interface ValidationIssue {
  keyword: string;
  instancePath: string;
  message?: string;
  params: Record<string, unknown>;
}

const escapePointer = (segment: string): string => segment.replaceAll('~', '~0').replaceAll('/', '~1');

function toFieldProblem(issue: ValidationIssue): FieldProblem {
  if (issue.keyword === 'additionalProperties') {
    const name = String(issue.params.additionalProperty);
    return {
      pointer: `${issue.instancePath}/${escapePointer(name)}`,
      code: 'unknown_field',
      detail: 'is not a field of this request',
    };
  }
  if (issue.keyword === 'required') {
    const name = String(issue.params.missingProperty);
    return { pointer: `${issue.instancePath}/${escapePointer(name)}`, code: 'missing_field', detail: 'is required' };
  }
  const code = issue.keyword === 'type' ? 'wrong_type' : 'invalid_value';
  return { pointer: issue.instancePath, code, detail: issue.message ?? 'is not valid' };
}

/** From what Ajv says to one coded error. The code is `unknown_field` when that is all that is wrong. */
function fromValidation(error: FastifyError): UnderstudyError {
  const issues = (error.validation ?? []) as unknown as ValidationIssue[];
  // A failed union reports every branch and then `anyOf` itself: the deepest, most telling places come first.
  const problems = issues
    .filter((issue) => issue.keyword !== 'anyOf' || issues.length === 1)
    .slice(0, MAX_PROBLEMS)
    .map(toFieldProblem);
  const context = error.validationContext === 'querystring' ? 'query' : (error.validationContext ?? 'body');
  const first = problems[0];
  const detail =
    first === undefined
      ? `the ${context} is not valid`
      : `${context}${first.pointer === '' ? '' : ` ${first.pointer}`} ${first.detail}`;
  const unknownOnly = problems.length > 0 && problems.every((problem) => problem.code === 'unknown_field');
  return unknownOnly ? httpErrors.unknown_field(detail, { problems }) : httpErrors.invalid_body(detail, { problems });
}

/** Fastify's own errors, by their stable codes. */
function fromFastify(error: FastifyError): UnderstudyError | null {
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return httpErrors.unsupported_media_type('send `Content-Type: application/json`');
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return httpErrors.body_too_large('the body is larger than this route takes');
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return httpErrors.invalid_json('the body is empty');
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return httpErrors.invalid_json('the body is not well-formed JSON');
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return httpErrors.malformed_request('the body is not as long as Content-Length says');
    case 'FST_ERR_BAD_URL':
      return httpErrors.malformed_request('the path is not well-formed');
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return httpErrors.not_found('no route has this path');
    case 'FST_ERR_REOPENED_CLOSE_SERVER':
    case 'FST_ERR_REOPENED_SERVER':
      return httpErrors.shutting_down('this server is stopping', { retryAfterSeconds: 1 });
    default:
      return null;
  }
}

/** Any error as one of ours. What we do not know becomes `internal_error` and says nothing of its inside. */
export function toUnderstudyError(error: unknown): UnderstudyError {
  if (isUnderstudyError(error)) return error;
  if (typeof error === 'object' && error !== null) {
    const candidate = error as FastifyError;
    if (candidate.validation !== undefined) return fromValidation(candidate);
    const known = fromFastify(candidate);
    if (known !== null) return known;
    if (typeof candidate.statusCode === 'number' && candidate.statusCode >= 400 && candidate.statusCode < 500) {
      return httpErrors.malformed_request('the request could not be read');
    }
  }
  return httpErrors.internal_error('the request failed; the log has the cause under this request id', { cause: error });
}

/** Codes whose kind of problem has a registered name (RFC 9457, 4.2); all others have one of ours. */
const REGISTERED: Readonly<Record<string, string>> = {
  rate_limited: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
};

export function problemOf(error: UnderstudyError, requestId: string): Problem & Record<string, unknown> {
  return {
    type: REGISTERED[error.code] ?? `urn:understudy:error:${error.code}`,
    title: error.title,
    status: statusOf[error.code] ?? 500,
    detail: error.message,
    code: error.code,
    request_id: requestId,
    ...(error.problems.length > 0 ? { errors: error.problems } : {}),
    ...error.details,
  };
}

/** Sends one RFC 9457 problem; under `/openai/`, what OpenAI's clients read instead. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, cause: unknown): void {
  const error = toUnderstudyError(cause);
  const problem = problemOf(error, request.id);
  const seconds = error.retryAfterSeconds ?? (problem.status === 503 || problem.status === 429 ? 1 : undefined);
  if (seconds !== undefined) reply.header('Retry-After', String(Math.max(1, Math.ceil(seconds))));
  if (problem.status === 401) reply.header('WWW-Authenticate', 'Bearer');
  if (problem.status >= 500 && error.code === 'internal_error') {
    request.log.error({ err: cause, code: error.code }, 'request failed');
  }
  if (isOpenAiPath(request.routeOptions?.url ?? request.url)) {
    // Their clients repeat 409 and every 5xx unless they are told.
    reply.header('x-should-retry', String(error.retryable));
    reply.code(problem.status).type('application/json; charset=utf-8');
    reply.send(JSON.stringify(openAiError(error, problem.status)));
    return;
  }
  reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}
