import type { DifferenceQuery } from '../../dataset-difference.ts';

interface Job {
  /** Scratch folder of this job: holds the file and whatever DuckDB spills. */
  directory: string;
  path: string;
  memoryMegabytes: number;
}

export interface CompareJob extends Job {
  kind: 'compare';
  /** The file that the other one is compared with. */
  basePath: string;
  query: DifferenceQuery;
}

/** What the parent tells the Parquet process on its command line, as JSON. */
export type ParquetJob = (Job & { kind: 'write' | 'read' }) | CompareJob;

/** The last line on the standard input of a write job; the lines before it are SnapshotRows. */
export interface EndOfRows {
  end: { id: string };
}
