export * from './audit-lane.ts';
export * from './certificate.ts';
export * from './certificates.ts';
export { type Cost, costOf } from './cost.ts';
export {
  type Answer,
  type CallContext,
  Decide,
  type IdempotentCall,
  type PreparedDecision,
  reviewItemOf,
} from './decide.ts';
export { decisionsErrors } from './errors.ts';
export { checkItem, checkItems } from './item-check.ts';
export { type Candidate, type Outcome, type ReviewReason, rank, settle, toPerson } from './outcome.ts';
export { LivePlans } from './plan.ts';
export type {
  AuditKeys,
  AuditTrail,
  CertificateStore,
  DecisionLedger,
  DecisionRecord,
  LivePlan,
  ModelAnswer,
  PlanSource,
  Predictor,
  ServingVersion,
  TaskEdit,
  TaskStore,
} from './ports.ts';
export { type AnswerShape, type ScoreFunction, scoreOf, shapeOf } from './score.ts';
export { etagOf, presentTask, type Task, withDefaults } from './task.ts';
export { type Preconditions, Tasks } from './tasks.ts';
