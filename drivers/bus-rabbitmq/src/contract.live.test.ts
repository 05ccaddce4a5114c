import { test } from 'node:test';
import { startLink, startRabbit, unlessAvailable } from '@understudy/components';
import { eventBusContract } from '@understudy/events/testing';
import { openRabbitBus } from './rabbit-event-bus.ts';

const missing = unlessAvailable('rabbitmq');
let queues = 0;

if (missing !== false) test('RabbitMQ keeps the EventBus contract', { skip: missing });
else {
  eventBusContract('RabbitMQ', async () => {
    const broker = await startRabbit();
    const link = await startLink(Number(new URL(broker.url).port));
    const bus = openRabbitBus(`amqp://guest:guest@127.0.0.1:${link.port}`);
    return {
      bus,
      topic: async () => {
        const queue = `contract.${++queues}`;
        await bus.ensureTopic(queue);
        return queue;
      },
      close: async () => {
        await bus.close();
        await link.close();
        await broker.stop();
      },
      disconnect: async () => link.cut(),
      takeAway: async () => link.cut(),
    };
  });
}
