export { MemoryTaskStore } from './memory-task-store.ts';
export { RecordingAuditTrail } from './recording-audit-trail.ts';
export { taskStoreContract } from './task-store.contract.ts';
