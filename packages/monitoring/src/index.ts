export { type Alert, type AlertKind, presentAlert } from './alert.ts';
export { Alerts } from './alerts.ts';
export {
  type AuditedErrorFigures,
  auditedError,
  type Estimated,
  type EstimateOptions,
  leastProbability,
} from './audited-error.ts';
export { Backlog, type BacklogPorts } from './backlog.ts';
export { type CorrectedErrorFigures, correctAuditedError } from './corrected-error.ts';
export { ErrorMonitor, type ErrorMonitorPorts } from './error-monitor.ts';
export { monitoringErrors } from './errors.ts';
export { type LabelFigures, labelQuality } from './label-quality.ts';
export type * from './ports.ts';
export { type OverviewReport, Quality, type QualityPorts, type QualityReport } from './quality.ts';
export { presentSummary, type Summary, summarise } from './summary.ts';
