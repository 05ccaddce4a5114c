import { identityErrors } from '@understudy/identity';
import { isId } from '@understudy/kernel';
import type * as wire from '@understudy/wire';
import type { Attempt, Delivery } from '../webhooks/delivery.ts';
import { webhookErrors } from '../webhooks/errors.ts';
import type { Webhook } from '../webhooks/webhook.ts';

const iso = (time: number) => new Date(time).toISOString();
const isoOrNull = (time: number | null) => (time === null ? null : iso(time));

export function presentWebhook(webhook: Webhook): wire.Webhook {
  const { health, disabledReason, disabledAt } = webhook;
  return {
    id: webhook.id,
    url: webhook.url,
    events: [...webhook.events],
    task: webhook.task,
    description: webhook.description,
    status: webhook.enabled ? 'enabled' : 'disabled',
    disabled: disabledReason === null ? null : { reason: disabledReason, at: iso(disabledAt ?? webhook.updatedAt) },
    health: {
      failures: health.failures,
      failing_since: isoOrNull(health.failingSince),
      resting_until: isoOrNull(health.openUntil),
      last_success_at: isoOrNull(health.lastSuccessAt),
      last_failure_at: isoOrNull(health.lastFailureAt),
      last_problem: health.lastProblem,
    },
    previous_secret_until: isoOrNull(webhook.previousSecretUntil),
    created_by: webhook.createdBy,
    created_at: iso(webhook.createdAt),
    updated_at: iso(webhook.updatedAt),
  };
}

export function presentDelivery(delivery: Delivery): wire.WebhookDelivery {
  return {
    id: delivery.id,
    webhook: delivery.webhook,
    url: delivery.url,
    event: delivery.event,
    type: delivery.type,
    subject: delivery.subject,
    status: delivery.status,
    attempts: delivery.attempts,
    next_attempt_at: delivery.status === 'waiting' ? iso(delivery.nextAt) : null,
    gives_up_at: iso(delivery.giveUpAt),
    created_at: iso(delivery.createdAt),
    finished_at: isoOrNull(delivery.finishedAt),
    response_status: delivery.responseStatus,
    problem: delivery.problem,
  };
}

export function presentDetail(delivery: Delivery, attempts: readonly Attempt[]): wire.WebhookDeliveryDetail {
  return {
    ...presentDelivery(delivery),
    body: delivery.body,
    log: attempts.map((attempt) => ({
      number: attempt.number,
      at: iso(attempt.at),
      duration_ms: attempt.ms,
      response_status: attempt.responseStatus,
      problem: attempt.problem,
      detail: attempt.detail,
      response_body: attempt.responseBody,
    })),
  };
}

/** The id that a cursor stands for; cursors are base64url so that nobody builds on their shape. */
export function readCursor(prefix: string, cursor: string | undefined): { after?: string } {
  if (cursor === undefined) return {};
  const after = Buffer.from(cursor, 'base64url').toString('latin1');
  if (!isId(prefix, after)) throw identityErrors.invalid_cursor('not a cursor of this list');
  return { after };
}

/** @param rows one more than asked for, where there are more */
export function presentPage<T extends { id: string }, B>(rows: readonly T[], limit: number, present: (row: T) => B) {
  const data = rows.slice(0, limit);
  const last = rows.length > limit ? data.at(-1) : undefined;
  return {
    data: data.map(present),
    next_cursor: last === undefined ? null : Buffer.from(last.id).toString('base64url'),
  };
}

/** An id that cannot be one is the same 404 as one that is not there. */
export function checkedWebhook(id: string): string {
  if (!isId('whk', id)) throw webhookErrors.webhook_not_found('there is no such webhook');
  return id;
}
