import type { Claim, CloseReason, Escalation, Item, ItemKind, ItemState, Verdict } from '../item.ts';

/** A moment as `pg` gives it, or as JSON does. */
type Moment = Date | string;

export interface ItemRow {
  id: string;
  decision: string;
  task_id: string;
  task: string;
  task_revision: number;
  kind: ItemKind;
  reason: string | null;
  probability: number | null;
  irregular: boolean;
  value: number;
  due_at: Moment;
  created_at: Moment;
  input: unknown;
  model_label: string | null;
  model_confidence: number | null;
  hide_lot: number;
  second_lot: number;
  gold_lot: number;
  state: ItemState;
  escalation: Escalation | null;
  closed_reason: CloseReason | null;
  round: number;
  claim_token: string | null;
  claim_by: string | null;
  claim_at: Moment | null;
  claim_until: Moment | null;
  claim_live: boolean | null;
  claim_undoes: string | null;
  skips: number;
  opinions: number;
  answer: string | null;
  answered_at: Moment | null;
  gold_id: string | null;
  gold_truth: string | null;
}

export interface VerdictRow {
  id: string;
  item: string;
  round: number;
  decision: string;
  task_id: string;
  task: string;
  kind: ItemKind;
  reviewer: string;
  token: string;
  label: string;
  seconds: number;
  note: string | null;
  probability: number | null;
  shown: string | null;
  model_label: string | null;
  gold_id: string | null;
  gold_truth: string | null;
  deciding: boolean;
  state: Verdict['state'];
  at: Moment;
}

const ms = (moment: Moment) => new Date(moment).getTime();
const goldOf = (row: { gold_id: string | null; gold_truth: string | null }) =>
  row.gold_id === null ? null : { id: row.gold_id, truth: row.gold_truth! };

function claimOf(row: ItemRow): Claim | null {
  if (row.claim_token === null) return null;
  return {
    token: row.claim_token,
    by: row.claim_by!,
    at: ms(row.claim_at!),
    until: ms(row.claim_until!),
    live: row.claim_live === true,
    undoes: row.claim_undoes,
  };
}

export const toItem = (row: ItemRow): Item => ({
  id: row.id,
  decision: row.decision,
  taskId: row.task_id,
  task: row.task,
  taskRevision: row.task_revision,
  kind: row.kind,
  reason: row.reason,
  probability: row.probability,
  irregular: row.irregular,
  value: row.value,
  dueAt: ms(row.due_at),
  createdAt: ms(row.created_at),
  input: row.input,
  modelLabel: row.model_label,
  modelConfidence: row.model_confidence,
  hideLot: row.hide_lot,
  secondLot: row.second_lot,
  goldLot: row.gold_lot,
  gold: goldOf(row),
  state: row.state,
  escalation: row.escalation,
  closedReason: row.closed_reason,
  round: row.round,
  claim: claimOf(row),
  skips: row.skips,
  opinions: row.opinions,
  answer: row.answer,
  answeredAt: row.answered_at === null ? null : ms(row.answered_at),
});

export const toVerdict = (row: VerdictRow): Verdict => ({
  id: row.id,
  item: row.item,
  round: row.round,
  decision: row.decision,
  taskId: row.task_id,
  task: row.task,
  kind: row.kind,
  reviewer: row.reviewer,
  token: row.token,
  label: row.label,
  seconds: row.seconds,
  note: row.note,
  probability: row.probability,
  shown: row.shown,
  modelLabel: row.model_label,
  gold: goldOf(row),
  deciding: row.deciding,
  state: row.state,
  at: ms(row.at),
});
