import type { RoutePlugin } from '@understudy/kernel';
import type { Datasets } from '../datasets.ts';
import type { Examples } from '../examples.ts';
import { datasetRoutes } from './dataset-routes.ts';
import { exampleRoutes } from './example-routes.ts';
import { importRoute } from './import-route.ts';

/** `/v1/tasks/{task}/examples…` and `/v1/tasks/{task}/datasets…`. */
export function lakeRoutes(ports: { examples: Examples; datasets: Datasets }): RoutePlugin {
  return (app) => {
    importRoute(app, ports.examples);
    exampleRoutes(app, ports.examples);
    datasetRoutes(app, ports.datasets);
  };
}
