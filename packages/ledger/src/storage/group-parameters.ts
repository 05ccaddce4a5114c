import { HASH_BYTES } from '../merkle.ts';
import type { GroupPart } from '../ports.ts';
import type { SealedEntry } from '../seal.ts';
import { bigintArray, booleanArray, bytesArray, integerArray, textArray } from './binary-array.ts';

interface Placed {
  entries: SealedEntry[];
  workspace: number[];
  position: number[];
}

function place(parts: readonly GroupPart[], decisions: boolean): Placed {
  const placed: Placed = { entries: [], workspace: [], position: [] };
  for (let part = 0; part < parts.length; part++) {
    const { entries } = parts[part]!;
    for (let position = 0; position < entries.length; position++) {
      const entry = entries[position]!;
      if ((entry.kind === 'decision') !== decisions) continue;
      placed.entries.push(entry);
      placed.workspace.push(part + 1);
      placed.position.push(position);
    }
  }
  return placed;
}

function decisionColumns({ entries, workspace, position }: Placed): unknown[] {
  if (entries.length === 0) return new Array(14).fill(null);
  return [
    integerArray(workspace),
    integerArray(position),
    textArray(entries.map(({ id }) => id)),
    bigintArray(entries.map(({ at }) => at)),
    booleanArray(entries.map(({ automated }) => automated)),
    textArray(entries.map(({ task }) => task)),
    textArray(entries.map(({ label }) => label)),
    textArray(entries.map(({ modelVersion }) => modelVersion)),
    textArray(entries.map(({ externalId }) => externalId)),
    textArray(entries.map(({ subject }) => subject)),
    textArray(entries.map(({ salt }) => salt)),
    bytesArray(
      entries.map(({ leaf }) => leaf),
      HASH_BYTES,
    ),
    textArray(entries.map(({ record }) => record)),
    textArray(entries.map(({ payload }) => payload)),
  ];
}

function annotationColumns({ entries, workspace, position }: Placed): unknown[] {
  if (entries.length === 0) return new Array(12).fill(null);
  return [
    integerArray(workspace),
    integerArray(position),
    textArray(entries.map(({ id }) => id)),
    bigintArray(entries.map(({ at }) => at)),
    textArray(entries.map(({ kind }) => kind)),
    textArray(entries.map(({ decision }) => decision)),
    textArray(entries.map(({ label }) => label)),
    textArray(entries.map(({ source }) => source)),
    textArray(entries.map(({ salt }) => salt)),
    bytesArray(
      entries.map(({ leaf }) => leaf),
      HASH_BYTES,
    ),
    textArray(entries.map(({ record }) => record)),
    textArray(entries.map(({ payload }) => payload)),
  ];
}

function keptColumns(parts: readonly GroupPart[]): unknown[] {
  const kept = parts.flatMap((part, at) => part.kept.map((one) => ({ ...one, workspace: at + 1 })));
  if (kept.length === 0) return new Array(5).fill(null);
  return [
    integerArray(kept.map(({ workspace }) => workspace)),
    textArray(kept.map(({ keyHash }) => keyHash)),
    textArray(kept.map(({ requestHash }) => requestHash)),
    textArray(kept.map(({ response }) => response)),
    textArray(kept.map(({ decisions }) => `{${decisions.join(',')}}`)),
  ];
}

const PARAMETER_TYPES =
  'text[] int[] int[] text[] text[] bytea boolean ' +
  'int[] int[] text[] bigint[] boolean[] text[] text[] text[] text[] text[] text[] bytea[] text[] text[] ' +
  'int[] int[] text[] bigint[] text[] text[] text[] text[] text[] bytea[] text[] text[] ' +
  'int[] text[] text[] text[] text[]';

/** The one statement that writes a group; its parameters come from {@link groupParameters}. */
export const APPEND_GROUP = `SELECT status, workspace_id, seq, key_hash, request_hash, response FROM ledger.append_group(${PARAMETER_TYPES.split(
  ' ',
)
  .map((type, at) => `$${at + 1}::${type}`)
  .join(', ')})`;

/** Encodes a group for {@link APPEND_GROUP}: a binary array for each column. */
export function groupParameters(parts: readonly GroupPart[], retry: boolean): unknown[] {
  const decisions = place(parts, true);
  const annotations = place(parts, false);
  const decisionCounts = new Array<number>(parts.length).fill(0);
  for (const part of decisions.workspace) decisionCounts[part - 1]!++;
  return [
    textArray(parts.map(({ workspace }) => workspace)),
    integerArray(parts.map(({ entries }) => entries.length)),
    integerArray(decisionCounts),
    textArray(parts.map(({ entries }) => entries[0]!.key)),
    textArray(parts.map(({ entries }) => entries.at(-1)!.key)),
    Buffer.concat(parts.map(({ root }) => root)),
    retry,
    ...decisionColumns(decisions),
    ...annotationColumns(annotations),
    ...keptColumns(parts),
  ];
}
