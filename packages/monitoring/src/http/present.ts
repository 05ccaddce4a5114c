import type { Overview, Quality } from '@understudy/wire';
import type { OverviewPointFigures, OverviewReport, OverviewTaskFigures, QualityReport } from '../quality.ts';
import { presentSummary } from '../summary.ts';

const iso = (at: number) => new Date(at).toISOString();

const METHOD = `Automated decisions: those that the audit lane drew with the probability recorded in their ledger row and that a person \
labelled without seeing the answer, weighted by 1/π within their stratum. Decisions left to a person: the person’s label \
against the model’s suggestion. Precision, recall and F1 combine both. “anytime” intervals hold however often they are \
looked at; “fixed” ones for one look (equal π: Clopper–Pearson; unequal: betting). Decisions count in the hour in which they \
were made; windows are whole hours, UTC (whole minutes or ten seconds where asked by these).`;

function presentTotal({ total, corrected }: QualityReport): Quality['total'] {
  const summary = presentSummary(total);
  if (corrected === null) return { ...summary, audited_error: { ...summary.audited_error, corrected } };
  const { reviewerError, basedOn, ...interval } = corrected;
  return {
    ...summary,
    audited_error: {
      ...summary.audited_error,
      corrected: { ...interval, reviewer_error: reviewerError, based_on: basedOn },
    },
  };
}

export function presentQuality(report: QualityReport): Quality {
  const { task, options, labels } = report;
  return {
    task: task.slug,
    from: iso(report.from),
    to: iso(report.to),
    interval: options.interval,
    confidence: options.confidence,
    error_budget: { max_error: task.maxError, confidence: task.confidence },
    total: presentTotal(report),
    by: report.by,
    groups: report.groups.map((group) => ({
      key: group.key,
      from: iso(group.from),
      to: iso(group.to),
      ...presentSummary(group),
    })),
    labels: labels.map(({ label, precision, recall, f1, automatedPrecision, answered, automated, known }) => ({
      label,
      precision,
      recall,
      f1,
      automated_precision: automatedPrecision,
      answered,
      automated,
      known,
    })),
    confusion: report.confusion,
    confidence_distribution: report.confidence,
    latency_ms: report.latency,
    throughput_per_hour: report.throughputPerHour,
    labels_by_source: report.labelsBySource,
    seconds: report.seconds,
    evidence: { ledger_size: report.ledgerSize },
    method: METHOD,
  };
}

const presentPoint = (point: OverviewPointFigures) => ({
  from: iso(point.from),
  to: iso(point.to),
  ...presentSummary(point),
});

function presentTask({ task, withinBudget, queue, openAlerts, total, series }: OverviewTaskFigures) {
  const { certificate } = task;
  return {
    task: task.slug,
    title: task.title,
    error_budget: { max_error: task.maxError, confidence: task.confidence },
    within_budget: withinBudget,
    certificate:
      certificate === null
        ? null
        : {
            id: certificate.id,
            status: certificate.status,
            model_version: certificate.version,
            at: iso(certificate.at),
          },
    queue,
    open_alerts: openAlerts,
    total: presentSummary(total),
    series: series.map(presentPoint),
  };
}

export function presentOverview(report: OverviewReport): Overview {
  return {
    from: iso(report.from),
    to: iso(report.to),
    bucket: report.bucket,
    interval: report.options.interval,
    confidence: report.options.confidence,
    total: presentSummary(report.total),
    queue: report.queue,
    open_alerts: report.openAlerts,
    series: report.series.map(presentPoint),
    tasks: report.tasks.map(presentTask),
    evidence: { ledger_size: report.ledgerSize },
    method: METHOD,
  };
}
