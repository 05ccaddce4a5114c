import type { Database } from '@understudy/kernel';
import { MemoryRollupStorage } from './memory-rollup-storage.ts';
import { rollupStorageContract } from './rollup-storage.contract.ts';

const database = {
  inWorkspace: (_: string, work: (tx: never) => unknown) => work(null as never),
} as unknown as Database;

rollupStorageContract('MemoryRollupStorage', async () => ({ storage: new MemoryRollupStorage(), database }));
