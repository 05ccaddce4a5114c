import type { Tx } from '@understudy/kernel';
import type { Attempt, ClaimedDelivery, Delivery, DeliveryStatus, NewDelivery } from './delivery.ts';
import type { SealedSecrets } from './secrets.ts';
import type { DisabledReason, TargetHealth, Webhook } from './webhook.ts';

export interface Page {
  limit: number;
  /** Id of the last row of the page before. */
  after?: string | undefined;
}

export interface DeliveryFilter {
  status?: DeliveryStatus | undefined;
  type?: string | undefined;
  event?: string | undefined;
  subject?: string | undefined;
}

/** Endpoints. All within the scope of the transaction's workspace. */
export interface WebhookStore {
  insert(tx: Tx, webhook: Webhook, secrets: SealedSecrets): Promise<void>;
  /** With `lock`, nobody changes it before the transaction ends. */
  find(tx: Tx, workspace: string, id: string, lock?: boolean): Promise<Webhook | null>;
  /** Newest first. */
  list(tx: Tx, workspace: string, page: Page): Promise<Webhook[]>;
  enabled(tx: Tx, workspace: string): Promise<Webhook[]>;
  count(tx: Tx, workspace: string): Promise<number>;
  /** Writes everything but secrets and health. */
  update(tx: Tx, webhook: Webhook): Promise<void>;
  /** Its deliveries end at once; {@link DeliveryStore.deleteOfRemoved} deletes them. */
  remove(tx: Tx, workspace: string, id: string): Promise<void>;
  /** The rotated secret and the one that still signs beside it. */
  secrets(tx: Tx, workspace: string, id: string): Promise<SealedSecrets | null>;
  setSecrets(tx: Tx, workspace: string, id: string, secrets: SealedSecrets): Promise<void>;
  /** Of all callbacks of the workspace; null when none was made. */
  callbackSecrets(tx: Tx, workspace: string): Promise<SealedSecrets | null>;
  /** Keeps the ones that are there unless `replace`; returns the ones that count. */
  saveCallbackSecrets(tx: Tx, workspace: string, secrets: SealedSecrets, replace: boolean): Promise<SealedSecrets>;
}

/** What a worker may take on. */
export interface ClaimRequest {
  now: number;
  /** Deliveries at most. */
  limit: number;
  /** Of one target that are under way at a time, in all processes. */
  perTarget: number;
  /** From this many failures in a row on, one at a time is tried. */
  probeFrom: number;
  leaseMs: number;
}

export interface DeliveryStore {
  /** An event that a webhook has already is left out. */
  insert(tx: Tx, workspace: string, deliveries: readonly NewDelivery[]): Promise<void>;
  find(tx: Tx, workspace: string, id: string): Promise<Delivery | null>;
  attempts(tx: Tx, workspace: string, id: string): Promise<Attempt[]>;
  /** Newest first; of callbacks where `webhook` is null. */
  list(tx: Tx, workspace: string, webhook: string | null, filter: DeliveryFilter, page: Page): Promise<Delivery[]>;
  /** Sends it again from now on. */
  restart(tx: Tx, workspace: string, id: string, times: { nextAt: number; giveUpAt: number }): Promise<void>;
  /** Takes what told of an erased decision out; waiting ones of them fail with `erased`. */
  erase(tx: Tx, workspace: string, decisions: readonly string[], now: number): Promise<void>;

  /** Leases due deliveries of targets that are enabled and whose breaker is closed, in all workspaces. */
  claim(request: ClaimRequest): Promise<ClaimedDelivery[]>;
  /** Gives leases back unattempted. */
  release(claimed: readonly ClaimedDelivery[]): Promise<void>;
  /** Writes an attempt and what follows from it; false when the lease was lost, and nothing was written. */
  settle(
    tx: Tx,
    claimed: ClaimedDelivery,
    attempt: Attempt,
    next: { status: DeliveryStatus; nextAt: number; dropBody: boolean },
  ): Promise<boolean>;
  /** Locks the target and reads how it did. */
  health(tx: Tx, workspace: string, target: string): Promise<TargetHealth>;
  saveHealth(tx: Tx, workspace: string, target: string, health: TargetHealth): Promise<void>;

  /** Gives up what waited too long, e.g. behind a breaker or for a disabled webhook. How many. */
  giveUp(now: number, limit: number): Promise<number>;
  /** Deletes what was finished before, and health that nobody needs. How many deliveries. */
  deleteFinished(before: number, limit: number): Promise<number>;
  /** Deletes deliveries of webhooks that were removed. How many; 0 when none is left. */
  deleteOfRemoved(limit: number): Promise<number>;
  figures(now: number): Promise<{ waiting: number; oldestSeconds: number; failing: number }>;
}

/** Tells whoever watches the workspace; in the transaction that disables. */
export interface WebhookAlarm {
  disabled(tx: Tx, webhook: Webhook, reason: Exclude<DisabledReason, 'asked'>): Promise<void>;
  /** It is enabled again, or gone. May be said twice. */
  over(workspace: string, id: string): Promise<void>;
}
