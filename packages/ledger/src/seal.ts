import { randomFillSync } from 'node:crypto';
import { idTime } from '@understudy/kernel';
import { canonicalJson } from './canonical.ts';
import type { AnnotationEntry, DecisionEntry, EntryKind, EventEntry, LedgerEntry } from './entry.ts';
import { outcomeOf } from './entry.ts';
import { ledgerErrors } from './errors.ts';
import { leafOfText, sha256Hex } from './merkle.ts';

/** An entry as it is stored: the hashed text, the erasable text, and the columns that lists filter on. */
export interface SealedEntry {
  readonly kind: EntryKind;
  readonly workspace: string;
  readonly id: string;
  /** The id without its prefix: sorts all kinds by time. */
  readonly key: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Canonical JSON (RFC 8785) of everything but the payload; names the payload's hash. */
  readonly record: string;
  /** Canonical JSON of the erasable part; null where there is none. */
  readonly payload: string | null;
  readonly salt: string | null;
  /** SHA-256(0x00 ‖ record), one character a byte. */
  readonly leaf: string;
  readonly automated: boolean;
  readonly task: string;
  readonly label: string | null;
  readonly modelVersion: string | null;
  readonly externalId: string | null;
  readonly subject: string | null;
  /** The decision that an annotation is about; empty for a decision. */
  readonly decision: string;
  readonly source: string | null;
}

const SALT_BYTES = 16;
const salts = Buffer.alloc(SALT_BYTES * 256);
let saltsUsed = salts.length;

function newSalt(): string {
  if (saltsUsed === salts.length) {
    randomFillSync(salts);
    saltsUsed = 0;
  }
  saltsUsed += SALT_BYTES;
  return salts.toString('hex', saltsUsed - SALT_BYTES, saltsUsed);
}

/** What `payload_hash` in a record is: SHA-256 of the salt's 32 hexadecimal characters and the payload's text. */
export function payloadHash(salt: string, payload: string): string {
  return sha256Hex(salt + payload);
}

let lastTimePart = '';
let lastTime = 0;
let lastIso = '';

// Neighbours share their millisecond, and decoding it costs more than the rest of sealing's small change.
function readTime(id: string): void {
  const part = id.slice(4, 14);
  if (part === lastTimePart) return;
  lastTime = idTime(id);
  lastIso = new Date(lastTime).toISOString();
  lastTimePart = part;
}

/** A column that PostgreSQL's text can hold: neither NUL nor half a surrogate pair. */
function column(value: string | null | undefined, pointer: string): string | null {
  if (value === null || value === undefined) return null;
  if (value.includes('\0') || !value.isWellFormed()) {
    throw ledgerErrors.ledger_entry_invalid(`${pointer} holds a NUL character or a lone surrogate.`, {
      problems: [{ pointer, code: 'invalid_text', detail: 'Holds a NUL character or a lone surrogate.' }],
    });
  }
  return value;
}

/**
 * Turns an entry into what is stored and hashed. `kind`s share the shape, so that one verifier reads them all.
 *
 * @throws `ledger_entry_invalid`
 */
export function seal(entry: LedgerEntry): SealedEntry {
  readTime(entry.id);
  if (entry.kind === 'decision') return sealDecision(entry);
  if (entry.kind === 'event') return sealEvent(entry);
  return sealAnnotation(entry);
}

function sealEvent(entry: EventEntry): SealedEntry {
  const record = canonicalJson({
    created_at: lastIso,
    data: entry.data,
    id: entry.id,
    kind: 'event',
    subject: entry.subject,
    type: entry.type,
    v: 1,
    workspace: entry.workspace,
  });
  return {
    ...{ kind: 'event', workspace: entry.workspace, id: entry.id, key: entry.id.slice(4), at: lastTime },
    ...{ record, payload: null, salt: null, leaf: leafOfText(record), automated: false, task: '', label: null },
    ...{ modelVersion: null, externalId: null, subject: null, decision: '', source: null },
  };
}

function sealAnnotation(entry: AnnotationEntry): SealedEntry {
  const label = entry.kind === 'label' ? entry : undefined;
  const said = label?.note !== undefined || label?.person !== undefined;
  const payload = said ? canonicalJson({ note: label.note, person: label.person }) : null;
  const salt = payload === null ? null : newSalt();
  const record = canonicalJson({
    // That somebody was named outlives who it was: it decides what the label's word counts (`truthOf`).
    by_person: label?.person === undefined ? undefined : true,
    created_at: lastIso,
    decision: entry.decision,
    echo: label?.echo === true ? true : undefined,
    id: entry.id,
    item: label?.item ?? undefined,
    kind: entry.kind,
    label: label?.label,
    payload_hash: payload === null ? null : payloadHash(salt!, payload),
    principal: entry.principal,
    probability: label === undefined ? undefined : finite(label.probability),
    reason: entry.kind === 'erasure' ? entry.reason : undefined,
    seconds: label === undefined ? undefined : (finite(label.seconds ?? null) ?? undefined),
    source: label?.source,
    v: 1,
    workspace: entry.workspace,
  });
  return {
    kind: entry.kind,
    workspace: entry.workspace,
    id: entry.id,
    key: entry.id.slice(4),
    at: lastTime,
    record,
    payload,
    salt,
    leaf: leafOfText(record),
    automated: false,
    task: '',
    label: entry.kind === 'label' ? column(entry.label, '/label') : null,
    modelVersion: null,
    externalId: null,
    subject: null,
    decision: entry.decision,
    source: entry.kind === 'label' ? entry.source : null,
  };
}

function sealDecision(entry: DecisionEntry): SealedEntry {
  const { input, subject, external_id, attributes, features } = entry.payload;
  const externalId = column(external_id, '/external_id');
  const subjectColumn = column(subject, '/subject');
  const payload = canonicalJson({ attributes, external_id, features, input, subject });
  const salt = newSalt();
  const record = decisionRecord(entry, lastIso, payloadHash(salt, payload));
  return {
    kind: 'decision',
    workspace: entry.workspace,
    id: entry.id,
    key: entry.id.slice(4),
    at: lastTime,
    record,
    payload,
    salt,
    leaf: leafOfText(record),
    automated: entry.label !== null,
    task: entry.task.slug,
    label: column(entry.label, '/label'),
    modelVersion: column(entry.decidedBy?.version, '/decided_by/version'),
    externalId,
    subject: subjectColumn,
    decision: '',
    source: null,
  };
}

/**
 * The record of a decision. Members are written in RFC 8785 order by hand and `timings` is canonicalised, so that the
 * native JSON.stringify, several times faster than any writer in JavaScript, gives the canonical form (property-tested
 * against `canonicalize`). What few decisions have is left out where it is not: every byte is stored ten million times.
 */
export function decisionRecord(entry: DecisionEntry, createdAt: string, hashOfPayload: string): string {
  const candidates = entry.candidates.map(({ label, score }) => ({ label, score: finite(score) }));
  return JSON.stringify({
    audit: entry.audit === null ? undefined : { probability: finite(entry.audit.probability) },
    automation: entry.automation,
    candidates,
    certificate: entry.certificate ?? undefined,
    confidence: finite(entry.confidence),
    cost: { amount: entry.cost.amount, currency: entry.cost.currency },
    created_at: createdAt,
    decided_by:
      entry.decidedBy === null
        ? null
        : { model: entry.decidedBy.model, rung: entry.decidedBy.rung, version: entry.decidedBy.version },
    id: entry.id,
    idempotency_key_hash: entry.idempotencyKeyHash ?? undefined,
    kind: 'decision',
    label: entry.label,
    outcome: outcomeOf(entry.label),
    payload_hash: hashOfPayload,
    request_id: entry.requestId,
    review_reason: entry.reviewReason ?? undefined,
    suggestion:
      entry.suggestion === null
        ? undefined
        : { confidence: finite(entry.suggestion.confidence), label: entry.suggestion.label },
    task: { id: entry.task.id, revision: entry.task.revision, slug: entry.task.slug },
    threshold: finite(entry.threshold),
    timings: sorted(entry.timings),
    trace_id: entry.traceId ?? undefined,
    v: 1,
    via: entry.via ?? undefined,
    workspace: entry.workspace,
  });
}

// JSON.stringify writes NaN as null in silence; a figure that is not a number must not enter the ledger as "none".
function finite(value: number | null): number | null {
  if (value !== null && !Number.isFinite(value)) throw new TypeError('a figure of a ledger row is not a finite number');
  return value;
}

function sorted(timings: Readonly<Record<string, number>>): Record<string, number> {
  const names = Object.keys(timings);
  let inOrder = true;
  for (let i = 0; i < names.length; i++) {
    finite(timings[names[i]!]!);
    // Integer-like names come first in any object, whatever the order of insertion: they would not be canonical.
    if (/^\d/.test(names[i]!)) throw new TypeError('a timing is named by a word');
    if (i > 0 && names[i - 1]! > names[i]!) inOrder = false;
  }
  return inOrder ? timings : Object.fromEntries(names.sort().map((name) => [name, timings[name]!]));
}
