export { memberRoutes } from './member-routes.ts';
export { signInPath } from './present.ts';
export { quotaRoutes } from './quota-routes.ts';
export { assertFromPage } from './request-origin.ts';
export { identityRoutes } from './routes.ts';
export { SessionCookie } from './session-cookie.ts';
export { type SessionRoutePorts, sessionRoutes } from './session-routes.ts';
