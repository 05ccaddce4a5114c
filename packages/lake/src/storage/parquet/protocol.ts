/** What the parent tells the Parquet process on its command line, as JSON. */
export type ParquetJob =
  | {
      kind: 'write';
      /** Scratch folder of this job: holds the result and whatever DuckDB spills. */
      directory: string;
      path: string;
      memoryMegabytes: number;
      /** Module that exports `textFingerprint`. */
      fingerprintModule: string;
    }
  | { kind: 'read'; directory: string; path: string; memoryMegabytes: number };

/** The last line on the standard input of a write job; the lines before it are SnapshotRows. */
export interface EndOfRows {
  end: { id: string };
}
