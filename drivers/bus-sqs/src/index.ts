export { fifoCapabilities, sqsCapabilities } from './capabilities.ts';
export { openSqsBus, type SqsOptions } from './sqs-event-bus.ts';
