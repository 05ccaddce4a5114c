/**
 * `npm run honesty`: H1 to H9 at full size, and the table of their results in docs/reference/honesty.md. With
 * UNDERSTUDY_DATASETS (a folder with Banking77, the Davidson tweets, 20 Newsgroups and SST-2) H1 runs on real scores
 * too. `--only H3` runs one and writes nothing. Everything is seeded.
 */
import { writeFileSync } from 'node:fs';
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

const { values } = parseArgs({ options: { only: { type: 'string' } } });

const folder = process.env.UNDERSTUDY_DATASETS;
const tests: Record<string, () => Promise<HonestyResult[]> | HonestyResult[]> = {
  H1: async () => [
    ...certificatesHold(),
    ...(folder === undefined ? [] : certificatesHold(H1_FULL, await datasetPools(folder))),
  ],
  H2: () => nearDuplicates(),
  H3: () => [...auditedIntervals(1000), ...intervalsAtEveryLook(1000)],
  H4: () => alarm(2000),
  H5: () => reviewersAreFound(),
  H6: () => echoes(),
  H7: () => tampering({ seeds: 20, decisions: 2000 }),
  H8: () => replaying({ seeds: 10, decisions: 20_000 }),
  H9: () => productionLoops(),
};

const results: HonestyResult[] = [];
for (const [name, run] of Object.entries(tests)) {
  if (values.only !== undefined && values.only !== name) continue;
  const startedAt = performance.now();
  const found = await run();
  for (const result of found) console.log(lineOf(result));
  console.log(`${name}: ${found.length} scenarios, ${((performance.now() - startedAt) / 1000).toFixed(0)} s\n`);
  results.push(...found);
}
if (folder === undefined) console.log('UNDERSTUDY_DATASETS is not set: H1 ran on synthetic scores only.');
if (values.only === undefined) {
  const path = join(resolve(import.meta.dirname, '../../..'), 'docs/reference/honesty.md');
  writeFileSync(path, page(results));
  console.log(`wrote ${path}`);
}
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
