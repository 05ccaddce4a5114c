/** What can happen. The values are the `type` of the CloudEvents that applications get: they never change meaning. */
export const EVENT_TYPES = [
  'decision.made',
  'decision.reviewed',
  'decision.erased',
  'label.recorded',
  'model.promoted',
  'certificate.issued',
  'certificate.suspended',
  'job.finished',
  'webhook.disabled',
  'source.failing',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** One event in the JSON format of CloudEvents 1.0.2. */
export interface CloudEvent {
  specversion: '1.0';
  /** `evt_…`; unique for the source, and the same however often the event is delivered. */
  id: string;
  source: string;
  type: EventType | 'understudy.test';
  subject: string;
  /** RFC 3339. */
  time: string;
  datacontenttype: 'application/json';
  /** W3C trace context of what caused it (CloudEvents distributed tracing extension). */
  traceparent?: string;
  data: Record<string, unknown>;
}
