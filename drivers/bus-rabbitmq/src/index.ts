export { rabbitCapabilities } from './capabilities.ts';
export { openRabbitBus, type RabbitOptions } from './rabbit-event-bus.ts';
