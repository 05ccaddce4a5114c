import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One measured figure beside what it has to reach. */
export interface Figure {
  name: string;
  value: string;
  /** E.g. `≥ 6×`; absent where nothing is asked. */
  target?: string;
  reached?: boolean;
}

/** Where results are kept for report.ts: UNDERSTUDY_BENCH_RESULTS, else bench/.cache/results. */
export const resultsFolder =
  process.env.UNDERSTUDY_BENCH_RESULTS ?? fileURLToPath(new URL('../.cache/results', import.meta.url));

/** Prints figures and keeps them for report.ts. */
export function keepResults(benchmark: string, figures: readonly Figure[]): void {
  console.log('');
  for (const { name, value, target, reached } of figures) {
    const verdict = target === undefined ? '' : `   target ${target}: ${reached === true ? 'reached' : 'MISSED'}`;
    console.log(`${name.padEnd(52)} ${value}${verdict}`);
  }
  mkdirSync(resultsFolder, { recursive: true });
  const kept = { benchmark, measured_at: new Date().toISOString(), figures };
  writeFileSync(join(resultsFolder, `${benchmark}.json`), `${JSON.stringify(kept, null, 2)}\n`);
}
