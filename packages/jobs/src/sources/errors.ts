import { defineErrors } from '@understudy/kernel';

export const sourceErrors = defineErrors({
  source_not_found: {
    title: 'There is no such source',
    description: 'The workspace has no source of this name. `GET /v1/sources` lists them.',
    retryable: false,
  },
  source_exists: {
    title: 'The source exists already',
    description: 'The request said `If-None-Match: *` (create only), and the source is there. Nothing was changed.',
    retryable: false,
  },
  source_changed: {
    title: 'The source was changed while messages were in hand',
    description: 'They are not acknowledged, and are handled again by the source as it is now.',
    retryable: true,
  },
  source_paused: {
    title: 'The source is paused',
    description: 'It takes no events until it is resumed. Send them again later.',
    retryable: true,
  },
  unknown_bus: {
    title: 'There is no message system of this name',
    description: 'The operator names message systems in `UNDERSTUDY_BUSES`; `postgres` and `http` always exist.',
    retryable: false,
  },
  topic_refused: {
    title: 'The workspace may not use this topic',
    description:
      'The operator’s `UNDERSTUDY_BUS_TOPICS` does not allow it, or another workspace used the topic first. Ask the operator.',
    retryable: false,
  },
  group_taken: {
    title: 'The group reads this topic already',
    description:
      'Another source consumes the topic with this group, and would get part of the messages. Name another `group`.',
    retryable: false,
  },
  event_type_taken: {
    title: 'Another source takes events of this type',
    description: 'At most one source of the bus `http` takes events of a type. Its `topic` is the type.',
    retryable: false,
  },
  invalid_mapping: {
    title: 'The mapping cannot be used',
    description:
      'Each path is a JSONPath (RFC 9535) of names and indexes only, as `$.comment.body` or `$["a b"][0]`: no wildcards, slices, filters, unions or `..`.',
    retryable: false,
  },
  invalid_source: {
    title: 'The source cannot be set up like this',
    description: 'Parts of the definition contradict each other; the problem says which.',
    retryable: false,
  },
  message_too_large: {
    title: 'The message is larger than a source takes',
    description: 'Its bytes are over the limit, so it was not parsed. It is kept as a dead letter.',
    retryable: false,
  },
  message_malformed: {
    title: 'The message cannot be read',
    description: 'It is not valid UTF-8 or JSON, or is nested too deep.',
    retryable: false,
  },
  invalid_event: {
    title: 'This is no CloudEvent',
    description:
      'CloudEvents 1.0 asks for `specversion`, `id`, `source` and `type`, as headers (binary), in one JSON object (structured) or in an array of them (batch).',
    retryable: false,
  },
  message_unmapped: {
    title: 'The message does not fit the mapping',
    description: 'A path of the mapping finds nothing in the message, or a value of another type than the item needs.',
    retryable: false,
  },
  message_failed: {
    title: 'The message could not be handled',
    description: 'Handling it failed several times for a reason that lies here. It is kept as a dead letter.',
    retryable: false,
  },
  event_unrouted: {
    title: 'No source takes this event',
    description:
      'A source of the bus `http` takes events whose `type` is its `topic`; `?source=` names one for all events of the request.',
    retryable: false,
  },
  events_rejected: {
    title: 'No event of the request was taken',
    description: 'Each has its reason in `errors`; sending the same again does not help.',
    retryable: false,
  },
  trail_not_found: {
    title: 'Nothing is known by this id',
    description:
      'Ids of messages, jobs, decisions, dead letters, replies and events have a trail, and so have your own message ids and `external_id`s, for as long as they are kept.',
    retryable: false,
  },
  too_many_events: {
    title: 'Too many events in one request',
    description: 'A batch holds at most 200 events. Send the rest in another request.',
    retryable: false,
  },
});
