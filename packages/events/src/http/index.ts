export { type WebhookRoutePorts, webhookRoutes } from './webhook-routes.ts';
