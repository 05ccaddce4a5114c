import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inferenceErrors } from '@understudy/inference';
import type { Principal, Tx } from '@understudy/kernel';
import { FakeClock } from '@understudy/kernel/testing';
import type { TaskDefinition } from '@understudy/wire';
import { Decide } from './decide.ts';
import { LivePlans } from './plan.ts';
import type { DecisionLedger, DecisionRecord, ModelAnswer, Predictor } from './ports.ts';
import { withDefaults } from './task.ts';

const principal: Principal = { kind: 'api_key', workspace: 'ws_1', id: 'key_1', scopes: new Set() };
const call = { principal, requestId: 'req_1', traceId: null };
const champion = { model: 't', version: '7', format: 'f', artifact: { key: 'k', sha256: 's', bytes: 1 } };

/** Keeps rows; replays by key as the ledger room does. */
class FakeLedger implements DecisionLedger {
  readonly rows: DecisionRecord[] = [];
  readonly #answers = new Map<string, string>();
  failure: Error | null = null;

  async append(records: readonly DecisionRecord[]): Promise<void> {
    if (this.failure !== null) throw this.failure;
    this.rows.push(...records);
  }

  async appendIn(_tx: Tx, records: readonly DecisionRecord[]): Promise<void> {
    return this.append(records);
  }

  async appendOnce(
    workspace: string,
    { key }: { key: string },
    decide: () => Promise<{ records: DecisionRecord[]; body: string }>,
  ) {
    const known = this.#answers.get(`${workspace}/${key}`);
    if (known !== undefined) return { body: known, replayed: true };
    const { records, body } = await decide();
    await this.append(records);
    this.#answers.set(`${workspace}/${key}`, body);
    return { body, replayed: false };
  }
}

const certain: ModelAnswer = {
  labels: ['spam', 'ok'],
  probabilities: Float32Array.of(0.97, 0.03),
  microseconds: 72_000,
};

function deciding(options: {
  definition?: Partial<TaskDefinition>;
  model?: (text: string) => Promise<ModelAnswer>;
  explain?: Predictor['explain'];
}) {
  const ledger = new FakeLedger();
  const task = {
    id: 'task_1',
    workspace: 'ws_1',
    slug: 't',
    definition: withDefaults('t', {
      kind: 'text_classification',
      labels: [{ name: 'ok' }, { name: 'spam' }],
      automation: { mode: 'uncertified', min_confidence: 0.9 },
      ...options.definition,
    }),
    revision: 3,
    version: 1,
    createdAt: 0,
    updatedAt: 0,
  };
  const plan = {
    task,
    champion: options.model === undefined ? null : champion,
    certificate: null,
    labelSet: new Set(['ok', 'spam']),
  };
  const clock = new FakeClock();
  const decide = new Decide({
    plans: new LivePlans({ load: async () => structuredClone(plan) }, clock),
    predictor: {
      predict: (_workspace, _version, { text }) => options.model!(text),
      explain:
        options.explain ??
        (async () => {
          throw new Error('not asked for');
        }),
    },
    ledger,
    clock,
    cpuHourCost: 0.05,
  });
  const one = async (text: string, more = {}, idempotency?: { key: string; requestHash: Buffer }) => {
    const answer = await decide.one(call, 't', { input: { text }, ...more }, idempotency);
    return { ...answer, body: JSON.parse(answer.body) };
  };
  return { decide, ledger, one, clock, task };
}

const longest = (characters: number) => ({ input: { text: { type: 'string' as const, max_length: characters } } });

test('a confident answer is automated, costed and written down as it is answered', async () => {
  const { one, ledger } = deciding({ model: async () => certain });
  const { body } = await one('buy now', { external_id: 'c-1', subject: 'user-9', attributes: { country: 'CH' } });
  assert.deepEqual([body.outcome, body.label, body.confidence, body.threshold], ['automated', 'spam', 0.97, 0.9]);
  assert.deepEqual(body.decided_by, { rung: 'own_model', model: 't', version: '7' });
  assert.deepEqual(body.cost, { amount: '0.000001000', currency: 'EUR' });
  assert.equal('suggestion' in body || 'review' in body || 'explanation' in body, false);
  const [row] = ledger.rows;
  assert.equal(ledger.rows.length, 1);
  assert.deepEqual(
    [row!.id, row!.label, row!.taskRevision, row!.externalId, row!.subject, row!.automation],
    [body.id, 'spam', 3, 'c-1', 'user-9', 'uncertified'],
  );
  assert.deepEqual([row!.input, row!.attributes, row!.principal], [{ text: 'buy now' }, { country: 'CH' }, 'key_1']);
});

test('a task without a model answers review, without a guess', async () => {
  const { one, ledger } = deciding({});
  const { body } = await one('x', { explain: true });
  assert.deepEqual([body.outcome, body.label, body.suggestion], ['review', null, null]);
  assert.deepEqual(body.review, { item: `itm_${body.id.slice(4)}`, reason: 'no_model' });
  assert.deepEqual(
    [body.decided_by, body.cost.amount, ledger.rows[0]!.reviewReason],
    [null, '0.000000000', 'no_model'],
  );
});

test('a model that cannot answer sends the item to a person', async () => {
  for (const error of [inferenceErrors.model_unavailable('down'), inferenceErrors.model_artifact_invalid('bad')]) {
    const { one, ledger } = deciding({ model: () => Promise.reject(error) });
    const { body } = await one('x', { explain: true });
    assert.deepEqual([body.outcome, body.review.reason, body.decided_by], ['review', 'model_unavailable', null]);
    assert.equal(ledger.rows[0]!.reviewReason, 'model_unavailable');
  }
});

test('an overloaded model is an error to retry, and leaves no row', async () => {
  const { one, ledger } = deciding({ model: () => Promise.reject(inferenceErrors.model_overloaded('full')) });
  await assert.rejects(one('x'), { code: 'model_overloaded', retryable: true });
  assert.equal(ledger.rows.length, 0);
});

test('no answer without a row', async () => {
  const { one, ledger } = deciding({ model: async () => certain });
  ledger.failure = new Error('the disk is full');
  await assert.rejects(one('x'), /disk is full/);
});

test('the explanation is about the label that is answered or suggested', async () => {
  for (const mode of [{ mode: 'uncertified', min_confidence: 0.9 }, { mode: 'certified' }] as const) {
    const asked: string[] = [];
    const { one } = deciding({
      definition: { automation: mode },
      model: async () => certain,
      explain: async (_workspace, version, _input, label) => {
        asked.push(`${version.version} ${label}`);
        return { method: 'linear_contributions', label, score: 1, unit: 'margin', bias: 0, features: [], remainder: 1 };
      },
    });
    const { body } = await one('x', { explain: true });
    assert.deepEqual(asked, ['7 spam']);
    assert.equal(body.explanation.label, 'spam');
  }
});

test('a batch is answered in order and committed together', async () => {
  const { decide, ledger } = deciding({
    model: async (text) => ({ ...certain, probabilities: Float32Array.of(Number(text), 1 - Number(text)) }),
  });
  const items = ['0.2', '0.95', '0.5'].map((text) => ({ input: { text } }));
  const { decisions } = JSON.parse((await decide.batch(call, 't', items)).body);
  assert.deepEqual(
    decisions.map((decision: any) => [decision.outcome, decision.candidates[0].label]),
    [
      ['review', 'ok'],
      ['automated', 'spam'],
      ['review', 'spam'],
    ],
  );
  assert.deepEqual(
    ledger.rows.map(({ id }) => id),
    decisions.map(({ id }: any) => id),
  );
});

test('an invalid item refuses the whole batch and names every bad one', async () => {
  const { decide, ledger, one } = deciding({
    definition: { input: { text: { type: 'string', max_length: 5 } } },
    model: async () => certain,
  });
  const items = ['fine', 'too long', 'ok', 'a\u0000', '\ud800'].map((text) => ({ input: { text } }));
  await assert.rejects(decide.batch(call, 't', items), (error: any) => {
    assert.deepEqual(
      error.problems.map(({ pointer, code }: any) => [pointer, code]),
      [
        ['/items/1/input/text', 'input_too_long'],
        ['/items/3/input/text', 'invalid_text'],
        ['/items/4/input/text', 'invalid_text'],
      ],
    );
    return true;
  });
  assert.equal(ledger.rows.length, 0);
  await assert.rejects(one('too long'), { code: 'input_too_long' });
  await one('12345');
});

test('a key that was used before gets the same bytes again, and no second row', async () => {
  const { one, decide, ledger } = deciding({ model: async () => certain });
  const idempotency = { key: 'k-1', requestHash: Buffer.alloc(32) };
  const first = await one('x', {}, idempotency);
  const again = await one('x', {}, idempotency);
  assert.deepEqual([first.replayed, again.replayed], [false, true]);
  assert.deepEqual(again.body, first.body);
  const batch = { key: 'k-2', requestHash: Buffer.alloc(32) };
  const batched = await decide.batch(call, 't', [{ input: { text: 'x' } }], batch);
  assert.equal((await decide.batch(call, 't', [{ input: { text: 'x' } }], batch)).body, batched.body);
  assert.equal(ledger.rows.length, 2);
});

test('what is prepared for later is refused by the task as it is now, not as it was a moment ago', async () => {
  const { decide, clock, task } = deciding({ model: async () => certain, definition: longest(10) });
  const prepare = (text: string) => decide.prepare(call, 't', { input: { text } });
  await assert.rejects(prepare('x'.repeat(20)), { code: 'input_too_long' });
  task.definition = { ...task.definition, ...longest(30) };
  clock.advance(1);
  assert.equal((await prepare('x'.repeat(20))).body.label, 'spam');
  await assert.rejects(prepare('x'.repeat(40)), { code: 'input_too_long' });
});
