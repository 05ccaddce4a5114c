import { type Static, Type } from 'typebox';
import { Body, Named, PageQuery, Slug, Timestamp } from './common.ts';

const JsonPath = Type.String({
  minLength: 1,
  maxLength: 500,
  description: 'JSONPath (RFC 9535) of names and indexes: `$.comment.body`, `$["a b"][0]`.',
});
const Bus = Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$' });
const Topic = Type.String({ minLength: 1, maxLength: 249, pattern: '^[^\\p{Cc}\\p{Zl}\\p{Zp}]+$' });
const Format = Type.Union([Type.Literal('json'), Type.Literal('cloudevents')]);

const Mapping = Body(
  {
    input: Body({ text: JsonPath }),
    external_id: Type.Optional(JsonPath),
    subject: Type.Optional(JsonPath),
    attributes: Type.Optional(Named(JsonPath)),
    id: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 500,
        description:
          'JSONPath of what makes a message the same as an earlier one. Absent: a CloudEvent’s source and id, else the id that its publisher gave the message, else its place in the topic.',
      }),
    ),
  },
  {
    description:
      'Where values stand in the message. `$` is its JSON; of a CloudEvent the event with its attributes and `data`. `input` and `external_id` must be found, `subject` and attributes may be absent.',
  },
);

export const SourceRequest = Body(
  {
    bus: Type.Unsafe<string>({
      ...Bus,
      description: 'A name of UNDERSTUDY_BUSES, `postgres`, or `http`: events of POST /v1/events.',
    }),
    topic: Type.Unsafe<string>({
      ...Topic,
      description: 'Topic or queue to read; of the bus `http` the `type` of the events that it takes.',
    }),
    group: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        pattern: '^[^\\p{Cc}]+$',
        description: 'Consumer group; absent = understudy-<workspace>-<source>.',
      }),
    ),
    task: Slug,
    format: Type.Optional(
      Type.Unsafe<'json' | 'cloudevents'>({
        ...Format,
        description: 'Absent = json; cloudevents of the bus `http`. CloudEvents come in binary or structured mode.',
      }),
    ),
    mapping: Mapping,
    reply_to: Type.Optional(
      Body(
        {
          bus: Type.Optional(Type.Unsafe<string>({ ...Bus, description: 'Absent = the bus of the source.' })),
          topic: Type.Optional(Topic),
          from_message: Type.Optional(
            Type.Boolean({ description: 'A topic that the message names as its reply-to goes before `topic`.' }),
          ),
        },
        { description: 'Where decisions are published; absent = nowhere.' },
      ),
    ),
  },
  { $id: 'SourceRequest' },
);
export type SourceRequest = Static<typeof SourceRequest>;

const Count = Type.Integer({ minimum: 0 });
const NullableTime = Type.Union([Timestamp, Type.Null()]);
const SourceProblem = Type.Object({ code: Type.String(), detail: Type.String() });

export const Source = Type.Object(
  {
    id: Type.String(),
    source: Slug,
    bus: Type.String(),
    topic: Type.String(),
    group: Type.String(),
    task: Slug,
    format: Format,
    mapping: Mapping,
    reply_to: Type.Union([
      Type.Object({
        bus: Type.String(),
        topic: Type.Union([Type.String(), Type.Null()]),
        from_message: Type.Boolean(),
      }),
      Type.Null(),
    ]),
    state: Type.Union(
      ['idle', 'connecting', 'running', 'paused', 'failing'].map((state) => Type.Literal(state)),
      { description: '`idle`: no worker process runs it. `failing`: messages wait in the broker; `problem` says why.' },
    ),
    problem: Type.Union([SourceProblem, Type.Null()]),
    failing_since: NullableTime,
    lag: Type.Union([Count, Type.Null()], {
      description: 'Messages that wait in the broker; null where it cannot tell.',
    }),
    workers: Type.Integer({ description: 'Processes that run it.' }),
    counts: Type.Object({
      messages: Count,
      decided: Count,
      unprocessable: Type.Integer({ description: 'Those are in the dead letters.' }),
      duplicates: Type.Integer({ description: 'Deliveries of messages that had been handled.' }),
    }),
    last_message_at: NullableTime,
    created_at: Timestamp,
    updated_at: Timestamp,
  },
  { $id: 'Source' },
);
export type Source = Static<typeof Source>;

export const SourceList = Type.Object(
  { data: Type.Array(Type.Ref('Source')), next_cursor: Type.Union([Type.String(), Type.Null()]) },
  { $id: 'SourceList' },
);

export const SourceQuery = Type.Object(PageQuery, { additionalProperties: false });

export const EventIntakeQuery = Body({
  source: Type.Optional(
    Type.Unsafe<string>({ ...Slug, description: 'Name of the source that takes all events of the request.' }),
  ),
});

/** What became of each event of a request, in its order. */
export const EventReceipts = Type.Object(
  {
    data: Type.Array(
      Type.Object({
        id: Type.Union([Type.String(), Type.Null()], { description: 'The event’s own id.' }),
        event_source: Type.Union([Type.String(), Type.Null()], { description: 'The event’s own source.' }),
        source: Type.Union([Slug, Type.Null()], { description: 'Which of your sources took it.' }),
        status: Type.Union(
          ['accepted', 'duplicate', 'rejected'].map((status) => Type.Literal(status)),
          { description: '`duplicate`: it was taken before; the ids are those of then.' },
        ),
        message: Type.Union([Type.String(), Type.Null()], { description: 'For GET /v1/trail.' }),
        decision: Type.Union([Type.String(), Type.Null()]),
        problem: Type.Union([SourceProblem, Type.Null()], { description: 'Why it was rejected.' }),
      }),
    ),
  },
  { $id: 'EventReceipts' },
);
export type EventReceipts = Static<typeof EventReceipts>;
