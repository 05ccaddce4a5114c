import type { Egress, EgressResponse } from '@understudy/egress';
import { isUnderstudyError } from '@understudy/kernel';
import type { Attempt, ClaimedDelivery } from './delivery.ts';
import { retryAfterMs } from './retry-schedule.ts';
import { signatures } from './secrets.ts';

/** Of an answer, this much is kept in the log. */
const KEPT_BYTES = 1024;

/** What a receiver did, and what it asks for. */
export interface SendOutcome extends Omit<Attempt, 'number'> {
  /** It said that there is nobody any more. */
  gone: boolean;
  wishMs: number | null;
}

/**
 * One attempt: signs as Standard Webhooks 1.0 says and posts. Anything but 2xx is a failure, and all failures are
 * tried again: an answer like 400, 401 or 404 is as often a deployment or a wrong route as a lasting refusal, an event
 * that is not delivered is not made again, and one more attempt costs little. Only 410 is final.
 *
 * @throws the signal's reason when it is aborted
 */
export async function send(
  egress: Pick<Egress, 'request'>,
  delivery: Pick<ClaimedDelivery, 'event' | 'traceparent'> & { body: string },
  target: { url: string; secrets: readonly string[] },
  { now, totalMs, signal }: { now: () => number; totalMs: number; signal: AbortSignal },
): Promise<SendOutcome> {
  const at = now();
  const timestamp = Math.floor(at / 1000);
  const failed = { at, responseStatus: null, responseBody: null, gone: false, wishMs: null };
  const since = performance.now();
  const ms = () => Math.round(performance.now() - since);
  try {
    const answer = await egress.request({
      url: target.url,
      method: 'POST',
      headers: {
        'content-type': 'application/cloudevents+json',
        'user-agent': 'Understudy-Webhooks/1',
        'webhook-id': delivery.event,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': signatures(target.secrets, delivery.event, timestamp, delivery.body),
        ...(delivery.traceparent === null ? {} : { traceparent: delivery.traceparent }),
      },
      body: delivery.body,
      limits: { totalMs, headersMs: totalMs, bodyMs: totalMs },
      overflow: 'cut',
      signal,
    });
    return { ...answered(answer, at), at, ms: ms() };
  } catch (error) {
    if (signal.aborted || !isUnderstudyError(error)) throw error;
    return { ...failed, ms: ms(), problem: error.code, detail: error.message };
  }
}

function answered({ status, headers, body, cut }: EgressResponse, at: number) {
  const delivered = status >= 200 && status < 300;
  const redirect = status >= 300 && status < 400;
  const note = redirect ? ' Redirects are not followed: give the URL that it leads to.' : '';
  const answer = `The receiver answered ${status}.${note}`;
  return {
    responseStatus: status,
    // PostgreSQL keeps no NUL.
    responseBody: Buffer.from(body.subarray(0, KEPT_BYTES)).toString().replaceAll('\0', '\uFFFD'),
    problem: delivered ? null : 'http_status',
    detail: delivered ? (cut ? 'The answer was long: the rest was not read.' : null) : answer,
    gone: status === 410,
    wishMs: retryAfterMs(headers['retry-after'], at),
  };
}
