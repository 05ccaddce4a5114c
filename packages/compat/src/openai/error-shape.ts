import type { UnderstudyError } from '@understudy/kernel';

/** What OpenAI's clients read of a failure. */
export interface OpenAiError {
  error: { message: string; type: string; param: string | null; code: string };
}

/** Codes by which OpenAI's clients know a failure; all others keep our name. */
const KNOWN: Readonly<Record<string, string>> = {
  unauthenticated: 'invalid_api_key',
  rate_limited: 'rate_limit_exceeded',
  task_not_found: 'model_not_found',
  no_default_moderation_task: 'model_not_found',
  model_version_not_found: 'model_not_found',
  not_found: 'unknown_url',
};

/** Whether a path belongs to the OpenAI-compatible door. */
export function isOpenAiPath(path: string): boolean {
  return path.startsWith('/openai/');
}

/** One of our errors in OpenAI's shape: four fields, always all of them. */
export function openAiError(error: UnderstudyError, status: number): OpenAiError {
  return {
    error: {
      message: error.message,
      type: typeOf(status),
      param: paramOf(error),
      code: KNOWN[error.code] ?? error.code,
    },
  };
}

function typeOf(status: number): string {
  if (status === 429) return 'requests';
  if (status === 403) return 'insufficient_permissions';
  return status >= 500 ? 'server_error' : 'invalid_request_error';
}

/** `/items/3/input/text` is our way to an item; the caller sent it as `input[3]`. */
function paramOf(error: UnderstudyError): string | null {
  if (error.code === 'task_not_found') return 'model';
  const pointer = error.problems[0]?.pointer;
  if (pointer === undefined || pointer === '') return null;
  const item = /^\/items\/(\d+)\//.exec(pointer);
  if (item !== null) return `input[${item[1]}]`;
  return pointer
    .slice(1)
    .split('/')
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, segment) => (/^\d+$/.test(segment) ? `${path}[${segment}]` : `${path}.${segment}`));
}

/** One limit as the rate limiter counts it. */
export interface RequestLimit {
  limit: number;
  remaining: number;
  resetSeconds: number;
}

/** `x-ratelimit-*` of the limit that is nearest. Tokens are not counted here, so nothing is said of them. */
export function openAiLimitHeaders(limits: readonly RequestLimit[]): Record<string, string> {
  const nearest = limits.reduce<RequestLimit | null>(
    (least, limit) => (least === null || limit.remaining < least.remaining ? limit : least),
    null,
  );
  if (nearest === null) return {};
  return {
    'x-ratelimit-limit-requests': String(nearest.limit),
    'x-ratelimit-remaining-requests': String(nearest.remaining),
    'x-ratelimit-reset-requests': `${nearest.resetSeconds}s`,
  };
}
