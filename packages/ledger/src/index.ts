export { canonicalJson } from './canonical.ts';
export { toCloudEvents } from './cloud-events.ts';
export { DecisionHistory, type DecisionHistoryOptions, type NewLabel } from './decision-history.ts';
export {
  type RecordedDecision,
  type RecordedEvent,
  type RecordedLabel,
  viewDecision,
  viewEvent,
  viewLabel,
} from './decision-view.ts';
export { type EchoEvidence, type EchoStore, echoWatch, isEcho, NO_EVIDENCE, stepEcho } from './echo.ts';
export * from './entry.ts';
export { ledgerErrors } from './errors.ts';
export { EventLog } from './event-log.ts';
export { eventEntries, LedgerEventSink } from './event-sink.ts';
export { type FeedConsumer, type FeedCursors, type FeedEntry, LedgerFeed } from './feed.ts';
export type { Committed, GroupLimits, GroupStatistics, Receipt, Replayed } from './group-commit.ts';
export { Ledger, type LedgerOptions } from './ledger.ts';
export { verifyConsistency } from './log-tree.ts';
export type * from './ports.ts';
export { type ConsistencyProof, type DecisionProof, proveConsistency, proveDecision, verifyProof } from './proof.ts';
export type * from './record-reader.ts';
export { bucketEnd, bucketStart, FINE_READABLE_MS, isFine, wholeWindow } from './rollup/buckets.ts';
export * from './rollup/figures.ts';
export { LedgerFigures } from './rollup/ledger-figures.ts';
export { Rollup } from './rollup/rollup.ts';
export type { AuditDraw, RollupDelta, RollupStorage, RollupSum } from './rollup/rollup-ports.ts';
export { type SealedEntry, seal } from './seal.ts';
export { authority, labelsConflict, truthOf } from './truth.ts';
export type { Damage, DamageKind, TrustedHead, VerificationReport } from './verification/damage.ts';
export { exportLedger, verifyExport } from './verification/export.ts';
export { type VerifyOptions, verifyLedger } from './verification/verify-ledger.ts';
