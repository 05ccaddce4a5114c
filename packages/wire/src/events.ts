import { type Static, Type } from 'typebox';
import { Body, Timestamp } from './common.ts';

export const EventQuery = Body({
  after: Type.Optional(
    Type.String({ maxLength: 40, description: 'Id of the last event that you have; absent = from the first one.' }),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
});
export type EventQuery = Static<typeof EventQuery>;

/** A CloudEvents 1.0 envelope around what the ledger wrote down. */
export const EventBody = Type.Object(
  {
    specversion: Type.Literal('1.0'),
    id: Type.String(),
    source: Type.String(),
    type: Type.String({
      description:
        'decision.made, decision.reviewed, decision.erased, label.recorded, model.promoted, certificate.issued, certificate.suspended, job.finished, webhook.disabled, source.failing; more may come.',
    }),
    subject: Type.String({ description: 'Id of what it happened to: the decision, the model version, the job.' }),
    time: Timestamp,
    datacontenttype: Type.Literal('application/json'),
    traceparent: Type.Optional(Type.String({ description: 'W3C trace context of what caused it.' })),
    data: Type.Record(Type.String(), Type.Unknown(), {
      description:
        'decision.made: the decision as in lists. decision.reviewed, label.recorded: {label, decision}. decision.erased: {decision: id}. The others are described by their schemas in contracts/events.',
    }),
  },
  { $id: 'Event' },
);

export const EventList = Type.Object(
  {
    data: Type.Array(Type.Ref('Event')),
    next_cursor: Type.Union([Type.String(), Type.Null()], {
      description: '`after` of the next request; it stays valid, and more events may come. Null before the first one.',
    }),
  },
  { $id: 'EventList' },
);
export type EventList = Static<typeof EventList>;
