import { systemClock } from '@understudy/kernel';
import { ledgerStorageContract } from './ledger-storage.contract.ts';
import { MemoryLedgerStorage } from './memory-ledger-storage.ts';

const storage = new MemoryLedgerStorage();
ledgerStorageContract('in memory', async () => ({ storage, clock: systemClock }));
