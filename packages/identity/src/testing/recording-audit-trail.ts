import type { Tx } from '@understudy/kernel';
import type { AuditRecord, AuditTrail } from '../ports.ts';

/** Keeps what is recorded, for the tests of rooms that are given an audit trail. Knows of no rollback. */
export class RecordingAuditTrail implements AuditTrail {
  readonly entries: AuditRecord[] = [];

  async record(_tx: Tx, entry: AuditRecord): Promise<void> {
    this.entries.push(entry);
  }
}
