import { setTimeout as pause } from 'node:timers/promises';
import type { RoutePlugin } from '@understudy/kernel';
import { EventQuery } from '@understudy/wire';
import { Type } from 'typebox';
import type { EventLog } from '../event-log.ts';

const POLL_MS = 250;
const HEARTBEAT_MS = 15_000;
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
        let events = await log.read(principal.workspace, after, PAGE);
        reply.hijack();
        const { raw } = reply;
        const gone = new AbortController();
        raw.on('close', () => gone.abort());
        raw.writeHead(200, {
          'Content-Type': 'text/event-stream',
          'Cache-Control': 'no-cache',
          'X-Accel-Buffering': 'no',
          'X-Request-Id': request.id,
        });
        const ended = AbortSignal.any([gone.signal, stopping.signal]);
        const heart = setInterval(() => raw.write(': still here\n\n'), HEARTBEAT_MS);
        let last = after;
        try {
          while (!ended.aborted) {
            for (const event of events) {
              raw.write(`id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
              last = event.id;
            }
            if (raw.writableNeedDrain) await new Promise((done) => raw.once('drain', done).once('close', done));
            else if (events.length === 0) await pause(POLL_MS, undefined, { signal: ended });
            events = await log.read(principal.workspace, last, PAGE);
          }
        } catch (error) {
          // The status line is out: the client reconnects with Last-Event-ID and gets the error as a problem then.
          if (!ended.aborted) request.log.warn({ err: error }, 'a stream of events ended early');
        } finally {
          clearInterval(heart);
          if (stopping.signal.aborted) raw.on('finish', () => raw.socket?.end());
          raw.end();
        }
      },
    );
  };
}
