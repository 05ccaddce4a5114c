import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { FakeClock } from '@understudy/kernel/testing';
import { exampleHistory, exampleTask, LedgerWorld } from '../testing/index.ts';
import { presentReport } from './present.ts';
import { reportCsv } from './report-csv.ts';
import { pagePolicy, reportPage } from './report-page.ts';

const WS = 'ws_page';

async function example(title = 'Moderation', slug = 'moderation') {
  const task = { ...exampleTask(slug), title };
  const world = new LedgerWorld({ tasks: [task], clock: new FakeClock(Date.UTC(2031, 1, 20)) });
  await world.record(exampleHistory(WS, [task], 1, { decisions: 600, audit: [0.4] }));
  await world.catchUp(WS);
  return presentReport(await world.value.report(WS, { bucket: 'day' }));
}

const HOSTILE = `"><script>alert(1)</script><img src=x onerror=alert(1)>'&{{7*7}}`;

test('a title that wants to run something is only text on the page', async () => {
  const page = reportPage(await example(HOSTILE));
  assert.ok(!/<script|<img|onerror=alert\(1\)>/i.test(page.replaceAll(/&lt;[^<]*&gt;/g, '')));
  assert.ok(page.includes('&lt;script&gt;alert(1)&lt;/script&gt;'));
});

test('the page loads nothing, and its policy allows its one style sheet and nothing else', async () => {
  const page = reportPage(await example());
  assert.ok(!/\b(src|href|style)=/i.test(page));
  const style = /<style>([\s\S]*)<\/style>/.exec(page)![1]!;
  const hash = createHash('sha256').update(style).digest('base64');
  assert.equal(
    await pagePolicy(),
    `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'`,
  );
  assert.match(page, /@media print/);
});

test('the page says what was saved, from how many audits, and where the evidence is', async () => {
  const report = await example();
  const page = reportPage(report);
  assert.match(page, /600 decisions were made/);
  assert.match(page, /Compared with doing all of it by hand this saved <strong>[\d.,]+ EUR<\/strong>/);
  assert.ok(page.includes(report.evidence.ledger_head));
  assert.ok(page.includes(`from ${report.error_rate.audited} blind audits`));
  for (const words of Object.keys(report.method)) assert.ok(page.includes(`<dt>${words.replaceAll('_', ' ')}</dt>`));
});

test('shares on the page are cut, not rounded up', async () => {
  const report = await example();
  const page = reportPage({ ...report, automation_rate: 0.59999, savings: { ...report.savings, rate: 0.59999 } });
  assert.ok(page.includes('59.9 %') && !page.includes('60.0 %'));
});

test('CSV: a line in total, by task and by day; unknown figures are empty, formulas are defused', async () => {
  const report = await example();
  const lines = reportCsv({ ...report, notes: [] })
    .trimEnd()
    .split('\r\n');
  const [head, ...rows] = lines.map((line) => line.split(','));
  assert.equal(rows.length, 2 + report.buckets.length);
  const column = (name: string) => head!.indexOf(name);
  assert.deepEqual(
    rows.slice(0, 2).map((row) => row[column('decisions')]),
    ['600', '600'],
  );
  assert.equal(rows[0]![column('cost_total')], report.cost.total);
  const days = rows.slice(2).map((row) => Number(row[column('decisions')]));
  assert.equal(
    days.reduce((sum, count) => sum + count, 0),
    600,
  );
  const thin = { ...report, savings: { ...report.savings, amount: null, note: '=HYPERLINK("http://x"),1' } };
  const line = reportCsv(thin).split('\r\n')[1]!;
  assert.ok(line.includes(`"'=HYPERLINK(""http://x""),1"`));
});
