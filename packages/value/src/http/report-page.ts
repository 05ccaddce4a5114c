import type { ValueFigures, ValueReport } from '@understudy/wire';

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const html = (text: string) => text.replace(/[&<>"']/g, (character) => entities[character]!);

const UNKNOWN = 'not known yet';

const count = (value: number) => value.toLocaleString('en-GB');
/** Cut, not rounded: 59.99 % never becomes 60 %. */
const percent = (value: number | null, places = 1) => {
  if (value === null) return UNKNOWN;
  const power = 10 ** (places + 2);
  return `${(Math.floor(value * power + 1e-6) / 10 ** places).toFixed(places)} %`;
};
const percentUp = (value: number | null, places = 1) => {
  if (value === null) return UNKNOWN;
  const power = 10 ** (places + 2);
  return `${(Math.ceil(value * power - 1e-6) / 10 ** places).toFixed(places)} %`;
};

function money(amount: string | null, currency: string | null): string {
  if (amount === null) return UNKNOWN;
  const negative = amount.startsWith('-');
  const [whole = '0', places = ''] = amount.replace('-', '').split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${negative ? '−' : ''}${grouped}.${places.padEnd(2, '0').slice(0, 2)} ${html(currency ?? '')}`;
}

const duration = (minutes: number) =>
  minutes >= 120 ? `${count(Math.round(minutes / 6) / 10)} hours` : `${count(Math.round(minutes * 10) / 10)} minutes`;
const day = (time: string) => time.slice(0, 16).replace('T', ' ');

const row = (cells: string[], head = false) =>
  `<tr>${cells.map((cell, at) => (head || at === 0 ? `<th scope="${head ? 'col' : 'row'}">${cell}</th>` : `<td>${cell}</td>`)).join('')}</tr>`;
const table = (caption: string, head: string[], rows: string[][]) =>
  `<table><caption>${caption}</caption><thead>${row(head, true)}</thead><tbody>${rows.map((cells) => row(cells)).join('')}</tbody></table>`;

function sentence(report: ValueReport): string {
  const { savings, decisions, automated, automation_rate, error_rate } = report;
  if (decisions === 0) return '<p class="lead">No decision was made in this time: there is nothing to report.</p>';
  const saved =
    savings.amount === null
      ? `What that saved cannot be said yet. ${html(savings.note ?? '')}`
      : savings.amount.startsWith('-')
        ? `Compared with doing all of it by hand this cost <strong>${money(savings.amount.slice(1), report.currency)}</strong> more.`
        : `Compared with doing all of it by hand this saved <strong>${money(savings.amount, report.currency)}</strong>${savings.rate === null ? '' : `, or ${percent(savings.rate)}`}.`;
  const error =
    error_rate.estimate === null
      ? html(error_rate.note ?? '')
      : `Of the automated ones an estimated ${percentUp(error_rate.estimate)} were wrong (between ${percent(error_rate.low)} and ${percentUp(error_rate.high)}, with ${percent(error_rate.confidence, 0)} confidence, from ${count(error_rate.audited)} blind audits).`;
  return `<p class="lead">${count(decisions)} decisions were made, ${count(automated)} of them (${percent(automation_rate)}) without a person. ${saved}</p><p>${error}</p>`;
}

const comparison = (report: ValueFigures) => {
  const { cost, work, currency } = report;
  const wait = work.by_hand === 0 ? '' : ` (${count(work.by_hand)} items at the time by hand)`;
  const line = (name: string, amount: string | null, more: string) => [name, money(amount, currency), more];
  return table(
    'What it cost, and what it would have cost',
    ['', 'Amount', 'From'],
    [
      line('Everything by hand', report.baseline.cost, duration(report.baseline.minutes)),
      line('Reviewers', cost.reviewer, `${duration(cost.reviewer_minutes)}${wait}`),
      line('Audits', cost.audit, duration(cost.audit_minutes)),
      line('Own models', cost.model, 'as recorded with each decision'),
      line('Hosted models', cost.api, 'as recorded with each decision'),
      line('Infrastructure', cost.infrastructure, 'as stated'),
      line('Wrong decisions', cost.errors, 'automated × error rate × cost of an error'),
      line('All costs', cost.total, ''),
      line(
        'Saved',
        report.savings.amount,
        report.savings.rate === null ? '' : `${percent(report.savings.rate)} of the work by hand`,
      ),
      line('Saved, at least', report.savings.amount_low, 'were the error at the high end of its interval'),
      line('Saved, at most', report.savings.amount_high, 'were the error at the low end of its interval'),
    ],
  );
};

const brief = (figures: ValueFigures) => [
  count(figures.decisions),
  percent(figures.automation_rate),
  figures.error_rate.estimate === null
    ? UNKNOWN
    : `${percentUp(figures.error_rate.estimate)} (≤ ${percentUp(figures.error_rate.high)})`,
  money(figures.cost.total, figures.currency),
  money(figures.savings.amount, figures.currency),
  percent(figures.savings.rate),
];
const briefHead = ['Decisions', 'Automated', 'Wrong', 'Cost', 'Saved', 'Saved, share'];

const STYLE = `
:root { color-scheme: light; }
body { font: 11pt/1.45 system-ui, sans-serif; color: #111; background: #fff; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2rem 0 .4rem; }
.meta { color: #555; margin: .2rem 0 1.5rem; } .lead { font-size: 1.15rem; }
table { border-collapse: collapse; width: 100%; margin: .6rem 0 1.2rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { text-align: right; padding: .25rem .5rem; border-bottom: 1px solid #ddd; vertical-align: top; }
th:first-child, td:last-child { text-align: left; } thead th { border-bottom: 2px solid #111; }
ul.notes { background: #fff6dd; border-left: 4px solid #b97900; padding: .6rem 1rem .6rem 2rem; }
dt { font-weight: 600; margin-top: .5rem; } dd { margin: 0; } code { overflow-wrap: anywhere; font-size: .85em; }
@media print { @page { size: A4; margin: 18mm; } body { margin: 0; max-width: none; font-size: 9.5pt; } h2 { break-after: avoid; } table, dd, .notes { break-inside: auto; } tr { break-inside: avoid; } thead { display: table-header-group; } }
`;

/** The page's own Content-Security-Policy: nothing is loaded and nothing runs; its one style sheet is known by its hash. */
export async function pagePolicy(): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(STYLE));
  const hash = Buffer.from(digest).toString('base64');
  return `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'`;
}

/** A report as a page for people, to read and to print. Everything that came from outside is escaped. */
export function reportPage(report: ValueReport): string {
  const title = report.task === null ? 'What automation saves' : `What automation saves: ${report.task}`;
  const { evidence } = report;
  const notes = report.notes.map((note) => `<li>${html(note)}</li>`).join('');
  const tasks = report.tasks.map((task) => [
    html(task.title === task.task ? task.task : `${task.title} (${task.task})`),
    ...brief(task),
  ]);
  const prices = report.tasks.map(({ task, economics: e }) => [
    html(task),
    `${e.minutes_per_item}`,
    money(e.cost_per_hour, e.currency),
    money(e.cost_of_error, e.currency),
    money(e.infrastructure_per_month, e.currency),
  ]);
  const others =
    report.currencies.length < 2
      ? ''
      : table(
          'Totals of each currency',
          ['', 'By hand', 'Cost', 'Saved', 'Saved'],
          report.currencies.map((one) => [
            html(one.currency),
            money(one.baseline, one.currency),
            money(one.total, one.currency),
            money(one.savings, one.currency),
            percent(one.rate),
          ]),
        );
  const method = Object.entries(report.method)
    .map(([name, text]) => `<dt>${html(name.replaceAll('_', ' '))}</dt><dd>${html(text)}</dd>`)
    .join('');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${html(title)}</title><style>${STYLE}</style></head>
<body><header><h1>${html(title)}</h1><p class="meta">${day(report.from)} to ${day(report.to)} UTC · made ${day(report.generated_at)} UTC</p></header>
<main>${sentence(report)}
${notes === '' ? '' : `<h2>To be read with these figures</h2><ul class="notes">${notes}</ul>`}
<h2>Cost</h2>${report.currency === null ? others : comparison(report)}
${tasks.length === 0 ? '' : `<h2>Tasks</h2>${table('Figures of each task', ['Task', ...briefHead], tasks)}${table('Prices, as the tasks state them now', ['Task', 'Minutes by hand', 'An hour', 'An error', 'Infrastructure a month'], prices)}`}
${
  report.buckets.length === 0
    ? ''
    : `<h2>Over time</h2>${table(
        `By ${report.bucket} (UTC)`,
        ['From', ...briefHead],
        report.buckets.map((bucket) => [day(bucket.from), ...brief(bucket)]),
      )}`
}
<h2>Evidence</h2><p>These figures rest on ${count(evidence.rows)} rows of the decision ledger, up to its head <code>${evidence.ledger_size}:${html(evidence.ledger_head)}</code>. ${count(evidence.audits_done)} blind audits were done; the recorded probabilities add up to ${count(Math.round(evidence.audits_expected))}. Whoever holds the exported rows can recompute every figure without this server: <code>understudy value --verify &lt;file&gt;</code>.</p>
<h2>Method</h2><dl>${method}</dl></main></body></html>
`;
}
