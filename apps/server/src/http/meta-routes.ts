import type { RoutePlugin } from '@understudy/kernel';
import { Type } from 'typebox';
import type { Metrics } from '../observability/metrics.ts';
import { codeVersion } from '../version.ts';

export interface Readiness {
  /** Names what is not ready; empty = ready. */
  check(): Promise<string[]>;
  /** What this process does. */
  duty(): ProcessDuty;
}

export interface ProcessDuty {
  /** `gateway`, `worker`, `scheduler`. */
  roles: readonly string[];
  /** Of a scheduler: whether it is the one that leads, and since which term; null for any other process. */
  scheduler: { leads: boolean; epoch: number | null } | null;
}

/** Health, version, metrics and, where the API is served, the OpenAPI document. */
export function metaRoutes(ports: {
  readiness: Readiness;
  metrics: Metrics;
  openapi?: (() => string) | undefined;
  /** The text of understudy.proto, where the API is served. */
  protobuf?: (() => string) | undefined;
}): RoutePlugin {
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

    const Ready = Type.Object({
      status: Type.String(),
      not_ready: Type.Array(Type.String()),
      roles: Type.Array(Type.String()),
      scheduler: Type.Union([
        Type.Object({ leads: Type.Boolean(), epoch: Type.Union([Type.Integer(), Type.Null()]) }),
        Type.Null(),
      ]),
    });
    app.get(
      '/healthz/ready',
      {
        config: open,
        schema: { summary: 'Can it serve? Names what is not ready.', response: { 200: Ready, 503: Ready } },
      },
      async (_request, reply) => {
        const missing = await ports.readiness.check();
        const duty = ports.readiness.duty();
        if (missing.length === 0) return { status: 'ready', not_ready: [], ...duty };
        return reply
          .code(503)
          .header('Retry-After', '1')
          .send({ status: 'not_ready', not_ready: missing, ...duty });
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

    const { openapi } = ports;
    if (openapi !== undefined) {
      app.get(
        '/openapi.json',
        { config: open, schema: { summary: 'This API as OpenAPI 3.1', response: { 200: Type.Unknown() } } },
        (_request, reply) => reply.type('application/json').send(openapi()),
      );
    }

    const { protobuf } = ports;
    if (protobuf !== undefined) {
      // A page: the contract names it where a body may be in Protocol Buffers.
      app.get('/understudy.proto', { config: { ...open, page: true }, schema: {} }, (_request, reply) =>
        reply.type('text/plain; charset=utf-8').send(protobuf()),
      );
    }

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
