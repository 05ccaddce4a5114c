import { newId } from '@understudy/kernel';
import type { JobOptions, NewJob } from '../job.ts';

export const exampleOptions: JobOptions = {
  principal: 'key_1',
  requestId: 'req_1',
  traceId: null,
  traceparent: null,
  callbackUrl: null,
  replyTo: null,
  externalId: null,
  notBefore: null,
};

let count = 0;

/** A job with one item, or with as many as `many` says. */
export function exampleJob({ many, ...facts }: Partial<Omit<NewJob, 'many'>> & { many?: number } = {}): NewJob {
  const text = `words ${++count}`;
  return {
    id: newId('job', Date.UTC(2026, 0, 1) + count),
    workspace: 'ws_1',
    task: 'inquiries',
    priority: 5,
    notBefore: null,
    options: exampleOptions,
    many: many !== undefined,
    items: Array.from({ length: many ?? 1 }, (_, i) => ({ input: { text: `${text} ${i}` } })),
    key: null,
    ...facts,
  };
}
