import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { makeWorkspace, ServerProcess, scratchFolder, topicLabels, topicRows, type Workspace } from './index.ts';

const scratch = scratchFolder();
let server: ServerProcess;
let shop: Workspace;

const PATH = '/v1/tasks/inquiries/certification';
const task = (more: object = {}) => ({
  kind: 'text_classification',
  labels: topicLabels.map((name) => ({ name })),
  audit: { rate: 0 },
  ...more,
});

before(async () => {
  server = await ServerProcess.start({ dataDir: join(scratch, 'data') });
  shop = await makeWorkspace(() => server, server.operatorKey!, 'Shop');
  const made = await shop.put('/v1/tasks/inquiries', task());
  assert.equal(made.status, 201, made.text);
});
after(() => server?.stop());

describe('certification', () => {
  test('without a model it says that there is none; asking for it is refused', async () => {
    const now = await shop.get(PATH);
    assert.deepEqual([now.status, now.json.status, now.json.in_force], [200, 'not_certifiable_yet', false], now.text);
    assert.match(now.json.needed.reason, /no model yet/);
    const asked = await shop.post(PATH);
    assert.deepEqual([asked.status, asked.json.code], [409, 'nothing_to_certify'], asked.text);
    const preview = await shop.get(`${PATH}/preview`);
    assert.deepEqual([preview.status, preview.json.code], [409, 'nothing_to_certify'], preview.text);
    assert.equal((await shop.get('/v1/tasks/nothing/certification')).status, 404);
  });

  test('a training run certifies what it made, and serving keeps to it', async () => {
    await shop.import('inquiries', topicRows(900));
    const run = await shop.train('inquiries', { trainer: 'linear' });
    assert.equal(run.status, 'succeeded', run.log?.join('\n'));
    const { json } = await shop.get(PATH);
    assert.deepEqual([json.status, json.in_force], ['certified', true], JSON.stringify(json.needed ?? json.evidence));
    assert.deepEqual([json.max_error, json.confidence], [0.05, 0.95]);
    assert.ok(json.evidence.accepted >= 59 && json.evidence.accepted <= json.evidence.labelled);
    assert.ok(json.evidence.p_value <= 0.05);
    assert.equal(json.evidence.method, 'ltt_binomial');
    assert.match(json.rows_digest, /^[0-9a-f]{64}$/);
    assert.ok(json.assumptions.some((text: string) => text.includes('random sample')));
    assert.ok(json.curve.length > 0);
    assert.equal(json.valid_for.model_version, run.model_version);
    const version = await shop.get(`/v1/models/inquiries/versions/${run.model_version}`);
    assert.equal(version.json.certification?.certificate, json.certificate, version.text);

    const [row] = topicRows(1600).slice(1550);
    const reply = await shop.post('/v1/predict/inquiries', row ? { input: row.input } : {});
    assert.equal(reply.json.outcome, 'automated', reply.text);
    assert.equal(reply.json.threshold, json.threshold);
    assert.ok(reply.json.confidence >= json.threshold);
  });

  test('the dial shows every budget before it is confirmed, and counts the month’s traffic', async () => {
    const reply = await shop.get(`${PATH}/preview?max_error=0.02`);
    assert.equal(reply.status, 200, reply.text);
    const { present, asked, dial } = reply.json;
    assert.deepEqual([present.max_error, asked.max_error, asked.confidence], [0.05, 0.02, 0.95]);
    assert.equal(present.threshold, (await shop.get(PATH)).json.threshold);
    for (const [index, position] of dial.entries()) {
      if (index > 0) assert.ok(position.max_error > dial[index - 1].max_error);
    }
    const strict = dial.find((position: any) => position.max_error === 0.005);
    assert.equal(strict.status, 'not_certifiable_yet');
    assert.ok(strict.needed.labels === null || strict.needed.labels > 500, JSON.stringify(strict));
  });

  test('a new budget is certified at once, from the stored scores', async () => {
    const before = (await shop.get(PATH)).json;
    const put = await shop.put('/v1/tasks/inquiries', task({ error_budget: { max_error: 0.1, confidence: 0.9 } }));
    assert.equal(put.status, 200, put.text);
    const now = (await shop.get(PATH)).json;
    assert.deepEqual([now.max_error, now.confidence, now.in_force], [0.1, 0.9, true]);
    assert.notEqual(now.certificate, before.certificate);
    assert.equal(now.rows_digest, before.rows_digest);
    const [row] = topicRows(1700).slice(1650);
    const reply = await shop.post('/v1/predict/inquiries', { input: row!.input });
    assert.equal(reply.json.outcome, 'automated', reply.text);

    const tight = { error_budget: { max_error: 0.001, confidence: 0.99 } };
    assert.equal((await shop.put('/v1/tasks/inquiries', task(tight))).status, 200);
    const none = (await shop.get(PATH)).json;
    assert.deepEqual([none.status, none.in_force, none.threshold], ['not_certifiable_yet', false, null]);
    assert.ok(none.needed.labels > 4000 || none.needed.labels === null, JSON.stringify(none.needed));
    const reviewed = await shop.post('/v1/predict/inquiries', { input: row!.input });
    assert.deepEqual([reviewed.json.outcome, reviewed.json.review.reason], ['review', 'not_certified']);
    await shop.put('/v1/tasks/inquiries', task());
    assert.equal((await shop.get(PATH)).json.in_force, true);
  });

  test('on demand it takes the labels that have come since', async () => {
    const before = (await shop.get(PATH)).json;
    const extra = topicRows(900)
      .slice(0, 300)
      .map(({ input, label }, i) => ({
        input: { text: `${input.text} order ${i} again please hello there` },
        label,
      }));
    await shop.import('inquiries', extra);
    const reply = await shop.post(PATH);
    assert.equal(reply.status, 200, reply.text);
    assert.equal(reply.json.in_force, true);
    assert.notEqual(reply.json.valid_for.dataset, before.valid_for.dataset);
    assert.ok(reply.json.evidence.labelled >= before.evidence.labelled, reply.text);
  });

  test('impossible budgets are refused', async () => {
    for (const query of [
      'max_error=0',
      'max_error=1',
      'max_error=NaN',
      'confidence=1',
      'confidence=0.5',
      'max_error=x',
    ]) {
      const reply = await shop.get(`${PATH}/preview?${query}`);
      assert.equal(reply.status, 400, `${query}: ${reply.text}`);
      assert.ok(reply.json.errors?.length > 0, reply.text);
    }
    const extra = await shop.get(`${PATH}/preview?budget=0.1`);
    assert.equal(extra.status, 400, extra.text);
    for (const budget of [
      { max_error: 0, confidence: 0.9 },
      { max_error: 1, confidence: 0.9 },
      { max_error: 0.1, confidence: 1 },
    ]) {
      assert.equal((await shop.put('/v1/tasks/inquiries', task({ error_budget: budget }))).status, 400);
    }
    assert.equal((await shop.post(PATH, { force: true })).status, 400);
  });
});
