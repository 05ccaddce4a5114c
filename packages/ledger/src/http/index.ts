export { eventRoutes } from './event-routes.ts';
export { type LedgerRoutePorts, ledgerRoutes } from './ledger-routes.ts';
