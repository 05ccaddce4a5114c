import { ConnectionFailed, TimeLimitExceeded, UnderstudyError, UnexpectedAnswer } from './errors.ts';
import { isRetryable } from './retry.ts';
import { parseEvents } from './server-sent-events.ts';
import type { CallOptions, Transport } from './transport.ts';

export interface FollowOptions extends CallOptions {
  /** Skips the events up to this id. */
  lastEventId?: string;
}

export interface Followed<T> {
  id: string;
  /** `progress`, or how it ended. */
  event: string;
  state: T;
}

/** The server sends a comment every 15 s; three missed mean that nobody is there. */
const LONGEST_SILENCE_MS = 45_000;

/** Whether a job or a run has its end. */
export const isOver = ({ status }: { status: string }): boolean =>
  status === 'succeeded' || status === 'failed' || status === 'cancelled';

/**
 * What stands at `path` now and after every change until it is over. A dropped connection is taken up again behind the
 * last event; it fails only when nothing comes over several attempts in a row.
 *
 * @param path the resource; its events are at `<path>/events`
 */
export async function* follow<T extends { status: string }>(
  transport: Transport,
  path: string,
  { lastEventId, ...call }: FollowOptions,
): AsyncGenerator<Followed<T>> {
  let last = lastEventId ?? '';
  for (let fruitless = 0; ; ) {
    try {
      const headers: Record<string, string> = last === '' ? {} : { 'last-event-id': last };
      const body = await transport.stream(
        { ...call, method: 'GET', path: `${path}/events`, accept: 'text/event-stream', headers },
        LONGEST_SILENCE_MS,
      );
      for await (const { id, event, data } of parseEvents(body)) {
        const state = stateOf<T>(path, data);
        last = id;
        fruitless = 0;
        yield { id, event, state };
        if (isOver(state)) return;
      }
      // Ended behind the last event, e.g. when it was the final one that the caller had seen already.
      if (last !== '' && isOver(await transport.json<T>({ ...call, method: 'GET', path }))) return;
    } catch (error) {
      if (!mayResume(error) || fruitless >= transport.maxRetries(call)) throw error;
    }
    fruitless++;
    if (fruitless > transport.maxRetries(call)) {
      const detail = `the events of ${path} broke off ${fruitless} times without a new one`;
      throw new ConnectionFailed({ status: 0, code: 'connection_failed', detail });
    }
    await transport.pause(fruitless, call.signal);
  }
}

function mayResume(error: unknown): boolean {
  if (error instanceof ConnectionFailed || error instanceof TimeLimitExceeded) return true;
  return error instanceof UnderstudyError && isRetryable(error.status, error.code);
}

function stateOf<T>(path: string, data: string): T {
  try {
    return JSON.parse(data) as T;
  } catch (cause) {
    const detail = `an event of ${path} is not JSON`;
    throw new UnexpectedAnswer({ status: 200, code: 'unexpected_answer', detail, cause });
  }
}
