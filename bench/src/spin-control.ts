import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * A fixed piece of CPU work in two processes at once. Run before and after a measurement it tells a reader whether
 * the machine was disturbed: on an idle one its times agree within a few per cent.
 */
export interface SpinTimes {
  /** Wall milliseconds of each process's spin, start-up not included. */
  milliseconds: [number, number];
}

const ROUNDS = 60_000_000;

function spin(): number {
  const start = performance.now();
  let state = 1;
  for (let i = 0; i < ROUNDS; i++) state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  const elapsed = performance.now() - start;
  // The state is used, so that the loop cannot be removed.
  return state === 0 ? elapsed + 1e-9 : elapsed;
}

export async function spinControl(): Promise<SpinTimes> {
  const one = () =>
    new Promise<number>((resolve, reject) => {
      const child = fork(fileURLToPath(import.meta.url), ['spin']);
      child.once('message', (time) => resolve(time as number));
      child.once('error', reject);
    });
  return { milliseconds: await Promise.all([one(), one()]) };
}

/** Runs a measurement between two controls and prints both, and what the hypervisor took away meanwhile (Linux). */
export async function bracketed<T>(name: string, measure: () => Promise<T>): Promise<T> {
  const before = await spinControl();
  const from = cpuTime();
  const result = await measure();
  const to = cpuTime();
  const after = await spinControl();
  const text = (spins: SpinTimes) => spins.milliseconds.map((time) => time.toFixed(0)).join('/');
  console.log(
    `  spin control around ${name}: before ${text(before)} ms, after ${text(after)} ms${stolenBetween(from, to)}`,
  );
  return result;
}

interface CpuTime {
  /** Of all processors, in ticks. */
  total: number;
  /** Ticks in which something was to run and other guests of the same machine ran instead (proc_stat(5)). */
  stolen: number;
}

/** Null where the system does not say. */
function cpuTime(): CpuTime | null {
  try {
    const ticks = /^cpu +(.*)/.exec(readFileSync('/proc/stat', 'latin1'))![1]!.split(' ').map(Number);
    // user, nice, system, idle, iowait, irq, softirq, steal; what follows is part of user and nice.
    return { total: ticks.slice(0, 8).reduce((sum, ticks) => sum + ticks, 0), stolen: ticks[7]! };
  } catch {
    return null;
  }
}

function stolenBetween(from: CpuTime | null, to: CpuTime | null): string {
  if (from === null || to === null || to.total === from.total) return '';
  return `; ${((100 * (to.stolen - from.stolen)) / (to.total - from.total)).toFixed(1)} % stolen by other guests`;
}

if (process.argv[2] === 'spin' && process.send) {
  process.send(spin(), () => process.disconnect());
}
