import { type EventLoopUtilization, performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How often it is looked at what the process does. */
const LOOK_MS = 5_000;
/** Busy for less than this share of the time between two looks: nobody is kept waiting. */
const IDLE_SHARE = 0.1;
/** Heap that was taken, or given back to nobody, since the last time: less is not worth a collection. */
const WORTH_BYTES = 24 * 1024 * 1024;
/** Collecting a heap of 40 MB takes a tenth of a second: of a large one, nobody should wait for it. */
const MOST_BYTES = 200 * 1024 * 1024;

type Collect = (options: { type: 'major'; execution: 'sync'; flavor: 'last-resort' }) => void;

/**
 * Gives memory back to the system while the process has nothing to do. V8 keeps the pages of a heap that was once full
 * (after start: 115 MB, of which 43 MB are in use), since it would need them again under load.
 *
 * @param lookMs how often it looks; idle is who was so since the look before
 * @returns how to end it
 */
export function releaseIdleMemory(lookMs: number = LOOK_MS): () => void {
  let before: EventLoopUtilization = performance.eventLoopUtilization();
  let collect: Collect | null = null;
  let kept = 0;
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    const { heapTotal, heapUsed } = process.memoryUsage();
    if (utilization > IDLE_SHARE || heapTotal < kept + WORTH_BYTES || heapUsed > MOST_BYTES) return;
    collect ??= exposedCollector();
    collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    kept = process.memoryUsage().heapTotal;
    before = performance.eventLoopUtilization();
  }, lookMs).unref();
  return () => clearInterval(timer);
}

/** The collector is part of every V8, but shown only to a context that is made while the flag is set. */
function exposedCollector(): Collect {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as Collect;
  setFlagsFromString('--no-expose-gc');
  return collect;
}
