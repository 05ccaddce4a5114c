import type { EventType } from '@understudy/wire';
import type { CloudEvent } from '../cloud-event.ts';

/** Webhooks of one workspace at most. */
export const MAX_WEBHOOKS = 50;
/** How long the secret before still signs after a rotation. */
export const ROTATION_MS = 24 * 3_600_000;

/** Why a webhook gets nothing: somebody asked, the receiver answered 410, or it failed for too long. */
export type DisabledReason = 'asked' | 'gone' | 'failing';

/** An endpoint of the application and what it wants to be told. Its secret is not part of it: nobody reads it again. */
export interface Webhook {
  /** `whk_…` */
  id: string;
  workspace: string;
  url: string;
  /** `*`: all, also those that come to be later. */
  events: readonly (EventType | '*')[];
  /** Slug: only events about this task. Null: all tasks. */
  task: string | null;
  description: string | null;
  enabled: boolean;
  disabledReason: DisabledReason | null;
  disabledAt: number | null;
  version: number;
  createdBy: string;
  createdAt: number;
  updatedAt: number;
  /** Until when the secret before the last rotation signs, too. */
  previousSecretUntil: number | null;
  health: TargetHealth;
}

/** How an endpoint did lately. */
export interface TargetHealth {
  /** Failures since the last success. */
  failures: number;
  /** Of the first of them. */
  failingSince: number | null;
  /** Nothing is sent before: the breaker is open. */
  openUntil: number | null;
  lastSuccessAt: number | null;
  lastFailureAt: number | null;
  /** Code of the last failure. */
  lastProblem: string | null;
}

export const HEALTHY: TargetHealth = {
  failures: 0,
  failingSince: null,
  openUntil: null,
  lastSuccessAt: null,
  lastFailureAt: null,
  lastProblem: null,
};

export const etagOf = ({ version }: Pick<Webhook, 'version'>): string => `"${version}"`;

/**
 * Whether a webhook wants an event.
 *
 * @param task slug of the task that the event is about, or null
 */
export function wants(webhook: Webhook, event: CloudEvent, task: string | null): boolean {
  if (!webhook.enabled) return false;
  if (webhook.task !== null && webhook.task !== task) return false;
  return webhook.events.includes('*') || (webhook.events as readonly string[]).includes(event.type);
}

/** The slug of the task that an event is about, from its data; null where it names none. */
export function taskOf({ data }: CloudEvent): string | null {
  if (typeof data.task === 'string') return data.task;
  const decision = data.decision;
  if (typeof decision === 'object' && decision !== null && 'task' in decision && typeof decision.task === 'string') {
    return decision.task;
  }
  return null;
}
