import type { Tx } from '@understudy/kernel';
import type { EventType } from '@understudy/wire';

/** Something that happened and is no decision or label: those are events by being in the ledger. */
export interface NewEvent {
  type: EventType;
  /** Id of what it happened to. */
  subject: string;
  /** JSON without personal data: it is hashed into the log and cannot be erased. */
  data: Record<string, unknown>;
}

/** The workspace's log of events. The ledger keeps it (ADR 0012). */
export interface EventSink {
  /**
   * Writes events in the caller's transaction: they happened if and only if it commits. The workspace's log is locked
   * from here to the end of the transaction, so make it the last thing that the transaction does.
   */
  record(tx: Tx, workspace: string, events: readonly NewEvent[]): Promise<void>;
}
