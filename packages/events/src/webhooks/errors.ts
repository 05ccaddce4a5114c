import { defineErrors } from '@understudy/kernel';

export const webhookErrors = defineErrors({
  webhook_not_found: {
    title: 'There is no such webhook',
    description: 'The workspace has no webhook with this id.',
    retryable: false,
  },
  webhook_delivery_not_found: {
    title: 'There is no such delivery',
    description: 'The webhook has no delivery with this id, or it is older than the log is kept.',
    retryable: false,
  },
  webhook_url_refused: {
    title: 'The webhook’s URL must not be called',
    description:
      'Only public http and https addresses are called; `errors[]` names the rule. The operator allows single private networks and hosts with `UNDERSTUDY_EGRESS_ALLOW`.',
    retryable: false,
  },
  callback_url_refused: {
    title: 'The callback URL must not be called',
    description:
      'Only public http and https addresses are called; `errors[]` names the rule. The operator allows single private networks and hosts with `UNDERSTUDY_EGRESS_ALLOW`.',
    retryable: false,
  },
  webhook_disabled: {
    title: 'The webhook is disabled',
    description: 'Nothing is sent to it until it is enabled: `POST /v1/webhooks/{id}/enable`.',
    retryable: false,
  },
  webhook_delivery_emptied: {
    title: 'The delivery cannot be sent again',
    description:
      'Its body is not kept any more: it told of a decision that was erased since, or it was a callback that arrived. The resource that it was about can still be read.',
    retryable: false,
  },
  webhook_secret_unreadable: {
    title: 'The webhook’s secret cannot be read',
    description:
      'It was stored under another `UNDERSTUDY_SECRETS_KEY` than this process has. Start with that key, or rotate the secret.',
    retryable: true,
  },
  too_many_webhooks: {
    title: 'The workspace has as many webhooks as it may have',
    description: 'Delete one that is not needed, or let one webhook take several events.',
    retryable: false,
  },
});
