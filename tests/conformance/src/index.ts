export type {
  Answer,
  Case,
  ClientSettings,
  ExpectedError,
  ExpectedRequest,
  HeaderRule,
  Result,
  Step,
  Topic,
  Webhook,
} from './case.ts';
export { CONTRACTS, loadTopics } from './case.ts';
export { ConformanceServer, type Verdict } from './conformance-server.ts';
export { type Method, methods } from './methods.ts';
