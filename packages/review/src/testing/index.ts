export { exampleItem } from './example-item.ts';
export { exampleTask, fixedTasks } from './fixed-tasks.ts';
export { MemoryReviewStore } from './memory-review-store.ts';
export { MemoryVerdictLedger } from './memory-verdict-ledger.ts';
export { type ReviewStoreUnderTest, reviewStoreContract } from './review-store.contract.ts';
