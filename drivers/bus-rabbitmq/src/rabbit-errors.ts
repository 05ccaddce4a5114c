import { eventErrors } from '@understudy/events';
import { isUnderstudyError, type UnderstudyError } from '@understudy/kernel';

/** What a client must know: the link is gone, or the broker has refused this one thing. */
export function busError(error: unknown): UnderstudyError {
  if (isUnderstudyError(error)) return error;
  const detail = describe(error);
  const options = { cause: error };
  switch (replyCode(error)) {
    case 404:
      return eventErrors.bus_topic_not_found(detail, options);
    case 406:
      if (sizeLimit(error) !== null) return eventErrors.bus_message_too_large(detail, options);
      // A consumer that holds messages for longer than the broker waits; it gets them again.
      if (/delivery acknowledgement/.test(detail)) return eventErrors.bus_unavailable(detail, options);
      return eventErrors.bus_refused(detail, options);
    case 403:
    case 405:
    case 530:
    case 540:
      return eventErrors.bus_refused(detail, options);
    default:
      return eventErrors.bus_unavailable(detail, options);
  }
}

/** What prevents connecting, wrong credentials too: an operator puts it right, and no message is refused for it. */
export function unreachable(error: unknown): UnderstudyError {
  if (isUnderstudyError(error)) return error;
  return eventErrors.bus_unavailable(describe(error), { cause: error });
}

/** The largest body that the broker takes, when this is what it complains of; null otherwise. */
export function sizeLimit(error: unknown): number | null {
  const found = /message size \d+ is larger than (?:configured )?max(?:imum)? size (\d+)/i.exec(describe(error));
  return found === null ? null : Number(found[1]);
}

/** The AMQP reply code (as 404) that closed a channel or connection, or undefined. */
function replyCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** In words for an operator. Neither the library nor the broker puts credentials into its messages. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Node's happy-eyeballs failures have no message of their own.
  if (error instanceof AggregateError && error.errors.length > 0) return describe(error.errors[0]);
  // The library wraps what the broker said: `Operation failed: QueueDeclare; 404 (NOT-FOUND) with message "…"`.
  const said = / with message "(.+)"$/s.exec(error.message)?.[1];
  return said ?? (error.message || String(replyCode(error) ?? error.name));
}
