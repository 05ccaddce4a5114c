import { jobStoreContract } from './job-store.contract.ts';
import { MemoryJobStore } from './memory-job-store.ts';

jobStoreContract('MemoryJobStore', async () => {
  const rig = { store: new MemoryJobStore() };
  rig.store.now = Date.now();
  return {
    get store() {
      return rig.store;
    },
    inWorkspace: (_workspace, work) => work(null as never),
    pass: async (milliseconds) => {
      rig.store.now += milliseconds;
    },
    clear: async () => {
      rig.store.clear();
    },
  };
});
