import type { RoutePlugin } from '@understudy/kernel';
import { EventIntakeQuery, type EventReceipts } from '@understudy/wire';
import type { FastifyRequest } from 'fastify';
import { sourceErrors } from '../sources/errors.ts';
import type { EventIntake, Receipt } from '../sources/event-intake.ts';

const present = ({ eventSource, ...receipt }: Receipt): EventReceipts['data'][number] => ({
  id: receipt.id,
  event_source: eventSource,
  source: receipt.source,
  status: receipt.status as EventReceipts['data'][number]['status'],
  message: receipt.message,
  decision: receipt.decision,
  problem: receipt.problem,
});

/** Headers of a request as messages have them: one value each. */
function headersOf({ headers }: FastifyRequest): Record<string, string> {
  const all: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') all[name] = value;
    else if (value !== undefined) all[name] = value.join(', ');
  }
  return all;
}

/** `POST /v1/events`: CloudEvents in binary, structured and batch mode. */
export function eventIntakeRoutes(intake: EventIntake): RoutePlugin {
  return (app) => {
    // Bytes of whatever type: in binary mode the content type is that of the event's data.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

    app.post<{ Querystring: { source?: string } }>(
      '/v1/events',
      {
        config: { policy: { kind: 'scope', scope: 'events:write' } },
        schema: {
          summary: 'Send CloudEvents to be decided',
          description:
            'Binary, structured or batch mode (at most 200 events). Each is decided once by its `source` and `id`, and answered when that is durable. The source of the bus `http` whose `topic` is the event’s `type` takes it, or the one that `?source=` names. 202 when at least one was taken; `data` has a receipt for each. When none was, 422 with every reason.',
          querystring: EventIntakeQuery,
          consumes: ['application/cloudevents+json', 'application/cloudevents-batch+json', '*/*'],
          response: { 202: { $ref: 'EventReceipts#' } },
        },
      },
      async (request, reply) => {
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        const raw = { headers: headersOf(request), body };
        const receipts = await intake.take(request.principal.workspace, raw, request.query.source ?? null);
        if (receipts.every(({ status }) => status === 'rejected')) throw refusal(receipts);
        return reply.code(202).send({ data: receipts.map(present) });
      },
    );
  };
}

/** None was taken: a problem with each reason, for senders that look at nothing but the status. */
function refusal(receipts: readonly Receipt[]) {
  const [first] = receipts;
  const problems = receipts.map(({ problem }, index) => ({
    pointer: receipts.length === 1 ? '' : `/${index}`,
    code: problem!.code,
    detail: problem!.detail,
  }));
  return sourceErrors.events_rejected(`${first!.problem!.code}: ${first!.problem!.detail}`, { problems });
}
