import { type TSchema, Type } from 'typebox';
import { Slug, Timestamp } from './common.ts';
import { DecisionLabel, DecisionSummary } from './ledger.ts';

/** What an event of one type says. */
export interface EventTypeDescription {
  /** When it happens, in one sentence. */
  when: string;
  /** What `subject` is the id of. */
  subject: string;
  data: TSchema;
}

const Nullable = (schema: TSchema) => Type.Union([schema, Type.Null()]);
const Reason = Type.Object({ code: Type.String(), detail: Type.String() });
const Probability = Type.Number({ minimum: 0, maximum: 1 });

const labelled = Type.Object({ label: Type.Ref('DecisionLabel'), decision: Type.Ref('DecisionSummary') });

const certificate = {
  certificate: Type.String(),
  task_id: Type.String(),
  model: Type.String(),
  version: Type.String(),
  threshold: Nullable(Probability),
  confidence: Probability,
  max_error: Probability,
  expected_coverage: Nullable(Probability),
};

/** Every type of event and what its `data` holds. A field never changes its meaning; new ones may come. */
export const eventTypes = {
  'decision.made': {
    when: 'An item was decided: answered, or put before people.',
    subject: 'the decision',
    data: Type.Ref('DecisionSummary'),
  },
  'decision.reviewed': {
    when: 'A reviewer answered a decision that waited for people, or one of the audit lane.',
    subject: 'the decision',
    data: labelled,
  },
  'decision.erased': {
    when: 'The personal data of a decision was erased; forget what you kept of it.',
    subject: 'the decision',
    data: Type.Object({ decision: Type.String() }),
  },
  'label.recorded': {
    when: 'Somebody said what is right for a decision: a reviewer, an auditor, your application, an appeal.',
    subject: 'the decision',
    data: labelled,
  },
  'model.promoted': {
    when: 'A version became the champion of its model and decides from now on.',
    subject: 'the version, as <model>/<version>',
    data: Type.Object({
      model: Type.String(),
      version: Type.String(),
      previous: Nullable(Type.String({ description: 'The version that was the champion before.' })),
      reason: Type.String(),
    }),
  },
  'certificate.issued': {
    when: 'A version was certified: it may answer alone within the error budget.',
    subject: 'the certificate',
    data: Type.Object(certificate),
  },
  'certificate.suspended': {
    when: 'A certificate is out of force: its decisions go to people.',
    subject: 'the certificate',
    data: Type.Object({ ...certificate, reason: Type.String() }),
  },
  'job.finished': {
    when: 'A job ended: succeeded, failed or cancelled.',
    subject: 'the job',
    data: Type.Object({
      job: Type.String(),
      task: Slug,
      status: Type.Union(['succeeded', 'failed', 'cancelled'].map((status) => Type.Literal(status))),
      items: Type.Optional(Type.Object({ total: Type.Integer(), failed: Type.Integer() })),
      decision: Type.Optional(Type.String({ description: 'Of a job with one item that succeeded.' })),
      error: Type.Optional(Type.Object({ code: Type.String() })),
      trace_id: Type.Optional(Type.String()),
    }),
  },
  'webhook.disabled': {
    when: 'Nothing is sent to a webhook any more: it answered 410, or failed for too long.',
    subject: 'the webhook',
    data: Type.Object({
      reason: Type.Union([Type.Literal('gone'), Type.Literal('failing')]),
      failing_since: Nullable(Timestamp),
      problem: Nullable(Type.String()),
    }),
  },
  'source.failing': {
    when: 'A source cannot take messages; they wait in the broker. Said once an outage.',
    subject: 'the source, by its name',
    data: Type.Object({
      source: Slug,
      bus: Type.String(),
      topic: Type.String(),
      task: Slug,
      problem: Reason,
    }),
  },
} as const satisfies Record<string, EventTypeDescription>;

export type EventType = keyof typeof eventTypes;

/** What can happen. The values are the `type` of the CloudEvents that applications get: they never change meaning. */
export const EVENT_TYPES = Object.keys(eventTypes) as readonly EventType[];

/** Schemas that those above refer to. */
export const eventDefinitions = { DecisionSummary, DecisionLabel };
