import type { Readable } from 'node:stream';
import underPressure from '@fastify/under-pressure';
import { compatCallRoutes, openAiRoutes, openAiSettingsRoutes, predictRouteRoutes } from '@understudy/compat/http';
import { predictionRoutes, protobufSchema, taskRoutes } from '@understudy/decisions/http';
import { webhookRoutes } from '@understudy/events/http';
import { identityRoutes, memberRoutes, quotaRoutes, sessionRoutes } from '@understudy/identity/http';
import { deadLetterRoutes, eventIntakeRoutes, jobRoutes, sourceRoutes, trailRoutes } from '@understudy/jobs/http';
import type { Clock } from '@understudy/kernel';
import { lakeRoutes } from '@understudy/lake/http';
import { eventRoutes, ledgerRoutes } from '@understudy/ledger/http';
import { monitoringRoutes } from '@understudy/monitoring/http';
import { registryRoutes } from '@understudy/registry/http';
import { reviewRoutes } from '@understudy/review/http';
import { certificationRoutes, presentCertificate, retrainingRoutes, trainingRoutes } from '@understudy/training/http';
import { replayRoutes, valueRoutes } from '@understudy/value/http';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Rooms } from '../composition/rooms.ts';
import type { Config } from '../config.ts';
import { parseIdempotencyKey } from '../idempotency/key.ts';
import { storeResponses } from '../idempotency/stored-responses.ts';
import type { Metrics } from '../observability/metrics.ts';
import { observeRequests } from '../observability/observe.ts';
import { createApp, keepBodyHash } from './app.ts';
import { enforcePolicies } from './authenticate.ts';
import { backupRoutes } from './backup-routes.ts';
import { type DashboardFiles, serveDashboard } from './dashboard.ts';
import { httpErrors } from './errors.ts';
import { type GatewayLoad, LoadGate } from './load-gate.ts';
import { metaRoutes, type Readiness } from './meta-routes.ts';
import { openApiDocument } from './openapi.ts';

export interface BuildOptions {
  config: Pick<Config, 'maxBodyBytes' | 'leastConcurrency'>;
  rooms: Rooms;
  clock: Clock;
  logger: FastifyBaseLogger;
  metrics: Metrics;
  readiness: Readiness;
  /** Everything that the server keeps, as a stream. */
  backup: () => Readable;
  /** Absent: no pages, only the API. */
  dashboard?: DashboardFiles | undefined;
  /** Told of what knows how busy the gateway is, for whoever stands back behind it. */
  gated?: (load: GatewayLoad) => void;
}

/** The event loop is late by this much: answering anything would be late, so new work is turned away cheaply. */
const MAX_LOOP_DELAY_MS = 3000;
const PRESSURE_SAMPLE_MS = 500;

/** The whole HTTP edge: hooks in their order, then every room's routes. */
export async function buildApp(options: BuildOptions): Promise<FastifyInstance> {
  const { rooms, metrics, clock } = options;
  const app = createApp({ logger: options.logger, clock, maxBodyBytes: options.config.maxBodyBytes });
  observeRequests(app, metrics);
  // The first samples measure the start itself, in which the loop stood still with nobody waiting.
  let settledAt = Number.POSITIVE_INFINITY;
  app.addHook('onListen', async () => {
    settledAt = performance.now() + 2 * PRESSURE_SAMPLE_MS;
  });
  await app.register(underPressure, {
    maxEventLoopDelay: MAX_LOOP_DELAY_MS,
    sampleInterval: PRESSURE_SAMPLE_MS,
    pressureHandler: (request: FastifyRequest, _reply: FastifyReply, _type: string, delay?: number) => {
      // Infinite = a sample without a measurement, which two stalls of half a second in a row already make.
      if (delay === Number.POSITIVE_INFINITY) return;
      // Health must keep answering: a restart does not help against load.
      if (request.routeOptions.config.policy?.kind === 'public' || performance.now() < settledAt) return;
      throw httpErrors.overloaded('the server has more to do than it can keep up with', { retryAfterSeconds: 2 });
    },
  });
  const { identityRoom } = rooms;
  const gate = new LoadGate({
    leastConcurrency: options.config.leastConcurrency,
    tenantOf: (request) => identityRoom.workspaceOf(request),
    metrics,
    logger: options.logger,
  });
  gate.enter(app);
  options.gated?.(gate);
  enforcePolicies(app, {
    authenticator: identityRoom.authenticator,
    sessions: identityRoom.sessionAuthenticator,
    cookie: identityRoom.sessionCookie,
    limiter: identityRoom.limiter,
  });
  gate.charge(app);
  storeResponses(app, { store: rooms.idempotency, clock });

  const idempotencyOf = (request: FastifyRequest) => {
    const key = parseIdempotencyKey(request.headers['idempotency-key']);
    if (key === undefined || request.bodyHash === null) return undefined;
    // The path, not its template: a key must not answer for another task.
    return { key: `${request.url} ${key}`, requestHash: request.bodyHash };
  };
  const doors = {
    traceOf: (request: FastifyRequest) => request.traceId,
    idempotencyOf,
    keepBodyHash,
  };
  let document: string | undefined;
  let schema: string | undefined;
  const plugins = [
    metaRoutes({
      readiness: options.readiness,
      metrics,
      openapi: () => {
        document ??= JSON.stringify(openApiDocument(app));
        return document;
      },
      protobuf: () => {
        schema ??= protobufSchema();
        return schema;
      },
    }),
    identityRoutes(identityRoom.identity, identityRoom.forgetKey),
    quotaRoutes(identityRoom.quotas),
    memberRoutes(identityRoom.members, identityRoom.sessions),
    sessionRoutes({
      identity: identityRoom.identity,
      sessions: identityRoom.sessions,
      authenticator: identityRoom.sessionAuthenticator,
      keys: identityRoom.authenticator,
      cookie: identityRoom.sessionCookie,
      attempts: identityRoom.signInAttempts,
    }),
    taskRoutes(rooms.tasks, async (workspace, slug) => {
      rooms.reviewRoom.forget(workspace, slug);
      // Another budget has its own threshold: fitted at once, so that automation goes on without a gap.
      await rooms.certification.afterEdit(workspace, slug);
      rooms.plans.forget(workspace, slug);
    }),
    lakeRoutes({ examples: rooms.examples, datasets: rooms.datasets }),
    trainingRoutes(rooms.runs, clock),
    certificationRoutes(rooms.certification, (workspace, slug) => rooms.plans.forget(workspace, slug)),
    retrainingRoutes(rooms.retraining, clock),
    // A promoted model loads while the one before it still answers.
    registryRoutes(
      rooms.registry,
      async (workspace, model) => {
        await rooms.certification.afterEdit(workspace, model);
        rooms.plans.renew(workspace, model);
      },
      async (workspace, taskId, version) => {
        const certificate = await rooms.certificates.current(workspace, taskId, version.model, version.version);
        return certificate === null ? null : presentCertificate(certificate);
      },
    ),
    predictionRoutes({ decide: rooms.decide, ...doors }),
    jobRoutes({ jobs: rooms.jobRoom.jobs, clock, traceOf: (request) => request.traceId, idempotencyOf }),
    deadLetterRoutes(rooms.deadLetters),
    sourceRoutes(rooms.sourceRoom.sources),
    eventIntakeRoutes(rooms.sourceRoom.intake),
    openAiRoutes(rooms.compatRoom.door, doors),
    openAiSettingsRoutes(rooms.compatRoom.settings),
    predictRouteRoutes(rooms.compatRoom.routes),
    compatCallRoutes(rooms.compatRoom.routes, doors),
    trailRoutes(rooms.trail),
    ledgerRoutes(rooms.ledgerRoom),
    eventRoutes(rooms.events),
    reviewRoutes(rooms.reviewRoom),
    monitoringRoutes(rooms.monitoringRoom),
    webhookRoutes(rooms.webhooksRoom),
    valueRoutes(rooms.value),
    backupRoutes(options.backup),
    replayRoutes(rooms.replays, () => clock.now()),
  ];
  for (const plugin of plugins) {
    app.register(async (scope) => plugin(scope));
  }
  if (options.dashboard !== undefined) serveDashboard(app, options.dashboard);
  return app;
}
