export { type Clock, systemClock } from './clock.ts';
export {
  type Database,
  HOLDS_THE_LOG,
  type Migrations,
  type ScopeOptions,
  SHORT_READ,
  SYSTEM_SCOPE,
  type Tx,
} from './database.ts';
export {
  defineErrors,
  type ErrorCatalogue,
  type ErrorDefinition,
  type FieldProblem,
  isUnderstudyError,
  UnderstudyError,
} from './errors.ts';
export { lastVersionSeen, type ServerSentEvent, streamEvents } from './event-stream.ts';
export { actingFor, type Principal, type RouteConfig, type RoutePlugin, type RoutePolicy } from './http.ts';
export { idTime, isId, newId } from './ids.ts';
export { type Logger, silentLogger } from './logger.ts';
