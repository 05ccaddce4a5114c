import type { RoutePlugin } from '@understudy/kernel';
import { Type } from 'typebox';
import type { Metrics } from '../observability/metrics.ts';
import { codeVersion } from '../version.ts';

export interface Readiness {
  /** Names what is not ready; empty = ready. */
  check(): Promise<string[]>;
}

/** Health, version, metrics and the OpenAPI document. */
export function metaRoutes(ports: { readiness: Readiness; metrics: Metrics; openapi: () => string }): RoutePlugin {
  return (app) => {
    const open = { policy: { kind: 'public' } } as const;

    app.get(
      '/healthz/live',
      {
        config: open,
        schema: { summary: 'Is the process alive?', response: { 200: Type.Object({ status: Type.String() }) } },
      },
      () => Promise.resolve({ status: 'live' }),
    );

    const Ready = Type.Object({ status: Type.String(), not_ready: Type.Array(Type.String()) });
    app.get(
      '/healthz/ready',
      {
        config: open,
        schema: { summary: 'Can it serve? Names what is not ready.', response: { 200: Ready, 503: Ready } },
      },
      async (_request, reply) => {
        const missing = await ports.readiness.check();
        if (missing.length === 0) return { status: 'ready', not_ready: [] };
        return reply.code(503).header('Retry-After', '1').send({ status: 'not_ready', not_ready: missing });
      },
    );

    app.get(
      '/version',
      {
        config: open,
        schema: {
          summary: 'What runs here',
          response: { 200: Type.Object({ name: Type.String(), version: Type.String(), node: Type.String() }) },
        },
      },
      () => Promise.resolve({ name: 'understudy', version: codeVersion, node: process.version }),
    );

    app.get(
      '/openapi.json',
      { config: open, schema: { summary: 'This API as OpenAPI 3.1', response: { 200: Type.Unknown() } } },
      (_request, reply) => reply.type('application/json').send(ports.openapi()),
    );

    app.get(
      '/metrics',
      {
        config: { policy: { kind: 'scope', scope: 'metrics:read' } },
        schema: { summary: 'Figures for Prometheus', produces: ['text/plain'] },
      },
      async (_request, reply) => reply.type(ports.metrics.contentType).send(await ports.metrics.text()),
    );
  };
}
