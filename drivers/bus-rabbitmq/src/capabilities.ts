import type { BusCapabilities } from '@understudy/events';

/** What RabbitMQ can and cannot do for the EventBus port; a skipped test shows the reason. */
export const rabbitCapabilities = {
  system: 'amqp',
  ordering: 'the consumers of a queue share its messages one by one, and what is requeued is overtaken',
  selectiveRetry: true,
  groups:
    'the consumers of a queue are one group; with a topic "exchange:<name>" each group has a queue of its own, from its first consumer on',
  stablePlace: 'AMQP 0-9-1 gives a message no number in its queue',
  lag: true,
  missingTopic: true,
  binary: true,
  // What RabbitMQ 4 takes unless told otherwise; 3.x takes 128 MiB. `max_bytes` in the URL changes it.
  maxBytes: 16 * 1024 * 1024,
} satisfies BusCapabilities;
