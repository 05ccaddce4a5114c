export { Collector, eventually, gate } from './collector.ts';
export { type ContractOptions, type EventBusUnderTest, eventBusContract } from './event-bus.contract.ts';
export { MemoryBroker } from './memory-broker.ts';
export { MemoryBus } from './memory-bus.ts';
