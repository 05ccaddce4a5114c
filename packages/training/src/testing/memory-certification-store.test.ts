import { certificationStoreContract } from './certification-store.contract.ts';
import { MemoryCertificationStore } from './memory-certification-store.ts';

certificationStoreContract('MemoryCertificationStore', async () => new MemoryCertificationStore());
