import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  eventually,
  makeWorkspace,
  type Reply,
  ServerProcess,
  scratchFolder,
  topicLabels,
  topicRows,
  type Workspace,
} from './index.ts';

const scratch = scratchFolder();
let server: ServerProcess;
let operatorKey: string;

before(async () => {
  server = await ServerProcess.start({ dataDir: join(scratch, 'data') });
  operatorKey = server.operatorKey!;
});
after(() => server?.stop());

const LABELS = ['ok', 'spam', 'abuse'];

/** A workspace with a task that has no model: every decision is for people. */
async function reviewing(name: string, settings: object = {}): Promise<Workspace> {
  const workspace = await makeWorkspace(() => server, operatorKey, name);
  const review = {
    hide_suggestions: 1,
    double_review_rate: 0,
    gold_rate: 0,
    lease_seconds: 300,
    idle_limit_seconds: 300,
    ...settings,
  };
  await workspace.makeTask('comments', LABELS, { instructions: 'Be **kind**.', review });
  return workspace;
}

async function decide(workspace: Workspace, texts: readonly string[]): Promise<string[]> {
  const reply = await workspace.post('/v1/predict/comments/batch', {
    items: texts.map((text) => ({ input: { text } })),
  });
  assert.equal(reply.status, 200, reply.text);
  const ids: string[] = reply.json.decisions.map(({ id }: any) => id);
  await eventually('the items are in the queue', async () => {
    const { json } = await workspace.get(`/v1/review/items/itm_${ids.at(-1)!.slice(4)}`);
    return json.item === undefined ? null : true;
  });
  return ids;
}

/** A key of the workspace with these scopes: another reviewer. */
async function reviewer(workspace: Workspace, name: string, scopes = ['review:read', 'review:write']) {
  const { json } = await workspace.post('/v1/keys', { name, scopes });
  return workspace.withKey(json.secret, json.id);
}

const claim = async (who: Workspace, body: object = {}): Promise<any[]> => {
  const reply = await who.post('/v1/review/claims', body);
  assert.equal(reply.status, 200, reply.text);
  return reply.json.claims;
};
const answer = (who: Workspace, item: any, label: string, more: object = {}): Promise<Reply> =>
  who.post(`/v1/review/items/${item.item}/verdict`, { claim_token: item.claim_token, label, ...more });
const labelsOf = async (workspace: Workspace, decision: string): Promise<any[]> =>
  (await workspace.get(`/v1/decisions/${decision}`)).json.labels;

describe('a review', () => {
  test('a claim shows what is to be decided, a verdict answers the decision', async () => {
    const workspace = await reviewing('verdicts');
    const [decision] = await decide(workspace, ['buy now']);
    const anna = await reviewer(workspace, 'Anna');
    const reply = await anna.post('/v1/review/claims', { task: 'comments' });
    const [item] = reply.json.claims;
    assert.deepEqual([item.decision, item.labels], [{ id: decision, input: { text: 'buy now' } }, LABELS]);
    assert.equal(reply.json.tasks[0].instructions, 'Be **kind**.');
    const verdict = await answer(anna, item, 'spam', { seconds: 4, note: 'an advertisement' });
    assert.equal(verdict.status, 200, verdict.text);
    assert.equal(verdict.json.label, 'spam');
    const { json } = await workspace.get(`/v1/decisions/${decision}`);
    assert.deepEqual([json.truth, json.label], ['spam', null]);
    const [label] = json.labels;
    assert.deepEqual(
      [label.source, label.item, label.given_by, label.probability, label.note],
      ['reviewer', item.item, anna.keyId, 1, 'an advertisement'],
    );
    const { json: again } = await answer(anna, item, 'spam', { seconds: 4, note: 'an advertisement' });
    assert.deepEqual(again, verdict.json);
    assert.equal((await answer(anna, item, 'ok')).json.code, 'verdict_differs');
    assert.equal((await labelsOf(workspace, decision!)).length, 1);
  });

  test('a hundred reviewers claim one item at once: one gets it', async () => {
    const workspace = await reviewing('hundred');
    await decide(workspace, ['one item']);
    const claims = await Promise.all(Array.from({ length: 100 }, () => claim(workspace)));
    assert.equal(claims.flat().length, 1);
  });

  test('fifty reviewers work through a queue: every decision gets one label', async () => {
    const workspace = await reviewing('fifty');
    const decisions = await decide(
      workspace,
      Array.from({ length: 300 }, (_, i) => `text ${i}`),
    );
    const given: string[] = [];
    await Promise.all(
      Array.from({ length: 50 }, async () => {
        for (;;) {
          const items = await claim(workspace, { limit: 2 });
          if (items.length === 0) return;
          for (const item of items) {
            const reply = await answer(workspace, item, 'ok');
            assert.equal(reply.status, 200, reply.text);
            given.push(reply.json.decision);
          }
        }
      }),
    );
    assert.deepEqual(given.sort(), decisions.sort());
    for (const decision of decisions.slice(0, 20)) assert.equal((await labelsOf(workspace, decision)).length, 1);
    const { json } = await workspace.get('/v1/review/queues?task=comments');
    assert.deepEqual([json.total.depth, json.total.outlook], [0, 'empty']);
  });

  test('the same verdict from many connections at once counts once', async () => {
    const workspace = await reviewing('repeats');
    const [decision] = await decide(workspace, ['again and again']);
    const [item] = await claim(workspace);
    const replies = await Promise.all(Array.from({ length: 30 }, () => answer(workspace, item, 'abuse')));
    assert.deepEqual([...new Set(replies.map(({ text, status }) => `${status} ${text}`))].length, 1);
    assert.equal(replies[0]!.status, 200, replies[0]!.text);
    assert.equal((await labelsOf(workspace, decision!)).length, 1);
  });

  test('skip, release, escalate and undo', async () => {
    const workspace = await reviewing('ways');
    const [decision] = await decide(workspace, ['hard one']);
    const anna = await reviewer(workspace, 'Anna');
    const act = (who: Workspace, item: any, action: string, note?: string) =>
      who.post(`/v1/review/items/${item.item}/${action}`, { claim_token: item.claim_token, ...(note ? { note } : {}) });

    const [first] = await claim(anna);
    assert.equal((await act(anna, first, 'release')).json.status, 'waiting');
    const late = await answer(anna, first, 'ok');
    assert.deepEqual([late.status, late.json.code], [409, 'claim_lost']);
    const [second] = await claim(anna);
    assert.equal((await act(anna, second, 'escalate', 'I cannot tell')).json.status, 'escalated');
    assert.equal((await act(anna, second, 'escalate', 'I cannot tell')).status, 200);
    assert.deepEqual(await claim(anna), []);
    const refused = await anna.post('/v1/review/claims', { queue: 'leads' });
    assert.deepEqual([refused.status, refused.json.code], [403, 'leads_only']);

    const [item] = await claim(workspace, { queue: 'leads' });
    await answer(workspace, item, 'ok');
    const undone = await act(workspace, item, 'undo');
    assert.equal(undone.status, 200, undone.text);
    await answer(workspace, undone.json, 'abuse');
    const { json } = await workspace.get(`/v1/decisions/${decision}`);
    assert.equal(json.truth, 'abuse');
    assert.deepEqual(
      json.labels.map(({ label, probability }: any) => [label, probability]),
      [
        ['ok', 1],
        ['abuse', 1],
      ],
    );
    const read = await workspace.get(`/v1/review/items/${item.item}`);
    assert.equal(read.json.lead.notes[0].note, 'I cannot tell');
    assert.deepEqual(
      read.json.lead.opinions.map(({ undone }: any) => undone),
      [true, false],
    );
    assert.equal((await anna.get(`/v1/review/items/${item.item}`)).json.lead, null);
    assert.equal((await anna.get('/v1/review/items')).status, 403);
  });

  test('a task that is deleted takes its items out of the queue, and says so', async () => {
    const workspace = await reviewing('deleted');
    await decide(workspace, ['first', 'second']);
    const [item] = await claim(workspace);
    assert.equal((await workspace.delete('/v1/tasks/comments')).status, 204);
    const reply = await eventually('the task is gone', async () => {
      const answered = await answer(workspace, item, 'ok');
      return answered.status === 200 ? null : answered;
    });
    assert.deepEqual([reply.status, reply.json.code], [409, 'review_item_closed']);
    assert.deepEqual(await claim(workspace), []);
    assert.deepEqual((await workspace.get('/v1/review/queues')).json.data, []);
    const read = await workspace.get(`/v1/review/items/${item.item}`);
    assert.equal(read.json.lead.closed_reason, 'task_deleted');
  });

  test('labels that were removed or added while an item waits are refused with the reason', async () => {
    const workspace = await reviewing('relabelled');
    await decide(workspace, ['old times']);
    const [item] = await claim(workspace);
    const { json: task, headers } = await workspace.get('/v1/tasks/comments');
    const { id, task: _slug, revision, created_at, updated_at, ...definition } = task;
    const labels = [{ name: 'ok' }, { name: 'abuse' }, { name: 'fraud' }];
    const edited = await workspace.put(
      '/v1/tasks/comments',
      { ...definition, labels },
      { headers: { 'If-Match': String(headers.etag) } },
    );
    assert.equal(edited.status, 200, edited.text);
    await eventually('the new labels are known', async () => {
      const [held] = (await workspace.get('/v1/review/claims')).json.claims;
      return held.labels.length === 2 ? held : null;
    });
    const codes = [];
    for (const label of ['spam', 'fraud', 'nonsense']) {
      const reply = await answer(workspace, item, label);
      codes.push([reply.status, reply.json.code]);
    }
    assert.deepEqual(codes, [
      [409, 'label_removed'],
      [409, 'label_too_new'],
      [400, 'unknown_label'],
    ]);
    assert.equal((await answer(workspace, item, 'abuse')).status, 200);
  });

  test('an appeal brings the item back, an answer from the application takes it away', async () => {
    const workspace = await reviewing('elsewhere');
    const [appealed, elsewhere] = await decide(workspace, ['mine', 'theirs']);
    for (const item of await claim(workspace, { limit: 2 })) {
      if (item.decision.id === appealed) await answer(workspace, item, 'spam');
      else await workspace.post(`/v1/review/items/${item.item}/release`, { claim_token: item.claim_token });
    }
    const label = (decision: string, body: object) => workspace.post(`/v1/decisions/${decision}/labels`, body);
    assert.equal((await label(appealed!, { label: 'ok', source: 'appeal' })).status, 201);
    assert.equal((await label(elsewhere!, { label: 'ok', source: 'application', person: 'user-7' })).status, 201);
    const status = async (decision: string) =>
      (await workspace.get(`/v1/review/items/itm_${decision.slice(4)}`)).json.status;
    await eventually(
      'both labels reach the queue',
      async () => (await status(appealed!)) === 'waiting' && (await status(elsewhere!)) === 'closed',
    );
    const items = await claim(workspace, { limit: 5 });
    assert.deepEqual(
      items.map(({ decision }) => decision.id),
      [appealed],
    );
    await answer(workspace, items[0], 'ok');
    assert.equal((await workspace.get(`/v1/decisions/${appealed}`)).json.truth, 'ok');
  });

  test('two opinions that differ go to a lead, whose word counts', async () => {
    const workspace = await reviewing('double', { double_review_rate: 1 });
    const [decision] = await decide(workspace, ['is this one?']);
    const [anna, ben] = [await reviewer(workspace, 'Anna'), await reviewer(workspace, 'Ben')];
    await answer(anna, (await claim(anna))[0], 'ok');
    assert.deepEqual(await claim(anna), []);
    assert.equal((await workspace.get(`/v1/decisions/${decision}`)).json.truth, 'ok');
    await answer(ben, (await claim(ben))[0], 'spam');
    const [item] = await claim(workspace, { queue: 'leads' });
    await answer(workspace, item, 'ok');
    assert.equal((await workspace.get(`/v1/decisions/${decision}`)).json.truth, 'ok');
    const { json } = await workspace.get('/v1/review/agreement?task=comments');
    assert.deepEqual([json.items, json.confusions], [1, [{ first: 'ok', second: 'spam', count: 1 }]]);
    const { json: reviewers } = await workspace.get('/v1/review/reviewers');
    assert.equal(reviewers.data.length, 3);
  });

  test('gold is mixed in, and tells who errs', async () => {
    const workspace = await reviewing('gold', { gold_rate: 1 });
    const [known] = await decide(workspace, ['known', 'another']);
    const gold = await workspace.post('/v1/review/gold', { decision: known, label: 'spam' });
    assert.equal(gold.status, 201, gold.text);
    assert.equal(
      (await workspace.post('/v1/review/gold', { decision: known, label: 'spam' })).json.code,
      'gold_exists',
    );
    const anna = await reviewer(workspace, 'Anna');
    const items = await claim(workspace, { limit: 2 });
    for (const item of items) await answer(workspace, item, 'ok');
    const [test] = await claim(anna);
    assert.deepEqual(Object.keys(test).sort(), Object.keys(items[0]).sort());
    assert.deepEqual(test.decision.input, { text: 'known' });
    assert.notEqual(test.decision.id, known);
    assert.equal((await answer(anna, test, 'ok')).status, 200);
    const { json } = await workspace.get('/v1/review/reviewers');
    const figures = json.data.find(({ reviewer }: any) => reviewer === anna.keyId);
    assert.deepEqual([figures.gold.n, figures.gold.count], [1, 0]);
    // A test is no label.
    assert.equal((await labelsOf(workspace, known!)).length, 1);
    assert.equal((await workspace.delete(`/v1/review/gold/${gold.json.id}`)).status, 204);
  });

  test('the audit lane: an item like any other, whose verdict is an audit with its probability', async () => {
    const workspace = await makeWorkspace(() => server, operatorKey, 'audits');
    const review = {
      ...{ hide_suggestions: 0, double_review_rate: 0, gold_rate: 0, lease_seconds: 300, idle_limit_seconds: 300 },
    };
    const audit = { rate: 1 };
    const settings = (min_confidence: number) => ({
      automation: { mode: 'uncertified', min_confidence },
      audit,
      review,
    });
    const task = await workspace.makeTask('comments', topicLabels, settings(0));
    await workspace.import('comments', topicRows(150));
    const run = await workspace.train('comments', { trainer: 'linear' });
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
    const [audited] = await decide(workspace, ['Where is my parcel?']);
    const { json: decision } = await workspace.get(`/v1/decisions/${audited}`);
    assert.deepEqual([decision.outcome, decision.audit], ['automated', { probability: 1 }]);
    // From now on everything is for people, so that an ordinary item stands beside it.
    const { json } = await workspace.get('/v1/tasks/comments');
    const { id, task: _slug, revision, created_at, updated_at, ...definition } = json;
    assert.equal(id, task.id);
    await workspace.put('/v1/tasks/comments', { ...definition, ...settings(1) });
    const texts = Array.from({ length: 20 }, (_, i) => `Where is my parcel number ${i}?`);
    await decide(workspace, texts);
    const anna = await reviewer(workspace, 'Anna');
    const items = await claim(anna, { limit: 50 });
    assert.equal(items.length, 21);
    const item = items.find(({ decision }: any) => decision.id === audited);
    const shape = ({ decision, ...rest }: any) => [Object.keys(rest).sort(), Object.keys(decision).sort()].join();
    const withoutSuggestion = items.filter(({ decision }: any) => decision.suggestion === undefined);
    assert.ok(withoutSuggestion.length > 1, 'the audit is not the only one without a suggestion');
    assert.ok(withoutSuggestion.length < 21, 'suggestions are shown of the rest');
    assert.equal(new Set(withoutSuggestion.map(shape)).size, 1);
    assert.ok(withoutSuggestion.includes(item));
    const explanation = `/v1/review/items/${item.item}/explanation`;
    assert.equal((await anna.get(explanation)).json.code, 'explanation_before_verdict');
    const reply = await answer(anna, item, decision.label);
    assert.equal(reply.status, 200, reply.text);
    const [label] = await labelsOf(workspace, audited!);
    assert.deepEqual([label.source, label.probability, label.item], ['audit', 1, item.item]);
    const explained = await anna.get(explanation);
    assert.deepEqual([explained.status, explained.json.label], [200, decision.label], explained.text);
    const { json: queues } = await workspace.get('/v1/review/queues');
    assert.equal(queues.data[0].suggestions_hidden, 0.5);
    assert.equal(queues.data[0].lead.kinds.audit, 0);
    assert.equal((await anna.get('/v1/review/queues')).json.data[0].lead, null);
  });

  test('nothing of it can be reached from another workspace', async () => {
    const workspace = await reviewing('strangers');
    const [decision] = await decide(workspace, ['private']);
    const [item] = await claim(workspace);
    const mallory = await reviewing('mallory');
    for (const id of [item.item, 'itm_01h00000000000000000000000', 'itm_', '../x']) {
      const replies = [
        await mallory.get(`/v1/review/items/${encodeURIComponent(id)}`),
        await mallory.post(`/v1/review/items/${encodeURIComponent(id)}/verdict`, {
          claim_token: item.claim_token,
          label: 'ok',
        }),
        await mallory.post(`/v1/review/items/${encodeURIComponent(id)}/skip`, { claim_token: item.claim_token }),
      ];
      assert.deepEqual(
        replies.map(({ status }) => status),
        [404, 404, 404],
        id,
      );
    }
    assert.deepEqual((await mallory.post('/v1/review/claims', { items: [item.item] })).json.claims, []);
    const gold = await mallory.post('/v1/review/gold', { decision, label: 'ok' });
    assert.equal(gold.json.code, 'decision_not_found');
    assert.equal((await answer(workspace, item, 'ok')).status, 200);
  });
});

describe('a server that dies', () => {
  test('while reviewers claim: each reads what is held, nothing is held twice, and all is answered once', async () => {
    const workspace = await reviewing('claim kills');
    const texts = Array.from({ length: 60 }, (_, i) => `text ${i}`);
    const decisions = await decide(workspace, texts);
    const people = await Promise.all(Array.from({ length: 10 }, (_, i) => reviewer(workspace, `reviewer ${i}`)));
    for (let kill = 0; kill < 2; kill++) {
      const under = people.map((who) => who.post('/v1/review/claims', { limit: 2 }).catch(() => null));
      await Promise.race(under);
      await server.kill();
      await Promise.all(under);
      server = await ServerProcess.start({ dataDir: join(scratch, 'data') });
    }
    const read = async () => {
      const held = await Promise.all(people.map(async (who) => (await who.get('/v1/review/claims')).json.claims));
      const items = held.flat().map(({ item }) => item);
      assert.equal(new Set(items).size, items.length, 'nobody holds what another holds');
      return held;
    };
    const answered: string[] = [];
    while (answered.length < decisions.length) {
      const held = await read();
      await Promise.all(
        held.map(async (items, i) => {
          for (const item of items) {
            const reply = await answer(people[i]!, item, 'ok');
            assert.equal(reply.status, 200, reply.text);
            answered.push(reply.json.decision);
          }
        }),
      );
      const more = await Promise.all(people.map((who) => claim(who, { limit: 2 })));
      if (held.flat().length === 0 && more.flat().length === 0) break;
    }
    assert.deepEqual(answered.sort(), decisions.sort());
    for (const decision of decisions) assert.equal((await labelsOf(workspace, decision)).length, 1);
  });

  test('loses no verdict and makes none twice', async () => {
    const workspace = await reviewing('kills');
    const decisions = await decide(
      workspace,
      Array.from({ length: 60 }, (_, i) => `text ${i}`),
    );
    const acknowledged = new Map<string, string>();
    const items = [...(await claim(workspace, { limit: 50 })), ...(await claim(workspace, { limit: 50 }))];
    assert.equal(items.length, 60);
    const labelOf = (i: number) => LABELS[i % 3]!;
    for (const [from, to] of [
      [0, 20],
      [20, 40],
      [40, 60],
    ] as const) {
      const under = items.slice(from, to).map(async (item, i) => {
        const reply = await answer(workspace, item, labelOf(from + i)).catch(() => null);
        if (reply?.status === 200) acknowledged.set(item.decision.id, reply.json.label);
      });
      await under[0];
      await server.kill();
      await Promise.all(under);
      server = await ServerProcess.start({ dataDir: join(scratch, 'data') });
    }
    // Whoever got no answer asks again with the same token.
    for (const [i, item] of items.entries()) {
      const reply = await answer(workspace, item, labelOf(i));
      assert.equal(reply.status, 200, reply.text);
      const before = acknowledged.get(item.decision.id);
      if (before !== undefined) assert.equal(reply.json.label, before);
    }
    for (const decision of decisions) {
      const labels = await labelsOf(workspace, decision);
      assert.equal(labels.length, 1, JSON.stringify(labels));
    }
    assert.equal((await workspace.get('/v1/review/queues')).json.total.depth, 0);
    assert.equal((await workspace.verifyLedger()).ok, true);
  });
});
