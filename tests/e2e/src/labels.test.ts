import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  eventually,
  makeWorkspace,
  ServerProcess,
  scratchFolder,
  topicLabels,
  topicRows,
  type Workspace,
} from './index.ts';

/** Labels of decisions: from the application to the example, the dataset and the run that the policy begins. */

const scratch = scratchFolder();
let server: ServerProcess;
let shop: Workspace;
let decisions: { id: string; text: string; truth: string }[];

before(async () => {
  server = await ServerProcess.start({ dataDir: join(scratch, 'data') });
  shop = await makeWorkspace(server, server.operatorKey!, 'Shop');
});
after(() => server?.stop());

const retrainingPolicy = { mode: 'auto', min_new_labels: 60, min_new_share: 0.5, min_hours_between: 0 };
const definition = {
  kind: 'text_classification',
  labels: topicLabels.map((name) => ({ name })),
  automation: { mode: 'uncertified', min_confidence: 0 },
  retraining: retrainingPolicy,
};
const label = (id: string, body: object) => shop.post(`/v1/decisions/${id}/labels`, body);
const examples = async (query = '') => {
  const all: any[] = [];
  for (let cursor = ''; ; ) {
    const { json } = await shop.get(`/v1/tasks/inbox/examples?limit=200${query}${cursor}`);
    all.push(...json.data);
    if (json.next_cursor === null) return all;
    cursor = `&cursor=${encodeURIComponent(json.next_cursor)}`;
  }
};
const retraining = async () => (await shop.get('/v1/tasks/inbox/retraining')).json;

async function decide(count: number, seed: number) {
  const rows = topicRows(count, seed);
  const reply = await shop.post('/v1/predict/inbox/batch', { items: rows.map(({ input }) => ({ input })) });
  assert.equal(reply.status, 200, reply.text);
  return rows.map((row, i) => ({ ...reply.json.decisions[i], text: row.input.text, truth: row.label }));
}

test('labels that people gave become examples, each with the decision that it is about', async () => {
  const made = await shop.put('/v1/tasks/inbox', definition);
  assert.equal(made.status, 201, made.text);
  decisions = await decide(59, 1);
  for (const [i, { id, truth }] of decisions.entries()) {
    const given = await label(id, { label: truth, source: 'application', person: `agent-${i % 3}` });
    assert.equal(given.status, 201, given.text);
    assert.deepEqual([given.json.echo, given.json.probability], [false, null]);
  }
  const rows = await eventually('every labelled decision is an example', async () => {
    const all = await examples('&source=application');
    return all.length === decisions.length ? all : null;
  });
  const byDecision = new Map(rows.map((row) => [row.decision, row]));
  for (const { id, text, truth } of decisions) {
    const row = byDecision.get(id);
    assert.deepEqual([row.input.text, row.label, row.probability], [text, truth, null]);
  }
  const waiting = await retraining();
  assert.deepEqual([waiting.mode, waiting.new_labels, waiting.needed, waiting.last_run], ['auto', 59, 60, null]);
  assert.match(waiting.reason, /1 more label/);
});

test('the one label that was missing begins a run, which says why and serves', async () => {
  const [last] = await decide(1, 2);
  await label(last.id, { label: last.truth, source: 'application', person: 'agent-1' });
  const { last_decision: begun } = await eventually('the policy begins a run', async () => {
    const now = await retraining();
    return now.last_decision === null ? null : now;
  });
  assert.match(begun.reason, /no model yet, and 60 new labels since the beginning \(needed: 60\)/);
  const run = await shop.runEnd(begun.run);
  assert.deepEqual(
    [run.status, run.requested_by, run.reason],
    ['succeeded', 'policy', begun.reason],
    run.error?.detail,
  );
  assert.equal(run.promotion.promoted, true, run.promotion.reason);

  const dataset = (await shop.get(`/v1/tasks/inbox/datasets/${run.dataset}`)).json;
  assert.deepEqual([dataset.rows, dataset.sources], [60, [{ name: 'application', rows: 60 }]]);
  const data = await shop.get(`/v1/tasks/inbox/datasets/${run.dataset}/data?format=ndjson&provenance=include`);
  const rows = data.text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual([...new Set(rows.map(({ source }) => source))], ['application']);
  assert.equal(
    rows.every(({ decision }) => /^dec_/.test(decision)),
    true,
  );

  const after = await retraining();
  assert.deepEqual([after.new_labels, after.needed, after.last_run.promotion.promoted], [0, 60, true]);
});

test('our own answer, copied back, is no example; a person who agrees is; an appeal is not, yet', async () => {
  const served = await decide(4, 3);
  assert.deepEqual([...new Set(served.map(({ outcome }) => outcome))], ['automated']);
  const [echoed, agreed, appealed, contradicted] = served;
  const other = (answer: string) => topicLabels.find((name) => name !== answer)!;
  assert.equal((await label(echoed.id, { label: echoed.label, source: 'application' })).json.echo, true);
  await label(appealed.id, { label: other(appealed.label), source: 'appeal', note: 'that is wrong' });
  await label(contradicted.id, { label: other(contradicted.label), source: 'application' });
  await label(contradicted.id, { label: contradicted.label, source: 'application', person: 'agent-2' });
  await label(agreed.id, { label: agreed.label, source: 'application', person: 'agent-1' });

  const ids = await eventually('the last label is an example', async () => {
    const all = await examples();
    return all.some(({ decision }) => decision === agreed.id) ? new Map(all.map((row) => [row.decision, row])) : null;
  });
  assert.deepEqual([ids.has(echoed.id), ids.has(appealed.id)], [false, false]);
  assert.equal(ids.get(contradicted.id).label, contradicted.label);

  const detail = async (id: string) => (await shop.get(`/v1/decisions/${id}`)).json;
  const echo = await detail(echoed.id);
  assert.deepEqual([echo.labels[0].echo, echo.truth, echo.labels_conflict], [true, null, false]);
  const appeal = await detail(appealed.id);
  assert.deepEqual([appeal.labels[0].source, appeal.truth], ['appeal', null]);
  const conflict = await detail(contradicted.id);
  assert.deepEqual([conflict.labels.length, conflict.labels_conflict, conflict.truth], [2, true, contradicted.label]);
  const sources = (await shop.get('/v1/label-sources')).json.data;
  assert.deepEqual(
    sources.map((one: any) => [one.given_by, one.always_agrees]),
    [[shop.keyId, false]],
  );
});

test('a policy that is off says so and begins nothing', async () => {
  const changed = await shop.put('/v1/tasks/inbox', {
    ...definition,
    retraining: { ...retrainingPolicy, mode: 'off' },
  });
  assert.equal(changed.status, 200, changed.text);
  const off = await retraining();
  assert.deepEqual([off.mode, off.reason, off.next_check], ['off', 'retraining is off for this task', null]);
});
