import { type Static, Type } from 'typebox';
import { Body, Timestamp } from './common.ts';

export const TrailQuery = Body({
  id: Type.String({
    minLength: 1,
    maxLength: 500,
    description:
      'Of a message (`msg_…`, or the id that its publisher gave it), a job, a decision, a dead letter, a reply, an event (`evt_…`), or an `external_id`.',
  }),
});
export type TrailQuery = Static<typeof TrailQuery>;

/** What happened to a message, in order. */
export const Trail = Type.Object(
  {
    id: Type.String(),
    ids: Type.Array(Type.Object({ kind: Type.String(), id: Type.String() }), {
      description: 'What the trail leads over: messages, jobs, decisions, dead letters, replies.',
    }),
    steps: Type.Array(
      Type.Object({
        at: Type.Union([Timestamp, Type.Null()], { description: 'Null where nothing says when.' }),
        place: Type.Union(
          [
            ...['source', 'job', 'decision', 'review', 'label', 'reply', 'webhook', 'callback'],
            ...['dead_letter', 'replay'],
          ].map((place) => Type.Literal(place)),
        ),
        id: Type.String(),
        what: Type.String({ description: 'For people; its words may change.' }),
        current: Type.Boolean({ description: 'Where it is now, or how it ended there.' }),
        details: Type.Record(Type.String(), Type.Unknown()),
      }),
      { description: 'Oldest first.' },
    ),
    complete: Type.Boolean({ description: 'False where it leads on further than is shown.' }),
  },
  { $id: 'Trail' },
);
export type Trail = Static<typeof Trail>;
