export { exampleJob, exampleOptions } from './example-job.ts';
export { type JobStoreUnderTest, jobStoreContract } from './job-store.contract.ts';
export { MemoryJobStore } from './memory-job-store.ts';
