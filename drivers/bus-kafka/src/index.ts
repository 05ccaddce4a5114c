export { kafkaCapabilities } from './capabilities.ts';
export { type KafkaBusOptions, openKafkaBus } from './kafka-bus.ts';
