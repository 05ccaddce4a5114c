import { type Static, type TSchema, Type } from 'typebox';
import { Body, PageQuery, Slug, Timestamp } from './common.ts';
import { EVENT_TYPES } from './event-types.ts';

const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const OneOf = <const V extends readonly string[]>(values: V) =>
  Type.Unsafe<V[number]>(Type.Union(values.map((value) => Type.Literal(value))));

/** What a webhook can be told of. */
export const WEBHOOK_EVENTS = ['*', ...EVENT_TYPES] as const;
const EventNames = Type.Array(OneOf(WEBHOOK_EVENTS), {
  minItems: 1,
  maxItems: 50,
  description: 'Types of events; `*` is all of them, later ones included.',
});
const Url = Type.String({
  minLength: 1,
  maxLength: 2048,
  description: 'http or https, without user and password. Redirects are not followed.',
});
const Description = Type.String({ maxLength: 500 });

export const WebhookRequest = Body(
  {
    url: Url,
    events: EventNames,
    task: Type.Optional(Slug),
    description: Type.Optional(Description),
  },
  { $id: 'WebhookRequest', description: 'With `task`, only events about that task are sent.' },
);
export type WebhookRequest = Static<typeof WebhookRequest>;

export const WebhookChange = Body(
  {
    url: Type.Optional(Url),
    events: Type.Optional(EventNames),
    task: Type.Optional(Nullable(Slug)),
    description: Type.Optional(Nullable(Description)),
  },
  { $id: 'WebhookChange', description: 'What is absent stays as it is.' },
);
export type WebhookChange = Static<typeof WebhookChange>;

const webhook = {
  id: Type.String(),
  url: Type.String(),
  events: Type.Array(Type.String()),
  task: Nullable(Type.String()),
  description: Nullable(Type.String()),
  status: OneOf(['enabled', 'disabled']),
  disabled: Nullable(
    Type.Object(
      { reason: OneOf(['asked', 'gone', 'failing']), at: Timestamp },
      { description: '`gone`: the receiver answered 410. `failing`: nothing but failures for days.' },
    ),
  ),
  health: Type.Object({
    failures: Type.Integer({ description: 'In a row, since the last success.' }),
    failing_since: Nullable(Timestamp),
    resting_until: Nullable(Timestamp),
    last_success_at: Nullable(Timestamp),
    last_failure_at: Nullable(Timestamp),
    last_problem: Nullable(Type.String({ description: 'An error code, or `http_status`.' })),
  }),
  previous_secret_until: Nullable(Timestamp),
  created_by: Type.String(),
  created_at: Timestamp,
  updated_at: Timestamp,
};

export const Webhook = Type.Object(webhook, { $id: 'Webhook', description: 'An endpoint of the application.' });
export type Webhook = Static<typeof Webhook>;

const Secret = Type.String({
  description: '`whsec_…`: verifies signatures (Standard Webhooks). Shown in this answer and never again.',
});

export const NewWebhook = Type.Object({ ...webhook, secret: Secret }, { $id: 'NewWebhook' });
export type NewWebhook = Static<typeof NewWebhook>;

export const WebhookList = Type.Object(
  { data: Type.Array(Type.Ref('Webhook')), next_cursor: Nullable(Type.String()) },
  { $id: 'WebhookList' },
);

export const CallbackSecret = Type.Object(
  {
    secret: Secret,
    previous_secret_until: Nullable(Timestamp),
  },
  { $id: 'CallbackSecret', description: 'What the callbacks of jobs are signed with.' },
);
export type CallbackSecret = Static<typeof CallbackSecret>;

const delivery = {
  id: Type.String(),
  webhook: Nullable(Type.String({ description: 'Null: a callback of a job.' })),
  url: Nullable(Type.String({ description: 'Of a callback.' })),
  event: Type.String({ description: 'Id of the event; the header `webhook-id`.' }),
  type: Type.String(),
  subject: Type.String(),
  status: OneOf(['waiting', 'delivered', 'failed']),
  attempts: Type.Integer(),
  next_attempt_at: Nullable(Timestamp),
  gives_up_at: Timestamp,
  created_at: Timestamp,
  finished_at: Nullable(Timestamp),
  response_status: Nullable(Type.Integer({ description: 'Of the last answer.' })),
  problem: Nullable(
    Type.String({ description: 'Why it is not delivered: `http_status`, `erased`, `gave_up` or an error code.' }),
  ),
};

export const WebhookDelivery = Type.Object(delivery, {
  $id: 'WebhookDelivery',
  description: 'One event on its way to one receiver.',
});
export type WebhookDelivery = Static<typeof WebhookDelivery>;

export const WebhookDeliveryList = Type.Object(
  { data: Type.Array(Type.Ref('WebhookDelivery')), next_cursor: Nullable(Type.String()) },
  { $id: 'WebhookDeliveryList' },
);

export const WebhookDeliveryDetail = Type.Object(
  {
    ...delivery,
    body: Nullable(Type.String({ description: 'As it is sent; null when it is not kept any more.' })),
    log: Type.Array(
      Type.Object({
        number: Type.Integer(),
        at: Timestamp,
        duration_ms: Type.Integer(),
        response_status: Nullable(Type.Integer()),
        problem: Nullable(Type.String()),
        detail: Nullable(Type.String()),
        response_body: Nullable(Type.String({ description: 'The first KB.' })),
      }),
    ),
  },
  { $id: 'WebhookDeliveryDetail' },
);
export type WebhookDeliveryDetail = Static<typeof WebhookDeliveryDetail>;

export const WebhookDeliveryQuery = Type.Object(
  {
    ...PageQuery,
    status: Type.Optional(OneOf(['waiting', 'delivered', 'failed'])),
    type: Type.Optional(Type.String({ maxLength: 100 })),
    event: Type.Optional(Type.String({ maxLength: 100 })),
    subject: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { additionalProperties: false },
);
export type WebhookDeliveryQuery = Static<typeof WebhookDeliveryQuery>;
