export { type Callback, type CallbackPorts, Callbacks } from './callbacks.ts';
export { DeliveryLog, type DeliveryLogPorts } from './deliveries.ts';
export {
  type Attempt,
  type ClaimedDelivery,
  type Delivery,
  type DeliveryStatus,
  GIVE_UP_MS,
  type NewDelivery,
} from './delivery.ts';
export { DeliveryWorker, type DeliveryWorkerOptions, type DeliveryWorkerPorts } from './delivery-worker.ts';
export { webhookErrors } from './errors.ts';
export { type FanOutPorts, WebhookFanOut } from './fan-out.ts';
export type {
  ClaimRequest,
  DeliveryFilter,
  DeliveryStore,
  WebhookAlarm,
  WebhookStore,
} from './ports.ts';
export { BREAKER_FAILURES, nextAttemptAt, restUntil } from './retry-schedule.ts';
export { newSecret, type SealedSecrets, SecretBox, signatures } from './secrets.ts';
export * from './webhook.ts';
export { type Caller, type WebhookPorts, type WebhookRequest, Webhooks } from './webhooks.ts';
