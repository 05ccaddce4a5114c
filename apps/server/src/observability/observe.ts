import type { FastifyInstance } from 'fastify';
import { traceOf } from '../http/trace.ts';
import type { Metrics } from './metrics.ts';

declare module 'fastify' {
  interface FastifyRequest {
    traceId: string | null;
  }
}

/** Counts every request by its route template, and writes one log line for each that is not plain success. */
export function observeRequests(app: FastifyInstance, metrics: Metrics): void {
  app.decorateRequest('traceId', null);
  app.addHook('onRequest', (request, _reply, done) => {
    const header = request.headers.traceparent;
    if (header !== undefined) request.traceId = traceOf(typeof header === 'string' ? header : undefined).traceId;
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.is404 ? undefined : request.routeOptions.url;
    metrics.request(request.method, route, reply.statusCode, reply.elapsedTime / 1000);
    // A line for each request that was turned away would cost more than turning it away.
    const level = reply.statusCode >= 500 && !request.shed ? 'warn' : 'debug';
    if (app.log.level === 'debug' || level === 'warn') {
      // The route's template, never the path: paths carry ids, queries carry subjects.
      request.log[level](
        {
          method: request.method,
          route: route ?? 'unmatched',
          status: reply.statusCode,
          ms: Math.round(reply.elapsedTime * 10) / 10,
          trace_id: request.traceId,
          principal: request.principal?.id,
        },
        'request',
      );
    }
    done();
  });
}
