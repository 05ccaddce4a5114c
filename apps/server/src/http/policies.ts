import type { RoutePolicy } from '@understudy/kernel';
import type { FastifyInstance } from 'fastify';

export interface RouteFact {
  method: string;
  url: string;
  policy: RoutePolicy;
}

const factsOf = new WeakMap<object, RouteFact[]>();

/** Makes a route without a stated policy fail at boot (law 5), and remembers every route for the scope catalogue. */
export function requirePolicies(app: FastifyInstance): void {
  const facts: RouteFact[] = [];
  factsOf.set(app.server, facts);
  app.addHook('onRoute', (route) => {
    const policy = route.config?.policy;
    if (policy === undefined) {
      throw new Error(`the route ${String(route.method)} ${route.url} states no policy: the server does not start`);
    }
    for (const method of [route.method].flat()) facts.push({ method, url: route.url, policy });
  });
}

/** Every route of the application with its policy, in order of registration. */
export function routeFacts(app: FastifyInstance): readonly RouteFact[] {
  return factsOf.get(app.server) ?? [];
}
