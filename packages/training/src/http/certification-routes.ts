import type { Certificate } from '@understudy/decisions';
import type { RoutePlugin } from '@understudy/kernel';
import { type Certification as CertificationBody, PreviewQuery, Slug } from '@understudy/wire';
import { Type } from 'typebox';
import { type Certification, type CertificationStatus, pictureOf } from '../certification/certification.ts';
import type { DialPosition } from '../certification/dial.ts';

const TaskPath = Type.Object({ task: Slug });
const iso = (time: number) => new Date(time).toISOString();
const rounded = (value: number, digits = 6) => Number(value.toFixed(digits));

/** `evidence` of a certificate as callers read it. */
function presentEvidence(evidence: Certificate['evidence']) {
  const { labelled, accepted, errors, pValue, method, ...more } = evidence;
  return { labelled, accepted, errors, p_value: pValue, method, ...more };
}

/** A task's certification; without any certificate it says what is missing. */
export function presentCertification(status: CertificationStatus): CertificationBody {
  const { certificate, champion, task, inForce, scores } = status;
  const curve = scores === null ? [] : pictureOf(scores).map((point) => ({ ...point, error: rounded(point.error) }));
  if (certificate === null) {
    const reason =
      champion === null
        ? 'The task has no model yet. Import or label examples and train one; certification follows by itself.'
        : `Version ${champion.version} was never certified. Ask for it, or train a new version.`;
    return {
      status: 'not_certifiable_yet',
      in_force: false,
      threshold: null,
      max_error: task.budget.maxError,
      confidence: task.budget.confidence,
      evidence: { labelled: 0, accepted: 0, errors: 0, p_value: null, method: null },
      expected_coverage: null,
      needed: { labels: null, reason },
      certified_at: null,
      valid_for: null,
      certificate: null,
      rows_digest: null,
      score: null,
      assumptions: [],
      suspension: null,
      curve,
    };
  }
  return { ...presentCertificate(certificate), in_force: inForce, curve };
}

/** One certificate, of whatever version. */
export function presentCertificate(certificate: Certificate): Omit<CertificationBody, 'in_force' | 'curve'> {
  const { suspension } = certificate;
  return {
    // The latest word about a version is never a superseded one.
    status: certificate.status as CertificationBody['status'],
    threshold: certificate.threshold,
    max_error: certificate.maxError,
    confidence: certificate.confidence,
    evidence: presentEvidence(certificate.evidence),
    expected_coverage: certificate.expectedCoverage === null ? null : rounded(certificate.expectedCoverage),
    ...(certificate.needed === null ? {} : { needed: certificate.needed }),
    certified_at: iso(certificate.issuedAt),
    valid_for: { model_version: certificate.version, dataset: certificate.dataset },
    certificate: certificate.id,
    rows_digest: certificate.rowsDigest,
    score: certificate.score.kind,
    assumptions: [...certificate.assumptions],
    suspension: suspension === null ? null : { ...suspension, at: iso(suspension.at) },
  };
}

function presentPosition(position: DialPosition, currency: string) {
  const { maxError, confidence, status, threshold, coverage, error, needed, perMonth } = position;
  return {
    max_error: maxError,
    confidence,
    status,
    threshold,
    expected_coverage: rounded(coverage),
    expected_error: error === null ? null : rounded(error),
    ...(needed === null ? {} : { needed }),
    per_month:
      perMonth === null
        ? null
        : {
            decisions: perMonth.decisions,
            automated: rounded(perMonth.automated, 1),
            errors: rounded(perMonth.errors, 2),
            errors_at_most: rounded(perMonth.errorsAtMost, 2),
            reviewer_minutes: rounded(perMonth.reviewerMinutes, 1),
            audit_minutes: rounded(perMonth.auditMinutes, 1),
            cost: { amount: perMonth.cost.toFixed(2), currency },
          },
  };
}

/** `/v1/tasks/{task}/certification…`; `certified` is told of every new certificate, so that serving follows at once. */
export function certificationRoutes(
  certification: Certification,
  certified: (workspace: string, slug: string) => void,
): RoutePlugin {
  return (app) => {
    const read = { policy: { kind: 'scope', scope: 'training:read' } } as const;
    const write = { policy: { kind: 'scope', scope: 'training:write' } } as const;
    const response = { 200: { $ref: 'Certification#' } };

    app.get<{ Params: { task: string } }>(
      '/v1/tasks/:task/certification',
      { config: read, schema: { summary: 'What the model may decide alone, and why', params: TaskPath, response } },
      async (request) =>
        presentCertification(await certification.status(request.principal.workspace, request.params.task)),
    );

    app.post<{ Params: { task: string }; Body: object | undefined }>(
      '/v1/tasks/:task/certification',
      {
        config: { ...write, idempotency: 'stored' },
        schema: {
          summary: 'Certify the model in use again, on the labels as they stand',
          params: TaskPath,
          body: Type.Object({}, { additionalProperties: false }),
          response,
        },
        preValidation: async (request) => {
          request.body ??= {};
        },
      },
      async (request) => {
        const { principal, params, id } = request;
        await certification.certify(principal, params.task, id);
        certified(principal.workspace, params.task);
        return presentCertification(await certification.status(principal.workspace, params.task));
      },
    );

    app.get<{ Params: { task: string }; Querystring: { max_error?: number; confidence?: number } }>(
      '/v1/tasks/:task/certification/preview',
      {
        config: read,
        schema: {
          summary: 'What to expect of another error budget, before it is confirmed',
          params: TaskPath,
          querystring: PreviewQuery,
          response: { 200: { $ref: 'CertificationPreview#' } },
        },
      },
      async (request) => {
        const { workspace } = request.principal;
        const { max_error: maxError, confidence } = request.query;
        const preview = await certification.preview(workspace, request.params.task, { maxError, confidence });
        const present = (position: DialPosition) => presentPosition(position, preview.currency);
        return {
          present: present(preview.present),
          asked: preview.asked === null ? null : present(preview.asked),
          dial: preview.dial.map(present),
          decisions_last_30_days: preview.monthlyDecisions,
          model_version: preview.version,
        };
      },
    );
  };
}
