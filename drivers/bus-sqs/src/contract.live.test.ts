import { test } from 'node:test';
import { startElasticMq, startLink, unlessAvailable } from '@understudy/components';
import { eventBusContract } from '@understudy/events/testing';
import { openSqsBus } from './sqs-event-bus.ts';

const missing = unlessAvailable('elasticmq');
let queues = 0;

for (const kind of ['standard', 'FIFO'] as const) {
  const name = `SQS (${kind} queues)`;
  if (missing !== false) {
    test(`${name} keeps the EventBus contract`, { skip: missing });
    continue;
  }
  eventBusContract(name, async () => {
    const server = await startElasticMq();
    const link = await startLink(Number(new URL(server.endpoint).port));
    const endpoint = encodeURIComponent(`http://127.0.0.1:${link.port}`);
    const url = `sqs://key:secret@elasticmq?endpoint=${endpoint}&wait=1&visibility=4`;
    const bus = openSqsBus(kind === 'FIFO' ? `${url}&queues=fifo` : url);
    return {
      bus,
      topic: async () => {
        const queue = `contract-${++queues}`;
        await bus.ensureTopic(queue);
        return queue;
      },
      close: async () => {
        await bus.close();
        await link.close();
        await server.stop();
      },
      disconnect: async () => link.cut(),
      // A lease ends because it could not be prolonged.
      takeAway: async () => {
        link.hold();
        setTimeout(() => link.release(), 6000);
      },
      missing: () => `contract-missing-${++queues}`,
    };
  });
}
