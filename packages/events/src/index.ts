export { type CloudEvent, EVENT_TYPES, type EventType } from './cloud-event.ts';
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
