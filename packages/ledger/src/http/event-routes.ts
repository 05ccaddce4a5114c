import { setTimeout as pause } from 'node:timers/promises';
import { type RoutePlugin, streamEvents } from '@understudy/kernel';
import { EventQuery } from '@understudy/wire';
import { Type } from 'typebox';
import type { EventLog } from '../event-log.ts';

const POLL_MS = 250;
const PAGE = 100;

/**
 * `/v1/events`: the workspace's log as CloudEvents, a page at a time or, with `Accept: text/event-stream`, as
 * Server-Sent Events that resume with `Last-Event-ID`.
 */
export function eventRoutes(log: EventLog): RoutePlugin {
  return (app) => {
    const stopping = new AbortController();
    app.addHook('preClose', async () => stopping.abort());

    app.get<{ Querystring: EventQuery }>(
      '/v1/events',
      {
        config: { policy: { kind: 'scope', scope: 'events:read' } },
        schema: {
          summary: 'What happened, in order',
          querystring: EventQuery,
          produces: ['text/event-stream'],
          response: { 200: Type.Ref('EventList') },
        },
      },
      async (request, reply) => {
        const { principal, query, headers } = request;
        const asked = headers['last-event-id'] ?? query.after ?? null;
        const after = typeof asked === 'string' ? asked : null;
        if (headers.accept?.includes('text/event-stream') !== true) {
          const events = await log.read(principal.workspace, after, query.limit ?? PAGE);
          return { data: events, next_cursor: events.at(-1)?.id ?? after };
        }
        // Before the status line, so that a wrong id is a problem and no broken stream.
        const first = await log.read(principal.workspace, after, PAGE);
        async function* follow(signal: AbortSignal) {
          let last = after;
          for (let events = first; ; events = await log.read(principal.workspace, last, PAGE)) {
            for (const event of events) yield { id: event.id, event: event.type, data: event };
            last = events.at(-1)?.id ?? last;
            if (signal.aborted) return;
            if (events.length === 0) await pause(POLL_MS, undefined, { signal });
          }
        }
        await streamEvents(request, reply, follow, stopping.signal);
      },
    );
  };
}
