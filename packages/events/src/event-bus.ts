/** One message as it goes out. Every driver keeps all of it, or its capabilities say what it drops. */
export interface OutgoingMessage {
  /** Stable: a message that is published again after an unknown outcome carries the same one. At most 100 characters. */
  id: string;
  /** Messages of one key stay in order, where the system keeps an order. Null: none. At most 200 characters. */
  key: string | null;
  /** Names in lower case, as `traceparent`, `content-type` or `ce_type`. */
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
}

/** One message as it came in. */
export interface IncomingMessage {
  /**
   * Given by whoever published it (AMQP `message_id`, a header `message-id` or `ce_id`, SQS deduplication id), or null.
   * Not to be trusted to be unique by itself.
   */
  id: string | null;
  key: string | null;
  headers: Readonly<Record<string, string>>;
  /** The bytes as published, undecoded. */
  body: Uint8Array;
  /**
   * Where it stands in its topic. The same message that is delivered again has the same place where the system knows
   * one (Kafka: `partition/offset`, PostgreSQL: its sequence, SQS: the message id); null where it does not (AMQP).
   */
  place: string | null;
  /** It may have been delivered before. */
  redelivered: boolean;
  /** How often it was delivered, this time included, where the system counts; null otherwise. */
  deliveries: number | null;
  /** AMQP `correlation_id`, or the header `correlation-id`. */
  correlationId: string | null;
  /** AMQP `reply_to`, or the header `reply-to`: a topic or queue of the same bus. */
  replyTo: string | null;
  /** When it was published, in ms since the epoch, by the broker's word; null where it has none. */
  at: number | null;
}

/** Messages of one topic that are handled together, in the order of each key. */
export interface Batch {
  readonly messages: readonly IncomingMessage[];
  /** Aborted when the messages are no longer ours (partitions moved, connection lost): stop, the result is ignored. */
  readonly signal: AbortSignal;
}

/**
 * What became of a batch. Messages that are not named in `retry` are acknowledged; the named ones (indexes into
 * `messages`) come again after `afterMs`. A system that only keeps an offset delivers everything behind the first of
 * them in the same partition again, too.
 */
export interface BatchResult {
  retry?: readonly number[];
  afterMs?: number;
}

/**
 * Handles a batch. Resolving acknowledges it; throwing lets all of it come again, after a pause that doubles from
 * 200 ms to 30 s while the same consumer keeps failing. Never called twice at once for one message key.
 */
export type BatchHandler = (batch: Batch) => Promise<BatchResult | undefined>;

export interface ConsumeOptions {
  topic: string;
  /** Consumers of one group share the messages; groups do not know each other. */
  group: string;
  /** Messages of one call of the handler at most. Default 200. */
  batch?: number;
  /** Bytes that may wait in this process, about: back-pressure. Default 16 MiB. */
  bytes?: number;
  /** Where a group that never read begins. Default `earliest`. */
  from?: 'earliest' | 'latest';
}

export type SubscriptionState = 'connecting' | 'running' | 'paused' | 'failing' | 'closed';

/** A running consumer. It reconnects by itself, for ever. */
export interface Subscription {
  readonly state: SubscriptionState;
  /** Why it is `failing`, in words for an operator, without secrets; null otherwise. */
  readonly problem: string | null;
  /** Takes no new messages once `state` is `paused`; those in hand are finished. */
  pause(): void;
  resume(): void;
  /** Messages that wait in the topic for the group; null where the system cannot tell. */
  lag(): Promise<number | null>;
  /** Finishes what the handler has in hand, acknowledges it, and leaves the group. Idempotent. */
  close(): Promise<void>;
}

/** What became of one message that was to be published. */
export type PublishOutcome = { ok: true } | { ok: false; error: unknown };

/**
 * A message system. Consuming is at least once, in the order of each key where `capabilities.ordering` says so. Errors
 * are coded: `bus_unavailable` (retryable), `bus_topic_not_found`, `bus_message_too_large`, `bus_refused`.
 */
export interface EventBus {
  readonly capabilities: BusCapabilities;
  /**
   * Publishes; resolves when each message is confirmed by the system as safely stored, or is known not to be. One
   * outcome a message, in order. Throws only what concerns all of them (`bus_unavailable`): then any may have arrived.
   */
  publish(topic: string, messages: readonly OutgoingMessage[]): Promise<PublishOutcome[]>;
  /** Resolves at once, with the first connection still on its way. */
  consume(options: ConsumeOptions, handler: BatchHandler): Subscription;
  /** Makes a topic or queue where the system lets a client do so, if there is none. For set-up and tests. */
  ensureTopic(topic: string): Promise<void>;
  /** Whether the system answers, within two seconds. Throws `bus_unavailable`. */
  ping(): Promise<void>;
  /** Closes all subscriptions, waits for what is being published, and disconnects. Idempotent. */
  close(): Promise<void>;
}

/** What a system can and cannot do. Data: the contract suite skips by it and says why. */
export interface BusCapabilities {
  /** `kafka`, `amqp`, `sqs`, `postgres`, `memory`. */
  system: string;
  /** Messages of one key are handled in the order of publishing. */
  ordering: Capability;
  /** `retry` of single messages does not bring others back. */
  selectiveRetry: Capability;
  /** Groups each get every message. */
  groups: Capability;
  /** A message that is delivered again has the same `place`. */
  stablePlace: Capability;
  /** `lag()` answers a number. */
  lag: Capability;
  /** A topic that does not exist is told apart: `bus_topic_not_found`. */
  missingTopic: Capability;
  /** Arbitrary bytes and header values pass unchanged. */
  binary: Capability;
  /** Largest body in bytes. */
  maxBytes: number;
}

/** Honoured, or the reason why it cannot be. */
export type Capability = true | string;
