import type { ValueFigures, ValueReport } from '@understudy/wire';

const columns: [string, (figures: ValueFigures) => string | number | null][] = [
  ['decisions', (f) => f.decisions],
  ['automated', (f) => f.automated],
  ['automation_rate', (f) => f.automation_rate],
  ['human_touch_rate', (f) => f.human_touch_rate],
  ['error_estimate', (f) => f.error_rate.estimate],
  ['error_low', (f) => f.error_rate.low],
  ['error_high', (f) => f.error_rate.high],
  ['audited', (f) => f.error_rate.audited],
  ['wrong', (f) => f.error_rate.wrong],
  ['currency', (f) => f.currency],
  ['cost_model', (f) => f.cost.model],
  ['cost_api', (f) => f.cost.api],
  ['reviewer_minutes', (f) => f.cost.reviewer_minutes],
  ['cost_reviewer', (f) => f.cost.reviewer],
  ['audit_minutes', (f) => f.cost.audit_minutes],
  ['cost_audit', (f) => f.cost.audit],
  ['cost_infrastructure', (f) => f.cost.infrastructure],
  ['cost_errors', (f) => f.cost.errors],
  ['cost_total', (f) => f.cost.total],
  ['waiting', (f) => f.work.waiting],
  ['by_hand', (f) => f.work.by_hand],
  ['baseline_minutes', (f) => f.baseline.minutes],
  ['baseline_cost', (f) => f.baseline.cost],
  ['savings', (f) => f.savings.amount],
  ['savings_low', (f) => f.savings.amount_low],
  ['savings_high', (f) => f.savings.amount_high],
  ['savings_rate', (f) => f.savings.rate],
  ['savings_rate_low', (f) => f.savings.low],
  ['savings_rate_high', (f) => f.savings.high],
  ['note', (f) => f.savings.note ?? f.error_rate.note],
];

/** RFC 4180. Text that a spreadsheet would take for a formula is preceded by an apostrophe. */
function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+@\t\r]|^-(?!\d)/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One row in total, one a task, one a stretch of time; `of` tells them apart. An empty cell is a figure that is not known. */
export function reportCsv(report: ValueReport): string {
  const window = [report.from, report.to];
  const evidence = [report.evidence.ledger_head, report.evidence.ledger_size];
  const rows: (string | number | null)[][] = [
    ['of', 'task', 'from', 'to', ...columns.map(([name]) => name), 'ledger_head', 'ledger_size'],
    ['total', report.task, ...window, ...columns.map(([, of]) => of(report)), ...evidence],
    ...report.tasks.map((task) => ['task', task.task, ...window, ...columns.map(([, of]) => of(task)), ...evidence]),
    ...report.buckets.map((bucket) => [
      report.bucket,
      report.task,
      bucket.from,
      bucket.to,
      ...columns.map(([, of]) => of(bucket)),
      ...evidence,
    ]),
  ];
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}
