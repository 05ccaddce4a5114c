import type { Tx } from '@understudy/kernel';
import { sql } from 'kysely';
import type { Certificate, CertificateStatus } from '../certificate.ts';
import type { CertificateStore } from '../ports.ts';

type Body = Omit<
  Certificate,
  'id' | 'workspace' | 'taskId' | 'model' | 'version' | 'status' | 'suspension' | 'issuedAt'
>;

interface CertificateRow {
  workspace_id: string;
  id: string;
  task_id: string;
  model: string;
  version: string;
  status: CertificateStatus;
  body: Body;
  suspension: Certificate['suspension'];
  issued_at: Date;
}

const toCertificate = (row: CertificateRow): Certificate => ({
  ...row.body,
  id: row.id,
  workspace: row.workspace_id,
  taskId: row.task_id,
  model: row.model,
  version: row.version,
  status: row.status,
  suspension: row.suspension,
  issuedAt: row.issued_at.getTime(),
});

/** Certificates in PostgreSQL: one that is not superseded a model version. */
export class PostgresCertificateStore implements CertificateStore {
  async insert(tx: Tx, certificate: Certificate): Promise<void> {
    const { id, workspace, taskId, model, version, status, suspension, issuedAt, ...body } = certificate;
    // Two that are issued at once: the later one waits here, and supersedes the earlier one.
    await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`certificate:${taskId}:${model}:${version}`}, 0))`.execute(
      tx,
    );
    await sql`
      UPDATE decisions.certificates SET status = 'superseded'
       WHERE task_id = ${taskId} AND model = ${model} AND version = ${version} AND status <> 'superseded'`.execute(tx);
    await sql`
      INSERT INTO decisions.certificates
        (workspace_id, id, task_id, model, version, status, body, suspension, issued_at)
      VALUES (${workspace}, ${id}, ${taskId}, ${model}, ${version}, ${status}, ${JSON.stringify(body)}::jsonb,
              ${suspension === null ? null : JSON.stringify(suspension)}::jsonb,
              ${new Date(issuedAt).toISOString()})`.execute(tx);
  }

  async find(tx: Tx, workspace: string, id: string): Promise<Certificate | null> {
    const { rows } = await sql<CertificateRow>`
      SELECT * FROM decisions.certificates WHERE workspace_id = ${workspace} AND id = ${id}`.execute(tx);
    return rows[0] === undefined ? null : toCertificate(rows[0]);
  }

  async current(
    tx: Tx,
    workspace: string,
    { taskId, model, version }: { taskId: string; model: string; version: string },
  ): Promise<Certificate | null> {
    const { rows } = await sql<CertificateRow>`
      SELECT * FROM decisions.certificates
       WHERE workspace_id = ${workspace} AND task_id = ${taskId} AND model = ${model} AND version = ${version}
         AND status <> 'superseded'`.execute(tx);
    return rows[0] === undefined ? null : toCertificate(rows[0]);
  }

  async list(tx: Tx, workspace: string, taskId: string, limit: number): Promise<Certificate[]> {
    const { rows } = await sql<CertificateRow>`
      SELECT * FROM decisions.certificates
       WHERE workspace_id = ${workspace} AND task_id = ${taskId} ORDER BY id DESC LIMIT ${limit}`.execute(tx);
    return rows.map(toCertificate);
  }

  async suspend(
    tx: Tx,
    workspace: string,
    id: string,
    suspension: { at: number; reason: string; evidence: Record<string, unknown> },
  ): Promise<boolean> {
    const { rows } = await sql`
      UPDATE decisions.certificates SET status = 'suspended', suspension = ${JSON.stringify(suspension)}::jsonb
       WHERE workspace_id = ${workspace} AND id = ${id} AND status = 'certified' RETURNING id`.execute(tx);
    return rows.length > 0;
  }
}
