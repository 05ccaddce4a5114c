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
    type: Type.Union(
      ['decision.made', 'decision.labelled', 'decision.erased'].map((name) => Type.Literal(`understudy.${name}`)),
    ),
    subject: Type.String({ description: 'Id of the decision.' }),
    time: Timestamp,
    datacontenttype: Type.Literal('application/json'),
    data: Type.Unknown({
      description:
        'decision.made: the decision as in lists. decision.labelled: {label, decision}. decision.erased: {decision: id}.',
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
