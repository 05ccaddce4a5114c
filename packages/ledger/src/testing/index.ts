export { exampleDecision, exampleLabel, exampleReview } from './example-entries.ts';
export { ledgerStorageContract } from './ledger-storage.contract.ts';
export { MemoryLedgerStorage } from './memory-ledger-storage.ts';
export { MemoryRollupStorage } from './memory-rollup-storage.ts';
export { rollupStorageContract } from './rollup-storage.contract.ts';
export { recordStream, referenceFigures } from './rollup-stream.ts';
export { ScanningRecordReader } from './scanning-record-reader.ts';
