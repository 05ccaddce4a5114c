import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  eventually,
  makeWorkspace,
  ServerProcess,
  scratchFolder,
  topicLabels,
  topicRows,
  trainedByHand,
  type Workspace,
} from './index.ts';

const scratch = scratchFolder();
let server: ServerProcess;
let shop: Workspace;
let other: Workspace;

const fresh = topicRows(1800).slice(1550);
const truthOf = new Map(fresh.map(({ input, label }) => [input.text, label]));

before(async () => {
  server = await ServerProcess.start({ dataDir: join(scratch, 'data') });
  shop = await makeWorkspace(() => server, server.operatorKey!, 'Shop');
  other = await makeWorkspace(() => server, server.operatorKey!, 'Other');
  await shop.makeTask('inquiries', topicLabels, { audit: { rate: 1 }, ...trainedByHand });
  await shop.import('inquiries', topicRows(1500));
  const run = await shop.train('inquiries', { trainer: 'linear' });
  assert.equal(run.status, 'succeeded', run.log?.join('\n'));
});
after(() => server?.stop());

const certification = async () => (await shop.get('/v1/tasks/inquiries/certification')).json;

async function predict(rows: readonly { input: { text: string } }[]): Promise<any[]> {
  const reply = await shop.post('/v1/predict/inquiries/batch', { items: rows.map(({ input }) => ({ input })) });
  assert.equal(reply.status, 200, reply.text);
  return reply.json.decisions;
}

/** Answers items of the queue by `label` until `count` are answered; returns their decisions. */
async function review(count: number, label: (text: string) => string): Promise<string[]> {
  const done: string[] = [];
  while (done.length < count) {
    const claims = await eventually('items are in the queue', async () => {
      const reply = await shop.post('/v1/review/claims', {
        task: 'inquiries',
        limit: Math.min(50, count - done.length),
      });
      assert.equal(reply.status, 200, reply.text);
      return reply.json.claims.length > 0 ? reply.json.claims : null;
    });
    for (const claim of claims) {
      const body = { claim_token: claim.claim_token, label: label(claim.decision.input.text), seconds: 4 };
      const verdict = await shop.post(`/v1/review/items/${claim.item}/verdict`, body);
      assert.equal(verdict.status, 200, verdict.text);
      done.push(claim.decision.id);
    }
  }
  return done;
}

describe('live quality', () => {
  test('audits answered by people become the error with its interval, within moments', async () => {
    assert.equal((await certification()).in_force, true);
    const decisions = await predict(fresh.slice(0, 40));
    const automated = decisions.filter(({ outcome }) => outcome === 'automated').length;
    assert.ok(automated >= 30, `${automated} automated`);
    await review(40, (text) => truthOf.get(text)!);
    const overview = await eventually('all verdicts are counted', async () => {
      const { json } = await shop.get('/v1/overview');
      const { waiting, decisions: counted, audited_error: error } = json.total;
      return waiting === 0 && counted === 40 && error?.audited === automated ? json : null;
    });
    assert.deepEqual([overview.total.automated, overview.total.audited_error.audited], [automated, automated]);
    assert.equal(overview.tasks[0].certificate.status, 'certified');
    assert.deepEqual(overview.queue, { waiting: 0, review: 0, audit: 0 });
    const ago = (minutes: number) => encodeURIComponent(new Date(Date.now() - minutes * 60_000).toISOString());
    for (const [bucket, minutes] of [
      ['minute', 359],
      ['ten_seconds', 59],
    ] as const) {
      const { status, json, text } = await shop.get(`/v1/overview?bucket=${bucket}&from=${ago(minutes)}`);
      assert.equal(status, 200, text);
      const sum = json.series.reduce((all: number, { decisions: n }: any) => all + n, 0);
      assert.deepEqual([json.bucket, sum, json.total.audited_error.audited], [bucket, 40, automated]);
      assert.ok(Date.parse(json.series[0].to) - Date.parse(json.series[0].from) <= 60_000);
    }
    const quality = await shop.get('/v1/tasks/inquiries/quality?by=label&interval=fixed');
    assert.equal(quality.status, 200, quality.text);
    const { total, labels, labels_by_source: sources, seconds } = quality.json;
    const error = total.audited_error;
    assert.equal(error.corrected, null, 'no gold item was answered');
    assert.ok(error.low <= error.estimate && error.estimate <= error.high && error.high < 0.2, JSON.stringify(error));
    assert.deepEqual([sources.audit, sources.reviewer ?? 0], [automated, 40 - automated]);
    assert.ok(seconds.audit > 0);
    assert.deepEqual(labels.map(({ label }: any) => label).sort(), [...topicLabels].sort());
    for (const by of ['model_version', 'reason', 'band', 'day', 'hour']) {
      const { json, status, text } = await shop.get(`/v1/tasks/inquiries/quality?by=${by}`);
      assert.equal(status, 200, text);
      const sum = json.groups.reduce((all: number, { decisions: n }: any) => all + n, 0);
      assert.equal(sum, 40, by);
    }
  });

  test('errors above the budget suspend the certificate: within two seconds everything goes to people', async () => {
    const before = await certification();
    await predict(fresh.slice(40, 100));
    await review(60, (text) => topicLabels.find((label) => label !== truthOf.get(text))!);
    const answered = Date.now();
    const alert = await eventually('an alert is open', async () => {
      const { json } = await shop.get('/v1/alerts?open=true&task=inquiries');
      return json.data[0] ?? null;
    });
    await eventually(
      'predictions go to people',
      async () => {
        const [decision] = await predict(fresh.slice(100, 101));
        return decision.outcome === 'review' && decision.review.reason === 'not_certified';
      },
      2_000 + (Date.now() - answered),
    );
    const now = await certification();
    assert.deepEqual([now.status, now.in_force], ['suspended', false]);
    assert.deepEqual([alert.kind, alert.severity, alert.open], ['error_budget_exceeded', 'critical', true]);
    const { evidence } = alert;
    assert.equal(evidence.certificate, before.certificate);
    assert.ok(evidence.e_value >= evidence.limit && evidence.limit === 20, JSON.stringify(evidence));
    assert.ok(evidence.wrong > 0 && evidence.decisions.length === evidence.wrong);
    const { json: wrong } = await shop.get(`/v1/decisions/${evidence.decisions[0]}`);
    assert.notEqual(wrong.truth, wrong.label);
    const { json: log } = await shop.get('/v1/audit-log?action=certificate.suspended');
    assert.deepEqual(log.data[0].principal, { kind: 'system', id: 'monitor' });
  });

  test('an alert is acknowledged once; another workspace sees none of this', async () => {
    const [alert] = (await shop.get('/v1/alerts')).json.data;
    const path = `/v1/alerts/${alert.id}`;
    const seen = await shop.post(`${path}/acknowledge`, { note: 'looking into it' });
    assert.deepEqual([seen.status, seen.json.acknowledged.note], [200, 'looking into it'], seen.text);
    const again = await shop.post(`${path}/acknowledge`);
    assert.deepEqual(again.json.acknowledged, seen.json.acknowledged, again.text);
    assert.equal((await shop.get(path)).json.open, true);
    assert.deepEqual((await other.get('/v1/alerts')).json.data, []);
    for (const reply of [await other.get(path), await other.post(`${path}/acknowledge`)]) {
      assert.deepEqual([reply.status, reply.json.code], [404, 'alert_not_found']);
    }
    assert.equal((await other.get('/v1/overview')).json.total.decisions, 0);
    assert.equal((await other.get('/v1/tasks/inquiries/quality')).status, 404);
  });

  test('what cannot be asked for is refused', async () => {
    for (const [path, status, code] of [
      ['/v1/overview?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 400, 'invalid_window'],
      ['/v1/overview?from=2000-01-01T00:00:00Z&bucket=hour', 400, 'invalid_window'],
      ['/v1/overview?bucket=second', 400, 'invalid_body'],
      ['/v1/overview?from=2026-01-01T00:00:00Z&bucket=minute', 400, 'invalid_window'],
      ['/v1/overview?nonsense=1', 400, 'unknown_field'],
      ['/v1/tasks/inquiries/quality?confidence=1', 400, 'invalid_body'],
      ['/v1/tasks/inquiries/quality?by=colour', 400, 'invalid_body'],
      ['/v1/tasks/inquiries/quality?from=yesterday', 400, 'invalid_body'],
      ['/v1/alerts?cursor=abc', 400, 'invalid_cursor'],
      ['/v1/alerts?open=perhaps', 400, 'invalid_body'],
      ['/v1/alerts/..%2f', 404, 'alert_not_found'],
    ] as const) {
      const reply = await shop.get(path);
      assert.deepEqual([reply.status, reply.json.code], [status, code], path);
    }
    const reviewer = await shop.post('/v1/keys', { name: 'reviewer', scopes: ['review:read', 'review:write'] });
    const person = shop.withKey(reviewer.json.secret, reviewer.json.id);
    for (const path of ['/v1/overview', '/v1/tasks/inquiries/quality', '/v1/alerts']) {
      assert.equal((await person.get(path)).status, 403, path);
    }
  });
});
