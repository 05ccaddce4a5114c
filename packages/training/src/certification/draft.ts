import type { CertificateDraft } from '@understudy/decisions';
import type { Budget } from './budget.ts';
import type { SamplingRules } from './evidence-rows.ts';
import type { FittedCertificate } from './fit-certificate.ts';
import type { CertifiableTask, StoredScores } from './ports.ts';

const DAY = 86_400_000;

/** Which rows may certify at a moment: the task's window, and nothing from before a detected shift. */
export function samplingOf(task: CertifiableTask, now: number, shiftAt: number | null): SamplingRules {
  const window = task.windowDays === null ? null : now - task.windowDays * DAY;
  const since = shiftAt === null ? window : Math.max(shiftAt, window ?? 0);
  return { imports: task.imports, since, sinceShift: shiftAt !== null };
}

/** The certificate that a fit comes to. */
export function draftOf(
  task: CertifiableTask,
  scores: StoredScores,
  budget: Budget,
  fitted: FittedCertificate,
  sampling: SamplingRules,
): CertificateDraft {
  const { evidence } = fitted;
  return {
    workspace: scores.workspace,
    taskId: task.id,
    taskRevision: scores.taskRevision,
    model: scores.model,
    version: scores.version,
    dataset: scores.dataset,
    rowsDigest: scores.rowsDigest,
    maxError: budget.maxError,
    confidence: budget.confidence,
    status: fitted.status,
    threshold: fitted.threshold,
    score: scores.score,
    evidence: {
      labelled: evidence.labelled,
      accepted: evidence.accepted,
      errors: evidence.errors,
      pValue: evidence.pValue,
      method: fitted.method,
      thresholds_tested: evidence.tested,
      error_estimate: fitted.error,
      left_out: {
        unknown_probability: fitted.left.unknownProbability,
        too_old: fitted.left.tooOld,
        same_group: fitted.left.sameGroup,
      },
    },
    expectedCoverage: fitted.coverage,
    needed: fitted.needed,
    assumptions: assumptionsOf(scores, fitted, sampling),
  };
}

function assumptionsOf(scores: StoredScores, fitted: FittedCertificate, sampling: SamplingRules): string[] {
  const imports = scores.rows.some(({ source, probability }) => source === 'import' && probability === null);
  const said = [
    'The decisions to come are like the rows that certify: the same kind of items, labelled by the same rules.',
  ];
  if (imports && sampling.imports === 'random_sample') {
    said.push('Imported examples are a random sample of what is decided: the task says so (certification.imports).');
  }
  if (scores.byTime) said.push('The rows are the newest of those that are dated; nothing older certifies.');
  if (fitted.left.sameGroup > 0) {
    said.push(
      `Rows of one subject or of nearly one text count once (${fitted.left.sameGroup} more of these were left out).`,
    );
  }
  if (fitted.method !== 'ltt_binomial') {
    said.push(
      `Labels from operation weigh by the probability with which each was asked for, at least ${fitted.minProbability}.`,
    );
  }
  if (sampling.since !== null) {
    const why = sampling.sinceShift ? 'the last suspension' : 'the task’s window';
    said.push(`No row from before ${new Date(sampling.since).toISOString()} certifies (${why}).`);
  }
  said.push('The labels of these rows are right.');
  return said;
}
