import type { Webhook, WebhookDelivery } from '@understudy/client';
import { Status, type Tone } from '../../components/status.tsx';

/** What can be subscribed to, each in words. */
export const eventWords: Record<string, string> = {
  'decision.made': 'a decision was made',
  'decision.reviewed': 'a person answered an item',
  'decision.erased': 'the content of a decision was erased',
  'label.recorded': 'somebody said what the right answer was',
  'model.promoted': 'another model answers',
  'certificate.issued': 'automation was certified',
  'certificate.suspended': 'automation was suspended',
  'job.finished': 'a job has ended',
  'webhook.disabled': 'a webhook was disabled',
  'source.failing': 'a source cannot take messages',
};

/** Enabled, resting, failing, disabled: what the endpoint’s owner has to know first. */
export function WebhookStatus({ webhook: { status, disabled, health } }: { webhook: Webhook }) {
  if (status === 'disabled') {
    return disabled?.reason === 'asked' || disabled === null ? (
      <Status tone="quiet">Disabled</Status>
    ) : (
      <Status tone="bad">Disabled by failures</Status>
    );
  }
  if (health.failures > 0) return <Status tone="warn">Failing</Status>;
  return <Status tone="good">Enabled</Status>;
}

const deliveryStates: Record<WebhookDelivery['status'], { tone: Tone; name: string }> = {
  waiting: { tone: 'info', name: 'On its way' },
  delivered: { tone: 'good', name: 'Delivered' },
  failed: { tone: 'bad', name: 'Given up' },
};

export const deliveryStateName = (status: WebhookDelivery['status']): string => deliveryStates[status].name;

/** One that failed before and is tried again says so. */
export function DeliveryStatus({
  delivery: { status, attempts },
}: {
  delivery: Pick<WebhookDelivery, 'status' | 'attempts'>;
}) {
  if (status === 'waiting' && attempts > 0) return <Status tone="warn">Tried again soon</Status>;
  return <Status tone={deliveryStates[status].tone}>{deliveryStates[status].name}</Status>;
}

const problems: Record<string, string> = {
  http_status: 'The receiver did not answer with a 2xx status.',
  erased: 'What it would have told was erased meanwhile.',
  gave_up: 'It was tried for three days.',
};

/** Why something was not delivered; other codes stand in the error catalogue and are shown as they are. */
export const problemWords = (code: string): string => problems[code] ?? code.replaceAll('_', ' ');
