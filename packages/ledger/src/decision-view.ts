import type { EventType } from '@understudy/wire';
import type { AutomationMode, DecidedVia, LabelSource } from './entry.ts';
import type { StoredEntry } from './ports.ts';

interface DecisionRecord {
  audit: { probability: number } | null;
  automation: AutomationMode;
  candidates: { label: string; score: number }[];
  confidence: number | null;
  cost: { amount: string; currency: string };
  created_at: string;
  decided_by: { model: string; rung: string; version: string } | null;
  label: string | null;
  outcome: 'automated' | 'review';
  request_id: string;
  review_reason: string | null;
  suggestion: { label: string; confidence: number } | null;
  task: { id: string; slug: string; revision: number };
  threshold: number | null;
  timings: Record<string, number>;
  certificate: string | null;
  trace_id: string | null;
  via: DecidedVia | null;
}

/** A decision as it was recorded, with its personal part unless that was erased. */
export interface RecordedDecision extends DecisionRecord {
  id: string;
  erased: boolean;
  subject: string | null;
  externalId: string | null;
  input: unknown;
  attributes: Record<string, unknown> | null;
  features: unknown;
  commit: number;
  position: number;
}

/** A label as it was given. `note` is null when there is none or it was erased. */
export interface RecordedLabel {
  id: string;
  label: string;
  source: LabelSource;
  principal: string;
  probability: number | null;
  note: string | null;
  /** The application's own user who decided; null when nobody was named, empty when the name was erased. */
  person: string | null;
  seconds: number | null;
  item: string | null;
  echo: boolean;
  createdAt: string;
}

/** An event as it was recorded. */
export interface RecordedEvent {
  id: string;
  type: EventType;
  subject: string;
  data: Record<string, unknown>;
}

/** Reads a stored row's texts. They were written by this room: a text that does not parse is damage, and throws. */
export function viewDecision(row: StoredEntry): RecordedDecision {
  const record = JSON.parse(row.record) as DecisionRecord;
  const {
    audit = null,
    review_reason = null,
    suggestion = null,
    certificate = null,
    trace_id = null,
    via = null,
  } = record; // left out where there is none
  const payload = (row.payload === null ? {} : JSON.parse(row.payload)) as {
    input?: unknown;
    attributes?: Record<string, unknown>;
    features?: unknown;
  };
  return {
    ...record,
    audit,
    review_reason,
    suggestion,
    certificate,
    trace_id,
    via,
    id: row.id,
    erased: row.payload === null,
    subject: row.subject,
    externalId: row.externalId,
    input: payload.input ?? null,
    attributes: payload.attributes ?? null,
    features: payload.features ?? null,
    commit: row.commitSeq,
    position: row.position,
  };
}

export function viewEvent(row: StoredEntry): RecordedEvent {
  const { id, type, subject, data } = JSON.parse(row.record) as RecordedEvent;
  return { id, type, subject, data };
}

export function viewLabel(row: StoredEntry): RecordedLabel {
  const record = JSON.parse(row.record) as {
    label: string;
    source: LabelSource;
    principal: string;
    probability: number | null;
    created_at: string;
    seconds?: number;
    item?: string;
    echo?: boolean;
    by_person?: boolean;
  };
  const { note, person } = (row.payload === null ? {} : JSON.parse(row.payload)) as { note?: string; person?: string };
  return {
    id: row.id,
    label: record.label,
    source: record.source,
    principal: record.principal,
    probability: record.probability,
    note: note ?? null,
    person: person ?? (record.by_person === true ? '' : null),
    seconds: record.seconds ?? null,
    item: record.item ?? null,
    echo: record.echo === true,
    createdAt: record.created_at,
  };
}
