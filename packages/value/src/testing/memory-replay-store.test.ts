import { FakeClock } from '@understudy/kernel/testing';
import { MemoryReplayStore } from './memory-replay-store.ts';
import { replayStoreContract } from './replay-store.contract.ts';

replayStoreContract('MemoryReplayStore', async () => new MemoryReplayStore(new FakeClock()));
