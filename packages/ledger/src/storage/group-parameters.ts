import { HASH_BYTES } from '../merkle.ts';
import type { GroupPart } from '../ports.ts';
import type { SealedEntry } from '../seal.ts';
import type { ArrayWriter } from './array-writer.ts';

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

function decisionColumns(write: ArrayWriter, { entries, workspace, position }: Placed): unknown[] {
  if (entries.length === 0) return new Array(14).fill(null);
  return [
    write.integers(workspace),
    write.integers(position),
    write.texts(entries.map(({ id }) => id)),
    write.bigints(entries.map(({ at }) => at)),
    write.booleans(entries.map(({ automated }) => automated)),
    write.texts(entries.map(({ task }) => task)),
    write.texts(entries.map(({ label }) => label)),
    write.texts(entries.map(({ modelVersion }) => modelVersion)),
    write.texts(entries.map(({ externalId }) => externalId)),
    write.texts(entries.map(({ subject }) => subject)),
    write.texts(entries.map(({ salt }) => salt)),
    write.bytes(
      entries.map(({ leaf }) => leaf),
      HASH_BYTES,
    ),
    write.texts(entries.map(({ record }) => record)),
    write.texts(entries.map(({ payload }) => payload)),
  ];
}

function annotationColumns(write: ArrayWriter, { entries, workspace, position }: Placed): unknown[] {
  if (entries.length === 0) return new Array(12).fill(null);
  return [
    write.integers(workspace),
    write.integers(position),
    write.texts(entries.map(({ id }) => id)),
    write.bigints(entries.map(({ at }) => at)),
    write.texts(entries.map(({ kind }) => kind)),
    write.texts(entries.map(({ decision }) => decision)),
    write.texts(entries.map(({ label }) => label)),
    write.texts(entries.map(({ source }) => source)),
    write.texts(entries.map(({ salt }) => salt)),
    write.bytes(
      entries.map(({ leaf }) => leaf),
      HASH_BYTES,
    ),
    write.texts(entries.map(({ record }) => record)),
    write.texts(entries.map(({ payload }) => payload)),
  ];
}

function keptColumns(write: ArrayWriter, parts: readonly GroupPart[]): unknown[] {
  const kept = parts.flatMap((part, at) => part.kept.map((one) => ({ ...one, workspace: at + 1 })));
  if (kept.length === 0) return new Array(5).fill(null);
  return [
    write.integers(kept.map(({ workspace }) => workspace)),
    write.texts(kept.map(({ keyHash }) => keyHash)),
    write.texts(kept.map(({ requestHash }) => requestHash)),
    write.texts(kept.map(({ response }) => response)),
    write.texts(kept.map(({ decisions }) => `{${decisions.join(',')}}`)),
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

/** Encodes a group for {@link APPEND_GROUP}: a binary array for each column, in the writer's memory. */
export function groupParameters(write: ArrayWriter, parts: readonly GroupPart[], retry: boolean): unknown[] {
  const decisions = place(parts, true);
  const annotations = place(parts, false);
  const decisionCounts = new Array<number>(parts.length).fill(0);
  for (const part of decisions.workspace) decisionCounts[part - 1]!++;
  return [
    write.texts(parts.map(({ workspace }) => workspace)),
    write.integers(parts.map(({ entries }) => entries.length)),
    write.integers(decisionCounts),
    write.texts(parts.map(({ entries }) => entries[0]!.key)),
    write.texts(parts.map(({ entries }) => entries.at(-1)!.key)),
    Buffer.concat(parts.map(({ root }) => root)),
    retry,
    ...decisionColumns(write, decisions),
    ...annotationColumns(write, annotations),
    ...keptColumns(write, parts),
  ];
}
