import type { Tx } from '@understudy/kernel';

/** A message for a topic of one of the operator's buses. */
export interface NewOutgoing {
  /** A name of `UNDERSTUDY_BUSES`, or `postgres`. */
  bus: string;
  topic: string;
  /** Stable: whoever gets the message twice can tell by it. At most 100 characters. */
  id: string;
  /** A workspace's messages of one key leave in the order in which they were enqueued. Null: in any. At most 200 characters. */
  key: string | null;
  /** Names in lower case. `traceparent` among them, where what caused the message has one. */
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
  /** Of the work that caused it; kept with it when it cannot be delivered. */
  traceId?: string | null;
}

/** A message that waits to be published. */
export interface QueuedMessage extends NewOutgoing {
  /** Its place in the queue; unique. */
  seq: string;
  workspace: string;
  /** Tries that concerned this message alone; not those that failed with its bus or topic. */
  attempts: number;
  /** Why the last of them failed; null when none did. */
  problem: { code: string; detail: string; at: string } | null;
  traceId: string | null;
  /** Seconds since it was enqueued, by the database's clock. */
  ageSeconds: number;
}

export interface Destination {
  bus: string;
  topic: string;
}

export interface OutgoingFigures {
  waiting: number;
  /** 0 when nothing waits. */
  oldestSeconds: number;
}

/** What a step takes. */
export interface Take {
  messages: number;
  bytes: number;
  leaseMs: number;
  /** Of more workspaces than a step serves, those behind this one go first. */
  after: string;
}

/** What became of the messages of one step. */
export interface Settlement {
  /** Confirmed by the broker: forgotten. */
  delivered: readonly string[];
  postponed: readonly { seq: string; afterMs: number; problem: { code: string; detail: string } }[];
}

/** The queue of outgoing messages. Times are the database's. */
export interface OutgoingStore {
  insert(tx: Tx, workspace: string, messages: readonly NewOutgoing[]): Promise<void>;
  find(tx: Tx, workspace: string, id: string): Promise<QueuedMessage[]>;
  /** Destinations with messages that nobody is working on, ordered by bus and topic, `limit` behind `after`. */
  destinations(after: Destination | null, limit: number): Promise<Destination[]>;
  /**
   * Settles the last step and takes the next messages of a destination for `leaseMs`: of each workspace in order,
   * workspaces in turn, message by message; none that waits for its retry, and none behind such a one of its key. Empty
   * lets the destination go; null when another holder has it.
   */
  step(destination: Destination, holder: string, settled: Settlement, take: Take): Promise<QueuedMessage[] | null>;
  /** Keeps a destination for `leaseMs` more. False when another holder has taken it over. */
  renew(destination: Destination, holder: string, leaseMs: number): Promise<boolean>;
  /** Settles the last step and lets the destination go. */
  release(destination: Destination, holder: string, settled: Settlement): Promise<void>;
  /** Messages of a destination that are older than this, the oldest first. */
  olderThan(destination: Destination, seconds: number, limit: number): Promise<QueuedMessage[]>;
  /** Takes messages out of the queue in the caller's transaction; answers those that were still in it. */
  remove(tx: Tx, workspace: string, seqs: readonly string[]): Promise<string[]>;
  figures(): Promise<OutgoingFigures>;
}

/** A message that will not be delivered, and why. */
export interface Undeliverable {
  message: QueuedMessage;
  reason: { code: string; detail: string };
}

/** Where undeliverable messages go, so that a person sees them and can send them again. */
export interface UndeliverableSink {
  put(tx: Tx, workspace: string, letters: readonly Undeliverable[]): Promise<void>;
}
