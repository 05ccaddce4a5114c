import { MemoryObjectStore } from './memory-object-store.ts';
import { objectStoreContract } from './object-store.contract.ts';

objectStoreContract('memory', {
  async create() {
    const store = new MemoryObjectStore();
    return { store, corrupt: async (key, change) => store.corrupt(key, change), close: async () => {} };
  },
});
