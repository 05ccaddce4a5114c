export { type LedgerRoutePorts, ledgerRoutes } from './ledger-routes.ts';
