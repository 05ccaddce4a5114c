import { eventErrors } from '@understudy/events';
import { isUnderstudyError, type UnderstudyError } from '@understudy/kernel';

const MISSING = new Set(['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue', 'QueueDeletedRecently']);
const TOO_LARGE = new Set(['BatchRequestTooLong', 'AWS.SimpleQueueService.BatchRequestTooLong']);
/** About this client as such, or passing: an operator or time puts them right, and no message is refused for them. */
const LATER =
  /token|signature|unrecognizedclient|credential|optinrequired|clock|skew|thrott|overlimit|limitexceeded|timeout|unavailable|internal/i;

/** What a client must know: the system cannot be reached, or has refused this one thing. */
export function busError(error: unknown): UnderstudyError {
  if (isUnderstudyError(error)) return error;
  const detail = describe(error);
  const { name, $fault } = error as { name?: string; $fault?: string };
  if (name === undefined || $fault !== 'client') return eventErrors.bus_unavailable(detail, { cause: error });
  return fromCode(name, detail, error);
}

/** One entry of a batch that failed. */
export function entryError(entry: { Code?: string; Message?: string; SenderFault?: boolean }): UnderstudyError {
  const detail = entry.Message || entry.Code || 'refused without a reason';
  if (entry.SenderFault !== true) return eventErrors.bus_unavailable(detail);
  return fromCode(entry.Code ?? '', detail);
}

function fromCode(code: string, detail: string, cause?: unknown): UnderstudyError {
  const options = cause === undefined ? {} : { cause };
  if (MISSING.has(code)) return eventErrors.bus_topic_not_found(detail, options);
  if (TOO_LARGE.has(code) || /(?:must be shorter than|size|longer than).*bytes/i.test(detail)) {
    return eventErrors.bus_message_too_large(detail, options);
  }
  if (LATER.test(code)) return eventErrors.bus_unavailable(detail, options);
  return eventErrors.bus_refused(detail, options);
}

/** Whether the other side has answered at all, if only with a refusal that says nothing about its health. */
export function hasAnswered(error: unknown): boolean {
  return error instanceof Error && busError(error).code === 'bus_refused';
}

/** In words for an operator: the code and what was said. Credentials are in neither. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError && error.errors.length > 0) return describe(error.errors[0]);
  const code = (error as { code?: string }).code;
  return [error.name === 'Error' ? code : error.name, error.message].filter(Boolean).join(': ') || 'unknown';
}
