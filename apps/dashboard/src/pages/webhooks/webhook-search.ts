import { checked, choiceParam, textParam } from '../../search-params.ts';

export const deliveryStates = ['waiting', 'delivered', 'failed'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

export interface WebhookSearch {
  /** Which deliveries are listed. */
  status?: DeliveryState;
  /** The delivery that is looked at. */
  delivery?: string;
}

export const parseWebhookSearch = (raw: Record<string, unknown>): WebhookSearch =>
  checked({ status: choiceParam(raw.status, deliveryStates), delivery: textParam(raw.delivery, 100) });

/** `callbacks`: what is sent to the addresses that jobs name. */
export interface WebhooksSearch extends WebhookSearch {
  tab?: 'callbacks';
}

export const parseWebhooksSearch = (raw: Record<string, unknown>): WebhooksSearch => ({
  ...parseWebhookSearch(raw),
  ...checked({ tab: choiceParam(raw.tab, ['callbacks'] as const) }),
});
