import type { Attempt, ClaimedDelivery, Delivery, DeliveryStatus } from '../webhooks/delivery.ts';
import type { TargetHealth } from '../webhooks/webhook.ts';

export interface HealthRow {
  failures: number | null;
  failing_since: Date | null;
  open_until: Date | null;
  last_success_at: Date | null;
  last_failure_at: Date | null;
  last_problem: string | null;
}

export const toHealth = (row: HealthRow): TargetHealth => ({
  failures: row.failures ?? 0,
  failingSince: row.failing_since?.getTime() ?? null,
  openUntil: row.open_until?.getTime() ?? null,
  lastSuccessAt: row.last_success_at?.getTime() ?? null,
  lastFailureAt: row.last_failure_at?.getTime() ?? null,
  lastProblem: row.last_problem,
});

export interface DeliveryRow {
  workspace_id: string;
  id: string;
  target: string;
  webhook: string | null;
  url: string | null;
  event: string;
  type: Delivery['type'];
  subject: string;
  body: string | null;
  traceparent: string | null;
  status: DeliveryStatus;
  attempts: number;
  next_at: Date;
  give_up_at: Date;
  fence: number;
  created_at: Date;
  finished_at: Date | null;
  response_status: number | null;
  problem: string | null;
}

export const toDelivery = (row: DeliveryRow): Delivery => ({
  id: row.id,
  workspace: row.workspace_id,
  webhook: row.webhook,
  url: row.url,
  event: row.event,
  type: row.type,
  subject: row.subject,
  status: row.status,
  attempts: row.attempts,
  nextAt: row.next_at.getTime(),
  giveUpAt: row.give_up_at.getTime(),
  createdAt: row.created_at.getTime(),
  finishedAt: row.finished_at?.getTime() ?? null,
  responseStatus: row.response_status,
  problem: row.problem,
  body: row.body,
});

export const toClaimed = (row: DeliveryRow & { tries: number }, targetFailures: number): ClaimedDelivery => ({
  ...toDelivery(row),
  traceparent: row.traceparent,
  targetFailures,
  tries: row.tries,
  target: row.target,
  fence: row.fence,
});

export interface AttemptRow {
  number: number;
  at: Date;
  ms: number;
  response_status: number | null;
  problem: string | null;
  detail: string | null;
  response_body: string | null;
}

export const toAttempt = (row: AttemptRow): Attempt => ({
  number: row.number,
  at: row.at.getTime(),
  ms: row.ms,
  responseStatus: row.response_status,
  problem: row.problem,
  detail: row.detail,
  responseBody: row.response_body,
});
