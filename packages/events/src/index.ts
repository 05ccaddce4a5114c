export { Bell } from './bell.ts';
export { type BusDefinition, Buses, type BusState } from './buses.ts';
export type { CloudEvent } from './cloud-event.ts';
export { eventErrors } from './errors.ts';
export type {
  Batch,
  BatchHandler,
  BatchResult,
  BusCapabilities,
  Capability,
  ConsumeOptions,
  EventBus,
  IncomingMessage,
  OutgoingMessage,
  PublishOutcome,
  Subscription,
  SubscriptionState,
} from './event-bus.ts';
export type { EventSink, NewEvent } from './event-sink.ts';
export { Outgoing } from './outgoing.ts';
export { OutgoingRelay, type OutgoingRelayOptions } from './outgoing-relay.ts';
export type {
  Destination,
  NewOutgoing,
  OutgoingFigures,
  OutgoingStore,
  QueuedMessage,
  Settlement,
  Undeliverable,
  UndeliverableSink,
} from './ports.ts';
export * from './webhooks/index.ts';
