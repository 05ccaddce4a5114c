export { exampleDecision, exampleLabel, exampleReview } from './example-entries.ts';
export { ledgerStorageContract } from './ledger-storage.contract.ts';
export { MemoryLedgerStorage } from './memory-ledger-storage.ts';
