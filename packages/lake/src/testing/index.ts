export { FixedTaskRules } from './fixed-task-rules.ts';
export { MemoryObjectStore } from './memory-object-store.ts';
export { MemorySpool } from './memory-spool.ts';
export { type ObjectStoreHarness, objectStoreContract, traversalStrings } from './object-store.contract.ts';
