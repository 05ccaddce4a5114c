/**
 * - `altered`: a hashed text, its hash or a column that repeats it was changed.
 * - `removed`, `inserted`, `reordered`: a row is gone, is there without belonging, or stands in another's place.
 * - `payload_removed`: personal data is gone and no erasure entry says so.
 * - `commit_removed`, `commit_forged`: a row of the log itself is gone, or does not follow from its entries and the log before.
 * - `head_forged`: the head does not follow from the log, or a head seen earlier is not on its way.
 */
export type DamageKind =
  | 'altered'
  | 'removed'
  | 'inserted'
  | 'reordered'
  | 'payload_removed'
  | 'commit_removed'
  | 'commit_forged'
  | 'head_forged';

export interface Damage {
  kind: DamageKind;
  /** The commit's place in the log; null where it is about no commit. */
  commit: number | null;
  /** Place of the entry in its commit. */
  position: number | null;
  /** Id of the entry. */
  id: string | null;
  detail: string;
}

export interface VerificationReport {
  ok: boolean;
  workspace: string;
  /** The head that the rows lead to (recomputed), hexadecimal, and the number of commits. */
  head: string;
  size: number;
  entries: number;
  /** Entries whose personal data was erased on record: their hashes hold, their payloads are gone. */
  erased: number;
  /** How often each kind of damage was found. */
  damage: Partial<Record<DamageKind, number>>;
  /** The first ones found, in the order of the log. */
  found: Damage[];
}

/** A head that somebody outside has kept: it must lie on the log's way. */
export interface TrustedHead {
  size: number;
  head: string;
}
