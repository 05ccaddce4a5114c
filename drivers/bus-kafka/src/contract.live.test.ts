import { Admin } from '@platformatic/kafka';
import { startKafka, unlessAvailable } from '@understudy/components';
import { type EventBusUnderTest, eventBusContract } from '@understudy/events/testing';
import { openKafkaBus } from './index.ts';
import { CuttingProxy } from './testing/cutting-proxy.ts';

if (unlessAvailable('kafka') === false) eventBusContract('bus-kafka over Apache Kafka', open, { timeoutMs: 90_000 });

/** Everything goes through a proxy, whose port the broker tells its clients. */
async function open(): Promise<EventBusUnderTest> {
  let port = 0;
  const proxy = await CuttingProxy.start(() => port);
  const kafka = await startKafka({ proxyPort: proxy.port });
  port = kafka.proxiedPort;
  const bus = openKafkaBus(`kafka://127.0.0.1:${proxy.port}`);
  const admin = new Admin({ clientId: 'contract', bootstrapBrokers: [kafka.bootstrap] });
  let topics = 0;
  return {
    bus,
    async topic() {
      const name = `contract.${++topics}`;
      await bus.ensureTopic(name);
      return name;
    },
    async disconnect() {
      proxy.cut();
    },
    async takeAway(_topic, group) {
      await admin.removeMembersFromConsumerGroup({ groupId: group });
    },
    async close() {
      await bus.close();
      await admin.close();
      proxy.close();
      await kafka.close();
    },
  };
}
