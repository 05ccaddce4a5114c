/** `failed`: ran out of attempts, another may succeed. `unprocessable`: can never succeed as it is. */
export type DeadLetterKind = 'failed' | 'unprocessable';

/** Where a letter comes from; its {@link Replayer} is registered under the kind. */
export interface DeadLetterOrigin {
  kind: 'job' | 'source' | 'outgoing';
  id: string;
}

export interface FailedAttempt {
  /** RFC 3339. */
  at: string;
  code: string;
  detail: string;
}

/** Work that was given up, with everything that is needed to try it again. */
export interface NewDeadLetter {
  kind: DeadLetterKind;
  origin: DeadLetterOrigin;
  /** Slug; null where the work names none. */
  task: string | null;
  reason: { code: string; detail: string };
  /** The original bytes, as they came. */
  body: Uint8Array;
  contentType: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** Identity in its source: the message's id or place, or the position of an item in its job. */
  message: string | null;
  attempts: number;
  /** Oldest first. */
  history: FailedAttempt[];
  traceId: string | null;
}

/** `waiting` = somebody has to look at it. The bytes are kept until then only. */
export type DeadLetterState = 'waiting' | 'replayed' | 'discarded';

export interface DeadLetter extends NewDeadLetter {
  /** `dlt_…` */
  id: string;
  state: DeadLetterState;
  /** ms since the epoch. */
  createdAt: number;
  /** When, by whom and why it stopped waiting. */
  resolvedAt: number | null;
  resolvedBy: string | null;
  resolution: string | null;
}

export interface DeadLetterFilter {
  kind?: DeadLetterKind | undefined;
  task?: string | undefined;
  /** Kind of the origin, or `kind:id`. */
  origin?: string | undefined;
  state?: DeadLetterState | undefined;
}
