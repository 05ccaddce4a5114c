import type { BusCapabilities } from '@understudy/events';

/** What Amazon SQS can and cannot do for the EventBus port; a skipped test shows the reason. */
export const sqsCapabilities = {
  system: 'sqs',
  ordering:
    'only queues whose name ends in .fifo keep an order; a bus of such queues alone says queues=fifo in its URL',
  selectiveRetry: true,
  groups: 'the consumers of a queue are one group; let a topic of Amazon SNS feed a queue for each',
  stablePlace: true,
  lag: true,
  missingTopic: true,
  binary: true,
  // Body, as base64 if it is no text, with all attributes. `max_bytes` in the URL changes it: 1 MiB since August 2025.
  maxBytes: 256 * 1024,
} satisfies BusCapabilities;

/** Of a bus whose queues are FIFO all. */
export const fifoCapabilities: BusCapabilities = { ...sqsCapabilities, ordering: true };
