import { eventBusContract } from './event-bus.contract.ts';
import { MemoryBroker } from './memory-broker.ts';
import { MemoryBus } from './memory-bus.ts';

let topics = 0;

eventBusContract('MemoryBus', async () => {
  const broker = new MemoryBroker();
  const bus = new MemoryBus(broker);
  return {
    bus,
    topic: async () => {
      const topic = `topic-${++topics}`;
      await bus.ensureTopic(topic);
      return topic;
    },
    close: () => bus.close(),
    disconnect: async () => broker.disconnect(),
    takeAway: async () => broker.disconnect(),
  };
});
