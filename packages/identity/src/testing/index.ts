export { RecordingAuditTrail } from './recording-audit-trail.ts';
