export { exampleFigures, exampleTask, MemoryTaskDirectory, NO_CHECKS, ScriptedFigures } from './example-figures.ts';
export { MemoryAlertStore, MemoryAuditWatchStore } from './memory-stores.ts';
export { exampleAlert, monitoringStoresContract } from './stores.contract.ts';
