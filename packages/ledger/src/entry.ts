import type { EventType } from '@understudy/wire';

/** Where a decision came from. */
export interface DecidedBy {
  /** Rung of the ladder, e.g. `own_model`. */
  rung: string;
  model: string;
  version: string;
}

/** The job or source that a decision was made for. */
export interface DecidedVia {
  kind: 'job' | 'source';
  /** `job_…`, or the name of the source. */
  id: string;
  /** Of a source: the message's identity, as the source knows it. */
  message?: string | undefined;
}

/** How the task may answer alone: `uncertified` by the operator's explicit wish, without proof. */
export type AutomationMode = 'certified' | 'uncertified' | 'off';

/** One decision as it was served. Everything here is written once and hashed; nothing can be added later. */
export interface DecisionEntry {
  kind: 'decision';
  workspace: string;
  /** `dec_…`; its time is the decision's `created_at`. */
  id: string;
  task: { id: string; slug: string; revision: number };
  /** The label answered as final: outcome `automated`. `null` is outcome `review`. */
  label: string | null;
  suggestion: { label: string; confidence: number } | null;
  confidence: number | null;
  threshold: number | null;
  candidates: readonly { label: string; score: number }[];
  decidedBy: DecidedBy | null;
  automation: AutomationMode;
  /** Why a person has to look, e.g. `below_threshold`; null when automated. */
  reviewReason: string | null;
  /** The audit lane's draw, made before anything about the outcome is known; null where no lane runs. */
  audit: { probability: number } | null;
  cost: { amount: string; currency: string };
  /** Microseconds by phase. */
  timings: Readonly<Record<string, number>>;
  requestId: string;
  /** `crt_…`: the certificate under which it was automated or fell short; absent where none was in force. */
  certificate?: string | null | undefined;
  /** W3C trace id of the request, when it had one. */
  traceId?: string | null | undefined;
  /** What asked, when no request of a caller did: a job or a source, and which message of it. */
  via?: DecidedVia | null | undefined;
  /** Hash of the Idempotency-Key, when the caller sent one. */
  idempotencyKeyHash: string | null;
  /** The personal part: erased together with its salt. */
  payload: DecisionPayload;
}

/** What may hold personal data. `subject` and `external_id` are also searchable until erased. */
export interface DecisionPayload {
  input: unknown;
  subject?: string | undefined;
  external_id?: string | undefined;
  attributes?: Readonly<Record<string, unknown>> | undefined;
  /** Features as served. */
  features?: unknown;
}

export const LABEL_SOURCES = ['application', 'appeal', 'reviewer', 'audit', 'import'] as const;
export type LabelSource = (typeof LABEL_SOURCES)[number];

/** The truth about a decision, as somebody sees it. Repeatable: history is kept and contradictions stay visible. */
export interface LabelEntry {
  kind: 'label';
  workspace: string;
  /** `lab_…` */
  id: string;
  decision: string;
  label: string;
  source: LabelSource;
  /** Who said so: a key's id, a member's id. */
  principal: string;
  /** With which probability this decision was to be labelled; null when unknown (see HONESTY: certifying). */
  probability: number | null;
  note?: string | undefined;
  /** Who in the application decided: personal data, erased with the decision. */
  person?: string | undefined;
  /** The reviewer's active seconds, from the claim to the verdict. */
  seconds?: number | null | undefined;
  /** `itm_…`: the review item that the verdict was given on. */
  item?: string | null | undefined;
  /** The application copied our own automated answer back: kept, and never counted as truth. */
  echo?: boolean | undefined;
}

/** That a decision's personal data was taken out, by whom and why. Without one, a missing payload is damage. */
export interface ErasureEntry {
  kind: 'erasure';
  workspace: string;
  /** `era_…` */
  id: string;
  decision: string;
  reason: string;
  principal: string;
}

/** Something that happened in the workspace and is no decision: a model promoted, a job finished. */
export interface EventEntry {
  kind: 'event';
  workspace: string;
  /** `evn_…` */
  id: string;
  type: EventType;
  /** Id of what it happened to. */
  subject: string;
  /** JSON without personal data: it is hashed and cannot be erased. */
  data: Readonly<Record<string, unknown>>;
}

export type EntryKind = LedgerEntry['kind'];
export type LedgerEntry = DecisionEntry | LabelEntry | ErasureEntry | EventEntry;
export type AnnotationEntry = LabelEntry | ErasureEntry;

/** `outcome` of the API: a decision without a final label is for a person. */
export function outcomeOf(label: string | null): 'automated' | 'review' {
  return label === null ? 'review' : 'automated';
}
