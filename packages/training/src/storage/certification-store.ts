import type { ScoreFunction } from '@understudy/decisions';
import type { Database } from '@understudy/kernel';
import { sql } from 'kysely';
import type { CertificationStore, StoredScores } from '../certification/ports.ts';
import { decodeCertifyRows, decodeTuneRows, encodeCertifyRows, encodeTuneRows } from '../certification/scored-rows.ts';

interface ScoresRow {
  task_revision: number;
  dataset: string;
  rows_digest: string;
  score: ScoreFunction;
  by_time: boolean;
  scored_at: Date;
  tune: Buffer;
  certify: Buffer;
}

/** Scores of certify rows in PostgreSQL, a row a model version: 30 bytes a certify row, eight a row that it learnt from. */
export class PostgresCertificationStore implements CertificationStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async save(scores: StoredScores, seen: Float64Array | null): Promise<void> {
    const bytes = seen === null ? null : Buffer.from(seen.buffer, seen.byteOffset, seen.byteLength);
    await this.#database.inWorkspace(scores.workspace, (tx) =>
      sql`
        INSERT INTO training.certification_scores AS kept
          (workspace_id, task_id, model, version, task_revision, dataset, rows_digest, score, by_time, scored_at, tune,
           certify, seen)
        VALUES (${scores.workspace}, ${scores.taskId}, ${scores.model}, ${scores.version}, ${scores.taskRevision},
          ${scores.dataset}, ${scores.rowsDigest}, ${JSON.stringify(scores.score)}::jsonb, ${scores.byTime},
          ${new Date(scores.scoredAt).toISOString()}, ${encodeTuneRows(scores.tune)}, ${encodeCertifyRows(scores.rows)},
          ${bytes})
        ON CONFLICT (workspace_id, task_id, model, version) DO UPDATE SET
          task_revision = excluded.task_revision, dataset = excluded.dataset, rows_digest = excluded.rows_digest,
          score = excluded.score, by_time = excluded.by_time, scored_at = excluded.scored_at, tune = excluded.tune,
          certify = excluded.certify, seen = coalesce(excluded.seen, kept.seen)`.execute(tx),
    );
  }

  async find(workspace: string, taskId: string, model: string, version: string): Promise<StoredScores | null> {
    const { rows } = await this.#database.inWorkspace(workspace, (tx) =>
      sql<ScoresRow>`
        SELECT task_revision, dataset, rows_digest, score, by_time, scored_at, tune, certify
          FROM training.certification_scores
         WHERE workspace_id = ${workspace} AND task_id = ${taskId} AND model = ${model} AND version = ${version}`.execute(
        tx,
      ),
    );
    const row = rows[0];
    if (row === undefined) return null;
    return {
      workspace,
      taskId,
      model,
      version,
      taskRevision: row.task_revision,
      dataset: row.dataset,
      rowsDigest: row.rows_digest,
      score: row.score,
      byTime: row.by_time,
      scoredAt: row.scored_at.getTime(),
      tune: decodeTuneRows(row.tune),
      rows: decodeCertifyRows(row.certify),
    };
  }

  async seen(workspace: string, taskId: string, model: string, version: string): Promise<Float64Array | null> {
    const { rows } = await this.#database.inWorkspace(workspace, (tx) =>
      sql<{ seen: Buffer | null }>`
        SELECT seen FROM training.certification_scores
         WHERE workspace_id = ${workspace} AND task_id = ${taskId} AND model = ${model} AND version = ${version}`.execute(
        tx,
      ),
    );
    const bytes = rows[0]?.seen ?? null;
    // A copy: the driver's buffers are not aligned to eight bytes.
    return bytes === null ? null : new Float64Array(new Uint8Array(bytes).buffer);
  }
}
