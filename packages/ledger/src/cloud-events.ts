import type { CloudEvent } from '@understudy/events';
import type { EventType } from '@understudy/wire';
import { decisionSummary, labelBody } from './bodies.ts';
import type { FeedEntry } from './feed.ts';

/**
 * What a ledger row says to the application, in the words of CloudEvents 1.0. A reviewer's or auditor's label is two
 * events: that the decision was reviewed, and that a label was recorded. Their ids are the row's place in the log, so
 * they are the same wherever and however often they are delivered.
 */
export function toCloudEvents(entry: FeedEntry): CloudEvent[] {
  const make = (type: EventType, subject: string, data: Record<string, unknown>, trace: string | null, nth = '') => ({
    specversion: '1.0' as const,
    id: `evt_${entry.seq}_${entry.position}${nth}`,
    source: '/v1/ledger',
    type,
    subject,
    time: new Date(entry.at).toISOString(),
    datacontenttype: 'application/json' as const,
    ...(trace === null ? {} : { traceparent: `00-${trace}-${parentOf(entry)}-01` }),
    data,
  });
  switch (entry.kind) {
    case 'decision': {
      const { decision } = entry;
      return [make('decision.made', decision.id, decisionSummary(decision), decision.trace_id)];
    }
    case 'label': {
      const { decision, label } = entry;
      const data = { label: labelBody(decision.id, label), decision: decisionSummary(decision) };
      const recorded = (nth: string) => make('label.recorded', decision.id, data, decision.trace_id, nth);
      if (label.source !== 'reviewer' && label.source !== 'audit') return [recorded('')];
      return [make('decision.reviewed', decision.id, data, decision.trace_id), recorded('_1')];
    }
    case 'erasure':
      return [make('decision.erased', entry.decision, { decision: entry.decision }, null)];
    case 'event': {
      const { type, subject, data } = entry.event;
      const trace = typeof data.trace_id === 'string' ? data.trace_id : null;
      return [make(type, subject, data, trace)];
    }
  }
}

/** A span id that is the same each time: the row's place, never zero. */
function parentOf({ seq, position }: FeedEntry): string {
  return ((BigInt(seq) << 20n) + BigInt(position) + 1n).toString(16).padStart(16, '0').slice(-16);
}
