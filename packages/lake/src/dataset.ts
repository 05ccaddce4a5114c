import { createHash } from 'node:crypto';
import type { AttributeValue, ExampleSource, Provenance } from './example.ts';

/**
 * An immutable set of rows. `id` is `sha256:` + SHA-256 over the rows' content digests in ascending order, so the same
 * rows give the same id wherever, whenever and in whatever order they were imported.
 */
export interface DatasetVersion {
  id: string;
  rows: number;
  /** Labels that rows carry, sorted by name. */
  labels: { name: string; rows: number }[];
  /** Sets of rows that must not be split: the same text, near-duplicates, the same subject, and what these connect. */
  groups: number;
  /** Rows whose input stands under another label too. */
  conflicts: number;
  /** Where the labels come from, sorted by name. */
  sources: { name: ExampleSource; rows: number }[];
  /** Milliseconds since the epoch. */
  createdAt: number;
}

/** A row of a dataset as readers get it, ordered by `digest`. */
export interface DatasetRow extends Provenance {
  text: string;
  label: string;
  /** Number of the row's duplicate group, 0…groups−1; never split one over two folds. */
  group: number;
  /**
   * The same input carries another label elsewhere in the dataset. Training may leave such rows out; a certificate
   * must not, or it would promise what holds for the easy rows only.
   */
  conflict: boolean;
  subject: string | null;
  external_id: string | null;
  occurred_at: string | null;
  attributes: Record<string, AttributeValue>;
  /** SHA-256 of the row's canonical content, hex. */
  digest: string;
}

/** Computes the id of a dataset from the digests of its rows, fed in ascending order. */
export class DatasetDigest {
  readonly #hash = createHash('sha256').update('understudy-dataset/1\n');
  rows = 0;

  add(contentHash: Uint8Array): void {
    this.#hash.update(contentHash);
    this.rows++;
  }

  /** Ends the computation. */
  id(): string {
    return `sha256:${this.#hash.digest('hex')}`;
  }
}

export function isDatasetId(id: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(id);
}
