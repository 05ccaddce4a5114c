export { exampleRun } from './example-run.ts';
export { exampleRows, FakeRooms } from './fake-rooms.ts';
export { MajorityTrainer } from './majority-trainer.ts';
export { MemoryRunStore } from './memory-run-store.ts';
export { runStoreContract } from './run-store.contract.ts';
export { trainableRows, trainerContract } from './trainer.contract.ts';
