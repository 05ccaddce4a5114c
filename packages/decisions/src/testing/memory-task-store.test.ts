import { MemoryTaskStore } from './memory-task-store.ts';
import { taskStoreContract } from './task-store.contract.ts';

taskStoreContract('MemoryTaskStore', async () => new MemoryTaskStore());
