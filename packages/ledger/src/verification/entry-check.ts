import { idTime } from '@understudy/kernel';
import { leafOfText } from '../merkle.ts';
import type { StoredEntry } from '../ports.ts';
import { payloadHash } from '../seal.ts';

/** What is wrong with one row by itself; undefined when nothing is. `erased`: its payload is gone. */
export interface EntryCheck {
  problem: string | undefined;
  erased: boolean;
}

const fine: EntryCheck = { problem: undefined, erased: false };
const altered = (problem: string): EntryCheck => ({ problem, erased: false });

/** The parts of a record that a column repeats, as the columns have them. */
interface RecordFields {
  id?: unknown;
  kind?: unknown;
  workspace?: unknown;
  created_at?: unknown;
  label?: unknown;
  outcome?: unknown;
  task?: { slug?: unknown } | null;
  decided_by?: { version?: unknown } | null;
  decision?: unknown;
  source?: unknown;
  payload_hash?: unknown;
}

/** Checks a row's leaf, its payload, and that each column says what the hashed record says. */
export function checkEntry(workspace: string, entry: StoredEntry): EntryCheck {
  if (leafOfText(entry.record) !== entry.leaf.toString('latin1')) return altered('the record does not have its hash');
  let fields: RecordFields;
  try {
    fields = JSON.parse(entry.record) as RecordFields;
  } catch {
    return altered('the record is not JSON');
  }
  const column = wrongColumn(workspace, entry, fields);
  if (column !== undefined) return altered(`the column ${column} differs from the record`);
  return checkPayload(entry, fields.payload_hash);
}

function wrongColumn(workspace: string, entry: StoredEntry, fields: RecordFields): string | undefined {
  if (fields.id !== entry.id) return 'id';
  if (fields.kind !== entry.kind) return 'kind';
  if (fields.workspace !== workspace) return 'workspace_id';
  if (idTime(entry.id) !== entry.createdAt || fields.created_at !== new Date(entry.createdAt).toISOString()) {
    return 'created_at';
  }
  if ((fields.label ?? null) !== entry.label) return 'label';
  if (entry.kind !== 'decision') {
    if ((fields.decision ?? '') !== entry.decision) return 'decision_id';
    return (fields.source ?? null) === entry.source ? undefined : 'source';
  }
  if (fields.outcome !== (entry.automated ? 'automated' : 'review')) return 'automated';
  if (fields.task?.slug !== entry.task) return 'task';
  return (fields.decided_by?.version ?? null) === entry.modelVersion ? undefined : 'model_version';
}

function checkPayload(entry: StoredEntry, recorded: unknown): EntryCheck {
  if (entry.payload === null) {
    if (entry.subject !== null || entry.externalId !== null) return altered('an erased row has personal columns');
    return (recorded ?? null) === null ? fine : { problem: undefined, erased: true };
  }
  if (entry.salt === null || payloadHash(entry.salt, entry.payload) !== recorded) {
    return altered('the payload does not have its hash');
  }
  if (entry.kind !== 'decision') return fine;
  const payload = JSON.parse(entry.payload) as { subject?: string; external_id?: string };
  if ((payload.subject ?? null) !== entry.subject) return altered('the column subject differs from the payload');
  if ((payload.external_id ?? null) !== entry.externalId) {
    return altered('the column external_id differs from the payload');
  }
  return fine;
}
