import type { RoutePolicy } from '@understudy/kernel';
import type { FastifyInstance, FastifySchema } from 'fastify';

/** One route as it was registered. */
export interface RouteFact {
  method: string;
  url: string;
  policy: RoutePolicy;
  idempotency: 'stored' | 'own' | undefined;
  schema: FastifySchema;
}

const factsOf = new WeakMap<object, RouteFact[]>();

/** Makes a route without a stated policy fail at boot (law 5), and remembers every route for the generated pages. */
export function requirePolicies(app: FastifyInstance): void {
  const facts: RouteFact[] = [];
  factsOf.set(app.server, facts);
  app.addHook('onRoute', (route) => {
    const policy = route.config?.policy;
    if (policy === undefined) {
      throw new Error(`the route ${String(route.method)} ${route.url} states no policy: the server does not start`);
    }
    if (route.config?.page === true) return;
    for (const method of [route.method].flat()) {
      facts.push({
        method,
        url: route.url,
        policy,
        idempotency: route.config?.idempotency,
        schema: route.schema ?? {},
      });
    }
  });
}

/** Every route of the application, in order of registration. */
export function routeFacts(app: FastifyInstance): readonly RouteFact[] {
  return factsOf.get(app.server) ?? [];
}
