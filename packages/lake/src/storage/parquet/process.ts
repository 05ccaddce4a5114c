/**
 * The process that writes and reads Parquet. It lives for one job: DuckDB in the server's own process would block
 * its event loop for moments and keep about 100 MB after its first use.
 */
import { once } from 'node:events';
import { compareDatasets } from './compare-datasets.ts';
import type { ParquetJob } from './protocol.ts';
import { readDataset } from './read-dataset.ts';
import { writeDataset } from './write-dataset.ts';

async function say(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

// Ctrl-C reaches the whole terminal group; the server decides when its jobs end.
process.on('SIGINT', () => {});
const job = JSON.parse(process.argv[2] ?? '') as ParquetJob;
// The reader went away: there is nobody to work for.
process.stdout.on('error', () => process.exit(1));
if (job.kind === 'write') {
  const written = await writeDataset(job, process.stdin as AsyncIterable<Buffer>);
  if (written === null) process.exit(1);
  await say(`${JSON.stringify({ written, peakBytes: process.resourceUsage().maxRSS * 1024 })}\n`);
} else {
  const output = job.kind === 'compare' ? compareDatasets(job) : readDataset(job);
  for await (const lines of output) await say(lines);
  await say('{"end":true}\n');
}
