import type { EventType } from '@understudy/wire';

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
