import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { releaseIdleMemory } from './idle-memory.ts';

const MIB = 1024 * 1024;
const heap = () => process.memoryUsage().heapTotal / MIB;

/** Small objects that survive a few collections: they end up in the old generation. */
function fill(megabytes: number): { at: number }[] {
  return Array.from({ length: megabytes * 20_000 }, (_, at) => ({ at, before: at - 1, after: at + 1 }));
}

test('what was once full and is empty now goes back to the system once there is nothing to do', async () => {
  const before = heap();
  let kept: { at: number }[] | null = fill(60);
  const full = heap();
  assert.ok(kept.length > 0 && full > before + 40, `${before} → ${full} MiB`);
  kept = null;
  const stop = releaseIdleMemory(20);
  while (heap() > before + 20) await pause(20);
  stop();
});

test('while the process works, nothing is collected by force', async () => {
  let kept: { at: number }[] | null = fill(60);
  const full = heap();
  assert.ok(kept.length > 0);
  kept = null;
  const stop = releaseIdleMemory(20);
  const until = performance.now() + 300;
  // Nine tenths of every look: busy, and the timer still gets its turn.
  while (performance.now() < until) {
    const busyUntil = performance.now() + 18;
    while (performance.now() < busyUntil);
    await pause(1);
  }
  stop();
  assert.ok(heap() > full / 2, `${full} → ${heap()} MiB`);
});
