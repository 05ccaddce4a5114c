export { exampleVersion } from './example-version.ts';
export { MemoryRegistryStore } from './memory-registry-store.ts';
export { registryStoreContract } from './registry-store.contract.ts';
