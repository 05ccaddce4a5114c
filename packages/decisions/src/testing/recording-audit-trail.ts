import type { AuditTrail } from '../ports.ts';

/** Remembers what was recorded. */
export class RecordingAuditTrail implements AuditTrail {
  readonly entries: { action: string; resource: string; details: Record<string, unknown> }[] = [];

  async record(_tx: unknown, entry: { action: string; resource: string; details: Record<string, unknown> }) {
    this.entries.push(entry);
  }
}
