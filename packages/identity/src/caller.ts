import type { Principal } from '@understudy/kernel';

/** Who asks, and under which request id it is written down. */
export interface Caller {
  principal: Principal;
  requestId: string;
}
