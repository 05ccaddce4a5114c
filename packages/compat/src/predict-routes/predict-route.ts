import { createHash } from 'node:crypto';
import type { PredictRouteRequest, PredictRoute as PredictRouteWire } from '@understudy/wire';

/** A route as it was set up, every default filled in. Stored as it stands. */
export interface PredictRouteDefinition {
  task: string;
  /** Behind `/compat/`. */
  path: string;
  request: PredictRouteRequest['request'];
  labels: Record<string, string | number | boolean | null>;
  response: unknown;
  review: { response: unknown; status: number };
  /** Absent = the bare array. */
  envelope?: unknown;
}

/** Somebody else's request and response shape over one task. */
export interface PredictRoute {
  workspace: string;
  id: string;
  name: string;
  definition: PredictRouteDefinition;
  /** Counts edits. */
  version: number;
  changedBy: string;
  /** ms since the epoch. */
  createdAt: number;
  updatedAt: number;
}

/** A strong ETag of the route as it stands. */
export function predictRouteEtag({ id, version }: PredictRoute): string {
  return `"${createHash('sha256').update(`${id}:${version}`).digest('base64url').slice(0, 22)}"`;
}

export function presentPredictRoute(route: PredictRoute): PredictRouteWire {
  const { task, path, request, labels, response, review, envelope } = route.definition;
  return {
    id: route.id,
    route: route.name,
    url: `/compat/${path}`,
    task,
    path,
    request,
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
    response,
    review,
    ...(envelope === undefined ? {} : { envelope }),
    created_at: new Date(route.createdAt).toISOString(),
    updated_at: new Date(route.updatedAt).toISOString(),
  };
}
