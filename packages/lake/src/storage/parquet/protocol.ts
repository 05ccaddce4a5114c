/** What the parent tells the Parquet process on its command line, as JSON. */
export interface ParquetJob {
  kind: 'write' | 'read';
  /** Scratch folder of this job: holds the file and whatever DuckDB spills. */
  directory: string;
  path: string;
  memoryMegabytes: number;
}

/** The last line on the standard input of a write job; the lines before it are SnapshotRows. */
export interface EndOfRows {
  end: { id: string };
}
