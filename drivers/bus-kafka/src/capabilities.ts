import type { BusCapabilities } from '@understudy/events';

/** What brokers take without being told otherwise (`message.max.bytes` is 1,048,588 with the frame around it). */
export const DEFAULT_MAX_BYTES = 1_000_000;

/** What Apache Kafka can do, as the EventBus port has it. */
export function kafkaCapabilities(maxBytes: number): BusCapabilities {
  return {
    system: 'kafka',
    ordering: true,
    selectiveRetry:
      'Kafka keeps one offset a partition: what follows a retried message in its partition comes again, and waits for it',
    groups: true,
    stablePlace: true,
    lag: true,
    missingTopic: true,
    binary: true,
    maxBytes,
  };
}
