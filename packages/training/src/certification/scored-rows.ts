import type { DatasetRow } from '../ports.ts';

/** One labelled row as certification sees it: not its text, only how the model fared on it and how it came to be labelled. */
export interface ScoredCertifyRow {
  /** As `scoreOf` gives it: a multiple of a millionth in 0…1. */
  score: number;
  wrong: boolean;
  /** With which probability this decision was to be labelled; null = unknown. */
  probability: number | null;
  source: DatasetRow['source'];
  /** Rows of one group stand or fall together; 48 bits. */
  group: number;
  /** Milliseconds since the epoch; null where the row does not say. */
  occurredAt: number | null;
}

/** One tuning row: what the score was fitted on, and what the order of the tests comes from. */
export interface ScoredTuneRow {
  score: number;
  right: boolean;
}

const SOURCES = ['import', 'reviewer', 'audit', 'application'] as const satisfies DatasetRow['source'][];
const ROW_BYTES = 4 + 1 + 1 + 8 + 8 + 8;
const MICRO = 1e6;

/** The rows as bytes, 30 a row: score in millionths, wrong, source, probability, group, time; little endian. */
export function encodeCertifyRows(rows: readonly ScoredCertifyRow[]): Buffer {
  const bytes = Buffer.alloc(rows.length * ROW_BYTES);
  let at = 0;
  for (const row of rows) {
    at = bytes.writeUInt32LE(Math.round(row.score * MICRO), at);
    at = bytes.writeUInt8(row.wrong ? 1 : 0, at);
    at = bytes.writeUInt8(SOURCES.indexOf(row.source), at);
    at = bytes.writeDoubleLE(row.probability ?? Number.NaN, at);
    at = bytes.writeDoubleLE(row.group, at);
    at = bytes.writeDoubleLE(row.occurredAt ?? Number.NaN, at);
  }
  return bytes;
}

export function decodeCertifyRows(bytes: Buffer): ScoredCertifyRow[] {
  const known = (value: number) => (Number.isNaN(value) ? null : value);
  return Array.from({ length: bytes.length / ROW_BYTES }, (_, row) => {
    const at = row * ROW_BYTES;
    return {
      score: bytes.readUInt32LE(at) / MICRO,
      wrong: bytes[at + 4] === 1,
      source: SOURCES[bytes[at + 5]!]!,
      probability: known(bytes.readDoubleLE(at + 6)),
      group: bytes.readDoubleLE(at + 14),
      occurredAt: known(bytes.readDoubleLE(at + 22)),
    };
  });
}

/** Five bytes a row. */
export function encodeTuneRows(rows: readonly ScoredTuneRow[]): Buffer {
  const bytes = Buffer.alloc(rows.length * 5);
  for (const [index, row] of rows.entries()) {
    bytes.writeUInt32LE(Math.round(row.score * MICRO), index * 5);
    bytes[index * 5 + 4] = row.right ? 1 : 0;
  }
  return bytes;
}

export function decodeTuneRows(bytes: Buffer): ScoredTuneRow[] {
  return Array.from({ length: bytes.length / 5 }, (_, row) => ({
    score: bytes.readUInt32LE(row * 5) / MICRO,
    right: bytes[row * 5 + 4] === 1,
  }));
}
