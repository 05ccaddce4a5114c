import { MemoryRegistryStore } from './memory-registry-store.ts';
import { registryStoreContract } from './registry-store.contract.ts';

registryStoreContract('MemoryRegistryStore', async () => new MemoryRegistryStore());
