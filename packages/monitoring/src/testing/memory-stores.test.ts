import type { Database } from '@understudy/kernel';
import { MemoryAlertStore, MemoryAuditWatchStore } from './memory-stores.ts';
import { monitoringStoresContract } from './stores.contract.ts';

const database = {
  inWorkspace: (_: string, work: (tx: never) => unknown) => work(null as never),
} as unknown as Database;

monitoringStoresContract('The stores in memory', async () => ({
  alerts: new MemoryAlertStore(),
  watches: new MemoryAuditWatchStore(),
  database,
}));
