import type { FastifyInstance } from 'fastify';
import { observeRequests } from '../observability/observe.ts';
import { createApp } from './app.ts';
import { enforcePolicies } from './authenticate.ts';
import type { BuildOptions } from './build-app.ts';
import { httpErrors } from './errors.ts';
import { metaRoutes } from './meta-routes.ts';

/**
 * The edge of a process that is no gateway: health, version and metrics. Everything else answers 421 (RFC 9110,
 * 15.5.20): a 404 would say that the resource does not exist, and somebody might believe it.
 */
export async function buildInnerApp(options: Omit<BuildOptions, 'backup'>): Promise<FastifyInstance> {
  const { rooms, metrics, clock, logger, readiness } = options;
  const app = createApp({
    logger,
    clock,
    maxBodyBytes: options.config.maxBodyBytes,
    noRoute: () => httpErrors.not_a_gateway('this process serves health, version and metrics; ask a gateway'),
  });
  observeRequests(app, metrics);
  const { authenticator, sessionAuthenticator: sessions, sessionCookie: cookie, limiter } = rooms.identityRoom;
  enforcePolicies(app, { authenticator, sessions, cookie, limiter });
  app.register(async (scope) => metaRoutes({ readiness, metrics })(scope));
  return app;
}
