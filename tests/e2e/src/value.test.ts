import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { verifyValueExport } from '@understudy/client';
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

const CLI = fileURLToPath(new URL('../../../apps/cli/bin/understudy.js', import.meta.url));
const scratch = scratchFolder();
let server: ServerProcess;
let shop: Workspace;
let stranger: Workspace;

before(async () => {
  server = await ServerProcess.start({ dataDir: join(scratch, 'data') });
  shop = await makeWorkspace(server, server.operatorKey!, 'Shop');
  stranger = await makeWorkspace(server, server.operatorKey!, 'Stranger');
});
after(() => server?.stop());

interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

function understudy(words: string[], key = shop.key): Promise<Ran> {
  const env = { PATH: process.env.PATH, HOME: scratch, UNDERSTUDY_URL: server.url, UNDERSTUDY_API_KEY: key };
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...words], { env, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

/** What is decided over: topics are told apart by their words, most of the time. */
const probes = topicRows(80, 7);
const truth = new Map(probes.map(({ input, label }) => [input.text, label]));
const economics = { currency: 'EUR', minutes_per_item: 2, cost_per_hour: '30.00', cost_of_error: '1.50' };

/** The report once it has seen the whole ledger. */
async function settled(query = ''): Promise<any> {
  const head = (await shop.get('/v1/ledger/head')).json;
  return eventually('the figures have seen the ledger', async () => {
    const reply = await shop.get(`/v1/value${query}`);
    assert.equal(reply.status, 200, reply.text);
    return reply.json.evidence.ledger_size >= head.size ? reply.json : null;
  });
}

describe('value', () => {
  test('an empty workspace is reported without a figure that flatters', async () => {
    const report = await settled();
    assert.deepEqual([report.decisions, report.automation_rate, report.savings.rate], [0, null, null]);
    assert.ok(report.notes.length > 0);
  });

  test('decisions of a trained task, verdicts and feedback come to a report', async () => {
    await shop.makeTask('inquiries', topicLabels, {
      ...trainedByHand,
      economics,
      automation: { mode: 'uncertified', min_confidence: 0.5 },
      audit: { rate: 1 },
    });
    await shop.import('inquiries', topicRows(90));
    const run = await shop.train('inquiries', { trainer: 'linear' }, 180_000);
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
    const items = probes.map(({ input }) => ({ input }));
    const batch = await shop.post('/v1/predict/inquiries/batch', { items });
    assert.equal(batch.status, 200, batch.text);
    const { decisions } = batch.json;
    const automated = decisions.filter((one: any) => one.outcome === 'automated');
    assert.ok(automated.length > 10, `${automated.length} of ${decisions.length}`);

    const report = await settled('?task=inquiries');
    assert.equal(report.decisions, decisions.length);
    assert.equal(report.automated, automated.length);
    assert.equal(report.baseline.minutes, decisions.length * 2);
    assert.equal(Number(report.baseline.cost), decisions.length);
    // Nothing is audited yet: an error costs money, so no saving can be claimed.
    assert.deepEqual([report.error_rate.estimate, report.savings.amount, report.savings.low], [null, null, null]);
    assert.match(report.error_rate.note, /Too little evidence/);
    assert.equal(report.tasks[0].economics.cost_of_error, '1.50');
  });

  test('audits make the error known, and with it the savings with their interval', async () => {
    let verdicts = 0;
    await eventually('every audit item was answered', async () => {
      const claims = await shop.post('/v1/review/claims', { task: 'inquiries', limit: 50 });
      assert.ok(claims.status < 300, claims.text);
      for (const { item, claim_token: token, decision } of claims.json.claims) {
        const body = { claim_token: token, label: truth.get(decision.input.text), seconds: 12 };
        const reply = await shop.post(`/v1/review/items/${item}/verdict`, body);
        assert.ok(reply.status < 300, reply.text);
        verdicts++;
      }
      const report = await settled('?task=inquiries');
      return report.error_rate.audited === report.automated && report.work.waiting === 0 ? report : null;
    });
    const report = await settled('?task=inquiries');
    assert.ok(verdicts >= report.decisions);
    assert.ok(report.error_rate.estimate !== null && report.error_rate.high <= 1);
    assert.ok(report.savings.low <= report.savings.rate && report.savings.rate <= report.savings.high);
    assert.ok(report.cost.audit_minutes > 0);
    const { cost, baseline, savings } = report;
    const parts = ['model', 'api', 'reviewer', 'audit', 'infrastructure', 'errors'].map((name) => Number(cost[name]));
    const total = parts.reduce((sum, part) => sum + part, 0);
    assert.ok(Math.abs(total - Number(cost.total)) < 1e-5);
    assert.ok(Math.abs(Number(baseline.cost) - Number(cost.total) - Number(savings.amount)) < 1e-5);
  });

  test('the same figures as CSV and as a page that runs nothing', async () => {
    const csv = await shop.get('/v1/value?task=inquiries&bucket=hour', { headers: { Accept: 'text/csv' } });
    assert.match(String(csv.headers['content-type']), /^text\/csv/);
    const lines = csv.text.trim().split('\r\n');
    assert.match(lines[0]!, /^of,task,from,to,decisions,automated,/);
    assert.deepEqual(
      lines.slice(1).map((line) => line.split(',')[0]),
      ['total', 'task', ...lines.slice(3).map(() => 'hour')],
    );
    assert.equal((await shop.get('/v1/value?format=csv')).text.split('\r\n')[0], lines[0]);
    const page = await shop.get('/v1/value/report?task=inquiries');
    assert.match(String(page.headers['content-type']), /^text\/html/);
    assert.match(String(page.headers['content-security-policy']), /default-src 'none'; style-src 'sha256-/);
    assert.ok(!/<script|onclick|http:/i.test(page.text));
    assert.match(page.text, /Compared with doing all of it by hand/);
  });

  test('the export verifies without the server; altered, cut or forged it does not', async () => {
    const file = join(scratch, 'value.ndjson');
    const exported = await understudy(['value', '--export', file]);
    assert.equal(exported.code, 0, exported.stderr);
    const sound = await understudy(['value', '--verify', file, '--json'], 'us_none');
    assert.equal(sound.code, 0, sound.stdout + sound.stderr);
    const { ok, counted, size, head } = JSON.parse(sound.stdout);
    const ledger = (await shop.get('/v1/ledger/head')).json;
    assert.deepEqual([ok, size, head], [true, ledger.size, ledger.head]);
    assert.ok(counted > 50);

    const reply = await shop.get('/v1/value/export?task=inquiries');
    const lines = reply.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const row = lines.findIndex((line) => line.record?.includes('"source":"audit"'));
    assert.ok(row > 0, 'an audit verdict is in the export');
    assert.ok(!probes.some(({ input }) => reply.text.includes(input.text)), 'no input is in the export');
    const attacks: Record<string, (copy: any[]) => void> = {
      altered: (copy) => {
        copy[row].record = copy[row].record.replace(/"label":"[^"]*"/, '"label":"nonsense"');
      },
      removed: (copy) => copy.splice(row, 1),
      inserted: (copy) => copy.splice(row, 0, { ...copy[row] }),
      head: (copy) => {
        copy[0].ledger.head = copy[0].report.evidence.ledger_head = '0'.repeat(64);
      },
      figure: (copy) => {
        copy[0].report.savings.rate += 0.01;
      },
    };
    for (const [kind, attack] of Object.entries(attacks)) {
      const copy = structuredClone(lines);
      attack(copy);
      const texts = copy.map((line) => `${JSON.stringify(line)}\n`);
      const { ok: holds, findings } = await verifyValueExport(Readable.from(texts));
      assert.equal(holds, false, kind);
      const kinds = findings.map((one) => one.kind as string);
      assert.ok(kinds.includes(kind), `${kind}: ${kinds}`);
      if (kind === 'altered') writeFileSync(file, texts.join(''));
    }
    const caught = await understudy(['value', '--verify', file]);
    assert.equal(caught.code, 1, caught.stdout);
    assert.match(caught.stdout, /the report does not hold/);
    writeFileSync(file, 'no export\n');
    assert.equal((await understudy(['value', '--verify', file])).code, 1);
  });

  test('absurd windows and unknown tasks each get their answer', async () => {
    const refused = async (query: string, status: number, code: string) => {
      for (const path of ['/v1/value', '/v1/value/report', '/v1/value/export']) {
        const reply = await shop.get(`${path}${query}`);
        assert.deepEqual([reply.status, reply.json?.code], [status, code], `${path}${query}: ${reply.text}`);
      }
    };
    await refused('?task=nothing', 404, 'task_not_found');
    await refused('?from=2031-01-02T00:00:00Z&to=2031-01-01T00:00:00Z', 400, 'invalid_window');
    await refused('?from=1066-10-14T00:00:00Z', 400, 'invalid_window');
    await refused('?from=2020-01-01T00:00:00Z&bucket=hour', 400, 'too_many_buckets');
    await refused('?from=yesterday', 400, 'invalid_body');
    await refused('?bucket=second', 400, 'invalid_body');
    await refused('?price=1', 400, 'unknown_field');
    const negative = await shop.put('/v1/tasks/negative', {
      kind: 'text_classification',
      labels: [{ name: 'a' }],
      economics: { ...economics, cost_per_hour: '-30.00' },
    });
    assert.equal(negative.status, 400, negative.text);
  });

  test('another workspace sees nothing of it', async () => {
    assert.equal((await stranger.get('/v1/value')).json.decisions, 0);
    assert.equal((await stranger.get('/v1/value?task=inquiries')).status, 404);
    const lines = (await stranger.get('/v1/value/export')).text.trim().split('\n');
    assert.equal(lines.length, 1);
  });
});

describe('replay', () => {
  const replay = async (what: object, more: object = {}): Promise<any> => {
    const started = await shop.post('/v1/tasks/inquiries/replays', { what, ...more });
    assert.equal(started.status, 202, started.text);
    assert.equal(started.headers.location, `/v1/replays/${started.json.id}`);
    return eventually('the replay is over', async () => {
      const { json } = await shop.get(`/v1/replays/${started.json.id}`);
      return ['succeeded', 'failed', 'cancelled'].includes(json.status) ? json : null;
    });
  };

  test('with no change every decision comes out as it was recorded', async () => {
    const { status, result, error } = await replay({});
    assert.equal(status, 'succeeded', JSON.stringify(error));
    assert.deepEqual([result.compared.different, result.compared.differences], [0, []]);
    assert.equal(result.compared.identical, result.history.decisions);
    assert.ok(result.rescored > 0 && result.erased === 0 && result.unavailable === 0, JSON.stringify(result));
    assert.deepEqual(result.history, result.replayed);
  });

  test('a threshold that nothing reaches sends everything to people', async () => {
    const { result } = await replay({ threshold: 1 });
    assert.ok(result.replayed.automated < result.history.automated);
    assert.equal(result.compared.newly_reviewed, result.history.automated - result.replayed.automated);
    assert.ok(result.replayed.queue.items > result.history.queue.items);
  });

  test('another budget says what it would have certified; another version is scored', async () => {
    const budget = await replay({ max_error: 0.1 });
    assert.equal(budget.status, 'succeeded', JSON.stringify(budget.error));
    assert.equal(budget.result.configuration.length > 0, true);
    const version = await replay({ model_version: '1' });
    assert.equal(version.result.rescored, version.result.history.decisions);
  });

  test('what cannot be replayed is refused with the reason', async () => {
    const refused = async (body: object, status: number, code: string, task = 'inquiries') => {
      const reply = await shop.post(`/v1/tasks/${task}/replays`, body);
      assert.deepEqual([reply.status, reply.json.code], [status, code], reply.text);
    };
    await refused({}, 404, 'task_not_found', 'nothing');
    await refused({ what: { threshold: 0.9, max_error: 0.02 } }, 400, 'replay_conflict');
    await refused({ what: { model_version: '99' } }, 404, 'replay_version_unknown');
    await refused({ what: { max_error: 0 } }, 400, 'invalid_body');
    await refused({ what: { max_error: 1 } }, 400, 'invalid_body');
    await refused({ what: { budget: 1 } }, 400, 'unknown_field');
    await refused({ from: '2031-01-02T00:00:00Z', to: '2031-01-01T00:00:00Z' }, 400, 'invalid_window');
    const list = await shop.get('/v1/tasks/inquiries/replays');
    assert.equal(list.json.data.length, 4);
    assert.equal((await stranger.get(`/v1/replays/${list.json.data[0].id}`)).status, 404);
    assert.equal((await shop.get('/v1/replays/rpl_none')).status, 404);
    const cancelled = await shop.post(`/v1/replays/${list.json.data[0].id}/cancel`);
    assert.deepEqual([cancelled.status, cancelled.json.status], [202, 'succeeded']);
  });

  test('the command shows both sides', async () => {
    const shown = await understudy(['replay', 'inquiries']);
    assert.equal(shown.code, 0, shown.stderr);
    assert.match(shown.stdout, /every decision came out as it was recorded/);
  });
});
