import { protobufSchema } from '@understudy/decisions/http';
import { systemClock } from '@understudy/kernel';
import { pino } from 'pino';
import type { Rooms } from './composition/rooms.ts';
import { buildApp } from './http/build-app.ts';
import { errorCatalogues } from './http/error-catalogue.ts';
import { openApiDocument } from './http/openapi.ts';
import { type RouteFact, routeFacts } from './http/policies.ts';
import { statusOf } from './http/status.ts';
import { Metrics } from './observability/metrics.ts';

export interface ApiDescription {
  openapi: Record<string, unknown>;
  /** The text of understudy.proto. */
  protobuf: string;
  routes: readonly RouteFact[];
  /** Every code once, with its status and the room that owns it. */
  errors: { room: string; code: string; status: number; title: string; description: string; retryable: boolean }[];
}

/** The whole HTTP surface as data, without a database: what the generated pages are printed from. */
export async function describeApi(): Promise<ApiDescription> {
  // Registering a route only takes its rooms by reference; no request is ever served here.
  const nothing: unknown = new Proxy(() => nothing, { get: () => nothing });
  const app = await buildApp({
    config: { maxBodyBytes: 1, leastConcurrency: 1 },
    rooms: nothing as Rooms,
    clock: systemClock,
    logger: pino({ level: 'silent' }),
    metrics: new Metrics(),
    backup: () => nothing as never,
    readiness: { check: () => Promise.resolve([]), duty: () => ({ roles: [], scheduler: null }) },
  });
  await app.ready();
  const seen = new Set<string>();
  const errors = errorCatalogues.flatMap(({ room, catalogue }) =>
    Object.entries(catalogue).flatMap(([code, definition]) => {
      if (seen.has(code)) return [];
      seen.add(code);
      return [{ room, code, status: statusOf[code] ?? 500, ...definition }];
    }),
  );
  const description = {
    openapi: openApiDocument(app),
    protobuf: protobufSchema(),
    routes: [...routeFacts(app)],
    errors,
  };
  await app.close();
  return description;
}
