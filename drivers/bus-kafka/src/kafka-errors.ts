import { findErrorBy } from '@platformatic/kafka';
import { eventErrors } from '@understudy/events';
import { isUnderstudyError, type UnderstudyError } from '@understudy/kernel';

const tooLarge = ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'];
const noTopic = ['UNKNOWN_TOPIC_OR_PARTITION', 'UNKNOWN_TOPIC_ID', 'INVALID_TOPIC_EXCEPTION'];
const refused = [
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
  'INVALID_RECORD',
  'INVALID_TIMESTAMP',
  'POLICY_VIOLATION',
  'UNSUPPORTED_COMPRESSION_TYPE',
];

/**
 * The port's code for what the client threw. Credentials that the broker does not take (any more) count as
 * `bus_unavailable`: what waits is kept until somebody has put them right.
 */
export function toBusError(error: unknown, topic: string): UnderstudyError {
  if (isUnderstudyError(error)) return error;
  const options = { cause: error };
  if (has(error, tooLarge)) {
    return eventErrors.bus_message_too_large(
      `The broker does not take a message of this size for "${topic}".`,
      options,
    );
  }
  if (isMissingTopic(error)) return eventErrors.bus_topic_not_found(`There is no topic "${topic}".`, options);
  const id = has(error, refused);
  if (id !== null) return eventErrors.bus_refused(`The broker refused it for "${topic}": ${id}.`, options);
  return eventErrors.bus_unavailable(describe(error), options);
}

/** The topic does not exist, was deleted, or may not be seen. */
export function isMissingTopic(error: unknown): boolean {
  // The client tells a topic that is missing from its metadata by words only.
  return has(error, noTopic) !== null || some(error, ({ message }) => /^Unknown topic /.test(message ?? ''));
}

/** The broker answers, and does not take the credentials. */
export function isRejectedLogin(error: unknown): boolean {
  return some(error, ({ code }) => code === 'PLT_KFK_AUTHENTICATION');
}

/** Whether the client or the broker names one of these protocol errors; which. */
export function has(error: unknown, ids: readonly string[]): string | null {
  return ids.find((id) => findErrorBy(error as Error, 'apiId', id) !== null) ?? null;
}

/** In words for an operator: no stack, no secret. */
export function describe(error: unknown): string {
  if (isUnderstudyError(error)) return error.message;
  const known = error as Error;
  if (isRejectedLogin(error)) return 'The broker does not accept the credentials.';
  const protocol = findErrorBy(known, 'code', 'PLT_KFK_PROTOCOL') as { apiId?: string } | null;
  if (protocol?.apiId !== undefined) return `The broker answers ${protocol.apiId}.`;
  const system = innermostCode(error);
  return system === null ? 'The broker does not answer.' : `The broker cannot be reached (${system}).`;
}

interface Nested {
  message?: string;
  code?: unknown;
  cause?: unknown;
  errors?: unknown;
}

function some(error: unknown, test: (error: Nested) => boolean, depth = 0): boolean {
  if (typeof error !== 'object' || error === null || depth > 8) return false;
  const nested = error as Nested;
  if (test(nested)) return true;
  const inner = Array.isArray(nested.errors) ? nested.errors : [];
  return [nested.cause, ...inner].some((one) => some(one, test, depth + 1));
}

/** `ECONNREFUSED` and the like: the operating system's or OpenSSL's word, where there is one. */
function innermostCode(error: unknown): string | null {
  let found: string | null = null;
  some(error, ({ code }) => {
    if (typeof code === 'string' && !code.startsWith('PLT_KFK_') && /^[A-Z_]+$/.test(code)) found = code;
    return false;
  });
  return found;
}
