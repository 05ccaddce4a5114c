export { exampleHistory, exampleTask, HISTORY, type HistoryShape, sequence } from './example-history.ts';
export { LedgerWorld, MemoryTaskCatalogue } from './ledger-world.ts';
export { MemoryReplayStore } from './memory-replay-store.ts';
export { exampleReplay, replayStoreContract } from './replay-store.contract.ts';
export { answerOf, replayWorld } from './replay-world.ts';
