import type { CloudEvent } from '../cloud-event.ts';

/** For how long a delivery is tried. */
export const GIVE_UP_MS = 3 * 24 * 3_600_000;

/** `waiting` for its next attempt, `delivered` by a 2xx answer, `failed`: given up. */
export type DeliveryStatus = 'waiting' | 'delivered' | 'failed';

/** One event on its way to one receiver. */
export interface Delivery {
  /** `dlv_…` */
  id: string;
  workspace: string;
  /** Null: a callback of a job. */
  webhook: string | null;
  /** Where it goes; of a webhook, that is decided when it is sent. */
  url: string | null;
  /** Id of the event: the receiver's `webhook-id`, the same in all attempts. */
  event: string;
  type: CloudEvent['type'];
  subject: string;
  status: DeliveryStatus;
  attempts: number;
  nextAt: number;
  giveUpAt: number;
  createdAt: number;
  finishedAt: number | null;
  /** Of the last answer. */
  responseStatus: number | null;
  /** Code of what went wrong last. */
  problem: string | null;
  /** The body as it is sent; null when it was emptied. */
  body: string | null;
}

export interface NewDelivery {
  id: string;
  /** What shares a limit and a breaker: the webhook's id, or the origin of a callback's URL. */
  target: string;
  webhook: string | null;
  url: string | null;
  event: CloudEvent;
  nextAt: number;
  giveUpAt: number;
  createdAt: number;
}

/** What came of one attempt. */
export interface Attempt {
  /** 1 for the first. */
  number: number;
  at: number;
  ms: number;
  responseStatus: number | null;
  /** `http_status`, or a code of the egress room; null when it was delivered. */
  problem: string | null;
  detail: string | null;
  /** The answer's first KB as text; null without an answer. */
  responseBody: string | null;
}

/** A delivery that this process may attempt now, until its lease ends. */
export interface ClaimedDelivery extends Delivery {
  target: string;
  /** W3C trace context of what caused the event, or null. */
  traceparent: string | null;
  /** Attempts since it was last sent on its way: what is delivered again by hand begins with short pauses. */
  tries: number;
  /** The target's failures in a row when this was claimed. */
  targetFailures: number;
  /** Of this lease: an outcome under an older one is not taken. */
  fence: number;
}
