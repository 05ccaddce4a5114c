export { certificationStoreContract } from './certification-store.contract.ts';
export { exampleRun } from './example-run.ts';
export { exampleRows, FakeRooms, imported } from './fake-rooms.ts';
export { MajorityTrainer } from './majority-trainer.ts';
export { MemoryCertificationStore } from './memory-certification-store.ts';
export { MemoryRunStore } from './memory-run-store.ts';
export { runStoreContract } from './run-store.contract.ts';
export { trainableRows, trainerContract } from './trainer.contract.ts';
