import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { quantile } from './statistics.ts';

const FLUSHES = 400;
const BYTES = 8192;

/**
 * How long the disk itself takes to make one page durable, in ms: no answer that is durable can be sooner.
 *
 * @param folder on the disk in question
 */
export function diskFlush(folder: string): { p50: number; p99: number } {
  const file = openSync(join(folder, 'flush'), 'w');
  const page = Buffer.alloc(BYTES, 1);
  const times: number[] = [];
  for (let i = 0; i < FLUSHES; i++) {
    writeSync(file, page, 0, BYTES, (i % 64) * BYTES);
    const startedAt = performance.now();
    fdatasyncSync(file);
    times.push(performance.now() - startedAt);
  }
  closeSync(file);
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}
