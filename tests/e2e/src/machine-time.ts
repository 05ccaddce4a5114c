import { availableParallelism, loadavg } from 'node:os';

/** Milliseconds that a second of this machine takes beside everything else that runs on it now, about: at least 1,000. */
export function second(): number {
  return 1000 * Math.max(1, (1.5 * loadavg()[0]!) / availableParallelism());
}
