export { hostileTokens } from './hostile-tokens.ts';
export { RecordingAuditTrail } from './recording-audit-trail.ts';
