import type { RoutePolicy } from '@understudy/kernel';
import type { LoadClass } from './admission.ts';

/** What waits for nothing but a decision; by method and the route's template. */
const DECIDES = new Set([
  'POST /v1/predict/:task',
  'POST /v1/predict/:task/batch',
  // Accepting is what keeps an application's own queue short; the work itself waits in ours.
  'POST /v1/jobs',
  'POST /v1/events',
  'POST /openai/v1/moderations',
  'POST /compat/:first',
  'POST /compat/:first/:second',
  'POST /compat/:first/:second/:third',
]);
/** Whose times are alike, so that the limit can be learnt from them. */
const MEASURED = 'POST /v1/predict/:task';
/** What takes long by its nature, or stays open. */
const BULK = new Set([
  'POST /v1/tasks/:task/examples',
  'POST /v1/tasks/:task/datasets',
  'GET /v1/tasks/:task/datasets/:dataset/data',
  'GET /v1/tasks/:task/datasets/:dataset/diff',
  'GET /v1/backup',
  'GET /v1/ledger/export',
  'GET /v1/ledger/verify',
  'GET /v1/value/export',
  'GET /v1/training-runs/:id/events',
  'GET /v1/jobs/:id/events',
  'GET /v1/events',
]);

/** How a route stands under load; null = it is always let in: health, metrics, pages. */
export interface RouteLoad {
  load: LoadClass;
  measured: boolean;
}

/** Every template that is named above, so that a test can hold them against the routes that exist. */
export const namedRoutes: readonly string[] = [...DECIDES, ...BULK];

export function loadOf(method: string, template: string, policy: RoutePolicy | undefined): RouteLoad | null {
  if (policy === undefined || policy.kind === 'public' || template === '/metrics') return null;
  const route = `${method} ${template}`;
  const load = DECIDES.has(route) ? 'decide' : BULK.has(route) ? 'bulk' : 'ordinary';
  return { load, measured: route === MEASURED };
}
