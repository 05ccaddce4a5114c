import type { EventSink } from '@understudy/events';
import { actingFor, type Clock, type Database, newId, SHORT_READ, type Tx } from '@understudy/kernel';
import type { Certificate } from './certificate.ts';
import type { AuditTrail, CertificateStore } from './ports.ts';

export type CertificateDraft = Omit<Certificate, 'id' | 'issuedAt' | 'suspension'> & {
  status: 'certified' | 'not_certifiable_yet';
};

/** Issuing, finding and suspending certificates. Each is written once; a newer one supersedes it. */
export class Certificates {
  readonly #database: Database;
  readonly #store: CertificateStore;
  readonly #audit: AuditTrail;
  readonly #clock: Clock;
  readonly #events: EventSink;

  constructor(ports: {
    database: Database;
    store: CertificateStore;
    audit: AuditTrail;
    clock: Clock;
    events: EventSink;
  }) {
    this.#database = ports.database;
    this.#store = ports.store;
    this.#audit = ports.audit;
    this.#clock = ports.clock;
    this.#events = ports.events;
  }

  /** Writes a certificate (or that none could be given) and supersedes the one before it of this model version. */
  async issue(draft: CertificateDraft, by: { id: string; requestId: string }): Promise<Certificate> {
    const issuedAt = this.#clock.now();
    const certificate: Certificate = { ...draft, id: newId('crt', issuedAt), issuedAt, suspension: null };
    await this.#database.inWorkspace(draft.workspace, async (tx) => {
      await this.#store.insert(tx, certificate);
      await this.#audit.record(tx, {
        principal: actingFor(draft.workspace, by.id),
        action: draft.status === 'certified' ? 'certificate.issued' : 'certificate.refused',
        resource: certificate.id,
        requestId: by.requestId,
        details: {
          model: draft.model,
          version: draft.version,
          max_error: draft.maxError,
          confidence: draft.confidence,
          threshold: draft.threshold,
        },
      });
      if (draft.status === 'certified') {
        await this.#events.record(tx, draft.workspace, [{ ...eventOf(certificate), type: 'certificate.issued' }]);
      }
    });
    return certificate;
  }

  /** The latest word about a model version: certified, suspended, or not certifiable yet. Null when never asked. */
  current(workspace: string, taskId: string, model: string, version: string): Promise<Certificate | null> {
    const read = (tx: Tx) => this.#store.current(tx, workspace, { taskId, model, version });
    return this.#database.inWorkspace(workspace, read, SHORT_READ);
  }

  /** Throws nothing when it is not there: null. */
  find(workspace: string, id: string): Promise<Certificate | null> {
    return this.#database.inWorkspace(workspace, (tx) => this.#store.find(tx, workspace, id));
  }

  /** Newest first, of all versions of the task’s model. */
  history(workspace: string, taskId: string, limit: number): Promise<Certificate[]> {
    return this.#database.inWorkspace(workspace, (tx) => this.#store.list(tx, workspace, taskId, limit));
  }

  /**
   * Takes a certificate out of force, in the transaction that found the evidence. Serving follows within two seconds.
   * False when it was not in force any more.
   */
  async suspendIn(
    tx: Tx,
    workspace: string,
    id: string,
    suspension: { reason: string; evidence: Record<string, unknown> },
  ): Promise<boolean> {
    const changed = await this.#store.suspend(tx, workspace, id, { at: this.#clock.now(), ...suspension });
    if (changed) {
      await this.#audit.record(tx, {
        principal: actingFor(workspace, 'monitor'),
        action: 'certificate.suspended',
        resource: id,
        requestId: '',
        details: { reason: suspension.reason },
      });
      const certificate = await this.#store.find(tx, workspace, id);
      if (certificate !== null) {
        const { subject, data } = eventOf(certificate);
        const event = { type: 'certificate.suspended' as const, subject, data: { ...data, reason: suspension.reason } };
        await this.#events.record(tx, workspace, [event]);
      }
    }
    return changed;
  }

  suspend(
    workspace: string,
    id: string,
    suspension: { reason: string; evidence: Record<string, unknown> },
  ): Promise<boolean> {
    return this.#database.inWorkspace(workspace, (tx) => this.suspendIn(tx, workspace, id, suspension));
  }
}

function eventOf(certificate: Certificate) {
  const { id, taskId, model, version, maxError, confidence, threshold, expectedCoverage } = certificate;
  return {
    subject: id,
    data: {
      ...{ certificate: id, task_id: taskId, model, version, threshold, confidence },
      ...{ max_error: maxError, expected_coverage: expectedCoverage },
    },
  };
}
