import type { ValueFigures, ValueReport } from '@understudy/wire';
import { CONFIDENCE } from '../error-rate.ts';
import { ERROR_METHOD, METHOD } from '../method.ts';
import { type Billionths, formatMoney } from '../money.ts';
import type { PricedTask } from '../ports.ts';
import type { Report, ReportFigures } from '../report.ts';

const money = (amount: Billionths | null) => (amount === null ? null : formatMoney(amount));
const share = (part: number, whole: number) => (whole === 0 ? null : down(part / whole));

/** Shares are cut to six places, never rounded in our favour: savings and automation down, errors up. */
const down = (value: number | null) => (value === null ? null : Math.floor(value * 1e6 + 1e-6) / 1e6);
const up = (value: number | null) => (value === null ? null : Math.ceil(value * 1e6 - 1e-6) / 1e6);
const minutes = (value: number) => Math.round(value * 1e4) / 1e4;
const iso = (at: number) => new Date(at).toISOString();

export function presentFigures({ counts, minutes: spent, error, money: costs }: ReportFigures): ValueFigures {
  return {
    decisions: counts.decisions,
    automated: counts.automated,
    automation_rate: share(counts.automated, counts.decisions),
    human_touch_rate: share(counts.review + counts.audited, counts.decisions),
    currency: costs.currency,
    error_rate: {
      estimate: up(error.estimate),
      low: down(error.low),
      high: up(error.high),
      audited: error.audited,
      wrong: error.wrong,
      confidence: CONFIDENCE,
      method: ERROR_METHOD,
      note: error.note,
    },
    cost: {
      model: money(costs.model),
      api: money(costs.api),
      reviewer: money(costs.reviewer),
      reviewer_minutes: minutes(spent.reviewer),
      audit: money(costs.audit),
      audit_minutes: minutes(spent.audit),
      infrastructure: money(costs.infrastructure),
      errors: money(costs.errors),
      total: money(costs.total),
    },
    work: {
      verdicts: counts.verdicts,
      verdicts_without_time: counts.untimed,
      waiting: counts.waiting,
      by_hand: counts.byHand,
      audit_verdicts: counts.auditVerdicts,
      audit_verdicts_without_time: counts.auditUntimed,
    },
    baseline: { minutes: minutes(spent.baseline), cost: money(costs.baseline) },
    savings: {
      amount: money(costs.savings.amount),
      rate: down(costs.rate.estimate),
      low: down(costs.rate.low),
      high: down(costs.rate.high),
      amount_low: money(costs.savings.low),
      amount_high: money(costs.savings.high),
      note: costs.note,
    },
  };
}

export function presentEconomics({ economics }: PricedTask) {
  return {
    currency: economics.currency,
    minutes_per_item: economics.minutesPerItem,
    cost_per_hour: economics.costPerHour,
    cost_of_error: economics.costOfError,
    infrastructure_per_month: economics.infrastructurePerMonth,
  };
}

/** A report as `GET /v1/value` answers it. */
export function presentReport(report: Report): ValueReport {
  const { evidence } = report;
  return {
    task: report.task,
    from: iso(report.window.from),
    to: iso(report.window.to),
    bucket: report.bucket,
    generated_at: iso(report.generatedAt),
    ...presentFigures(report.total),
    currencies: report.currencies.map(({ currency, money: costs }) => ({
      currency,
      baseline: money(costs.baseline),
      total: money(costs.total),
      savings: money(costs.savings.amount),
      rate: down(costs.rate.estimate),
    })),
    tasks: report.tasks.map(({ task, figures }) => ({
      task: task.slug,
      task_id: task.id,
      title: task.title,
      ...presentFigures(figures),
      economics: presentEconomics(task),
    })),
    buckets: report.buckets.map(({ from, to, figures }) => ({
      from: iso(from),
      to: iso(to),
      ...presentFigures(figures),
    })),
    evidence: {
      ledger_head: evidence.head,
      ledger_size: evidence.size,
      rows: evidence.rows,
      decisions_without_task: evidence.decisionsWithoutTask,
      audits_expected: Math.round(evidence.auditsExpected * 1e6) / 1e6,
      audits_done: evidence.audited,
    },
    method: METHOD,
    notes: report.notes,
  };
}
