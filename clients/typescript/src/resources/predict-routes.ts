import type { PredictRoute, PredictRouteRequest } from '../generated/api.ts';
import { List, type PageOptions } from '../pagination.ts';
import type { CallOptions, Transport } from '../transport.ts';

export interface PutPredictRouteOptions extends CallOptions {
  /** Only when the route is as this ETag says; else {@link StaleVersion}. */
  ifMatch?: string;
  /** Only when the route does not exist; else {@link StaleVersion}. */
  createOnly?: boolean;
}

const pathOf = (route: string) => `/v1/predict-routes/${encodeURIComponent(route)}`;

/** Somebody else's request and response shape over a task, answered under `/compat/`. */
export class PredictRoutes {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Creates or replaces; every gateway goes by it within a second. */
  put(route: string, definition: PredictRouteRequest, options: PutPredictRouteOptions = {}): Promise<PredictRoute> {
    const headers: Record<string, string> = {
      ...(options.ifMatch === undefined ? {} : { 'if-match': options.ifMatch }),
      ...(options.createOnly === true ? { 'if-none-match': '*' } : {}),
    };
    return this.#transport.json({ ...options, method: 'PUT', path: pathOf(route), json: definition, headers });
  }

  get(route: string, options: CallOptions = {}): Promise<PredictRoute> {
    return this.#transport.json({ ...options, method: 'GET', path: pathOf(route) });
  }

  /** The route and its ETag, for an edit that must not overwrite somebody else's. */
  async getWithEtag(route: string, options: CallOptions = {}): Promise<{ route: PredictRoute; etag: string }> {
    const call = { ...options, method: 'GET', path: pathOf(route) } as const;
    const { body, etag } = await this.#transport.jsonWithEtag<PredictRoute>(call);
    return { route: body, etag };
  }

  list(options: PageOptions = {}): List<PredictRoute> {
    const { limit, cursor: start, ...call } = options;
    return new List(
      (cursor) =>
        this.#transport.json({ ...call, method: 'GET', path: '/v1/predict-routes', query: { limit, cursor } }),
      start,
    );
  }

  /** What was decided stays decided. */
  delete(route: string, options: CallOptions & { ifMatch?: string } = {}): Promise<void> {
    const headers: Record<string, string> = options.ifMatch === undefined ? {} : { 'if-match': options.ifMatch };
    return this.#transport.json({ ...options, method: 'DELETE', path: pathOf(route), headers });
  }
}
