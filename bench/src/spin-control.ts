import { fork } from 'node:child_process';
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

/** Runs a measurement between two controls and prints both. */
export async function bracketed<T>(name: string, measure: () => Promise<T>): Promise<T> {
  const before = await spinControl();
  const result = await measure();
  const after = await spinControl();
  const text = (spins: SpinTimes) => spins.milliseconds.map((time) => time.toFixed(0)).join('/');
  console.log(`  spin control around ${name}: before ${text(before)} ms, after ${text(after)} ms`);
  return result;
}

if (process.argv[2] === 'spin' && process.send) {
  process.send(spin(), () => process.disconnect());
}
