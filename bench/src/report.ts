/** The kept results of all benchmarks as Markdown tables. usage: node bench/src/report.ts */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Figure, resultsFolder } from './results.ts';

interface Kept {
  benchmark: string;
  measured_at: string;
  figures: Figure[];
}

const files = readdirSync(resultsFolder).filter((name) => name.endsWith('.json'));
for (const file of files.sort()) {
  const { benchmark, measured_at, figures } = JSON.parse(readFileSync(join(resultsFolder, file), 'utf8')) as Kept;
  console.log(
    `\n### ${benchmark} (${measured_at.slice(0, 10)})\n\n| Figure | Measured | Target |\n| --- | --- | --- |`,
  );
  for (const { name, value, target, reached } of figures) {
    console.log(`| ${name} | ${value} | ${target === undefined ? '' : `${target} ${reached === true ? '✓' : '✗'}`} |`);
  }
}
