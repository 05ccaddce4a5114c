import { MemoryReviewStore } from './memory-review-store.ts';
import { reviewStoreContract } from './review-store.contract.ts';

reviewStoreContract('MemoryReviewStore', async () => {
  const store = new MemoryReviewStore();
  return {
    store,
    apply: (workspace, changes) => store.apply(null as never, workspace, changes),
    pass: async (_, seconds) => {
      store.now += seconds * 1000;
    },
  };
});
