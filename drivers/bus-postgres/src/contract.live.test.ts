import { createTestDatabase } from '@understudy/database-postgres/testing';
import { eventBusContract } from '@understudy/events/testing';
import { openPostgresBus } from './index.ts';
import { busMigrations } from './storage/index.ts';

let topics = 0;

eventBusContract('PostgreSQL', async () => {
  const db = await createTestDatabase({ migrations: [busMigrations] });
  const bus = openPostgresBus({ database: db.database, listen: db.listen, leaseMs: 3_000 });
  return {
    bus,
    topic: async () => {
      const topic = `contract.${++topics}`;
      await bus.ensureTopic(topic);
      return topic;
    },
    close: async () => {
      await bus.close();
      await db.close();
    },
    disconnect: async () => {
      await db.asOwner(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      );
    },
    takeAway: async (topic, group) => {
      await db.asOwner(
        `UPDATE bus.lanes l SET holder = 'another', until = clock_timestamp()
         FROM bus.groups g JOIN bus.topics t ON t.id = g.topic_id
         WHERE l.group_id = g.id AND g.name = $2 AND t.name = $1 AND l.holder IS NOT NULL`,
        [topic, group],
      );
    },
  };
});
