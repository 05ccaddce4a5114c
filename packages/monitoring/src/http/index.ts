export { type MonitoringRoutePorts, monitoringRoutes } from './monitoring-routes.ts';
