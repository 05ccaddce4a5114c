/**
 * `npm run honesty`: H1 to H9 at full size, and the table of their results in docs/reference/honesty.md. With
 * UNDERSTUDY_DATASETS (a folder with Banking77, the Davidson tweets, 20 Newsgroups and SST-2) H1 runs on real scores
 * too. `--only H3` runs one and replaces its lines. `--scale 0.1` makes the streams of H3 shorter (the table says how
 * long they were). Everything is seeded.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { certificatesHold, H1_FULL } from './h1-certificates.ts';
import { datasetPools } from './h1-datasets.ts';
import { nearDuplicates } from './h2-near-duplicates.ts';
import { auditedIntervals, intervalsAtEveryLook } from './h3-intervals.ts';
import { alarm } from './h4-alarm.ts';
import { reviewersAreFound } from './h5-reviewers.ts';
import { echoes } from './h6-echo.ts';
import { tampering } from './h7-tampering.ts';
import { replaying } from './h8-replay.ts';
import { productionLoops } from './h9-production-loop.ts';
import type { HonestyResult } from './result.ts';

const { values } = parseArgs({ options: { only: { type: 'string' }, scale: { type: 'string', default: '1' } } });

const folder = process.env.UNDERSTUDY_DATASETS;
const tests: Record<string, () => Promise<HonestyResult[]> | HonestyResult[]> = {
  H1: async () => [
    ...certificatesHold(),
    ...(folder === undefined ? [] : certificatesHold(H1_FULL, await datasetPools(folder))),
  ],
  H2: () => nearDuplicates(),
  H3: () => [...auditedIntervals(1000, Number(values.scale)), ...intervalsAtEveryLook(1000)],
  H4: () => alarm(2000),
  H5: () => reviewersAreFound(),
  H6: () => echoes(),
  H7: () => tampering({ seeds: 20, decisions: 2000 }),
  H8: () => replaying({ seeds: 10, decisions: 20_000 }),
  H9: () => productionLoops(),
};

const reference = join(resolve(import.meta.dirname, '../../..'), 'docs/reference');
const kept = join(reference, 'honesty.json');
const results: HonestyResult[] = existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : [];
for (const [name, run] of Object.entries(tests)) {
  if (values.only !== undefined && values.only !== name) continue;
  const startedAt = performance.now();
  const found = await run();
  for (const result of found) console.log(lineOf(result));
  console.log(`${name}: ${found.length} scenarios, ${((performance.now() - startedAt) / 1000).toFixed(0)} s\n`);
  // Kept after each: all of them take the better part of an hour.
  const others = results.filter(({ test }) => test !== name);
  results.splice(0, results.length, ...others, ...found);
  results.sort((a, b) => (a.test < b.test ? -1 : a.test > b.test ? 1 : 0));
  writeFileSync(kept, `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(join(reference, 'honesty.md'), page(results));
}
if (folder === undefined) console.log('UNDERSTUDY_DATASETS is not set: H1 ran on synthetic scores only.');
if (results.some(({ pass }) => !pass)) process.exitCode = 1;

function figures(measured: HonestyResult['measured']): string {
  return Object.entries(measured)
    .map(([name, value]) => `${name} ${typeof value === 'number' ? round(value) : value}`)
    .join(', ');
}

function round(value: number): string {
  return Number.isInteger(value) ? String(value) : Number(value.toPrecision(4)).toString();
}

function lineOf({ test, scenario, runs, measured, bound, pass }: HonestyResult): string {
  return `${pass ? '✔' : '✖'} ${test} ${scenario} (${runs} runs): ${figures(measured)} · ${bound}`;
}

function page(rows: readonly HonestyResult[]): string {
  const cell = (text: string) => text.replaceAll('|', '\\|');
  const lines = rows.map(
    ({ test, scenario, runs, measured, bound, pass }) =>
      `| ${test} | ${cell(scenario)} | ${runs} | ${cell(figures(measured))} | ${cell(bound)} | ${pass ? 'held' : '**broken**'} |`,
  );
  return `<!-- Written by \`npm run honesty\`. Do not edit. -->

# Do the promises hold?

Simulations of what Understudy promises, on streams whose truth is known. Each calls the code that serves: the certifying,
the intervals, the alarm, the echo rule, the verifier, the replay. Everything is seeded; one tenth or less of each runs in
\`npm test\`. To repeat all of it: \`UNDERSTUDY_DATASETS=… npm run honesty\`.

| Test | Scenario | Runs | Measured | Promised | |
| --- | --- | --- | --- | --- | --- |
${lines.join('\n')}
`;
}
