import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { newId, type Principal } from '@understudy/kernel';
import { GoldItems } from './gold.ts';
import { type Item, itemIdOf, type NewItem, statusOf } from './item.ts';
import { Items } from './items.ts';
import { ESCALATE_AFTER_SKIPS, Review, UNDO_SECONDS } from './review.ts';
import { exampleItem, exampleTask, fixedTasks, MemoryReviewStore, MemoryVerdictLedger } from './testing/index.ts';

const WS = 'ws_1';
const who = (id: string, ...scopes: string[]): Principal => ({
  kind: 'api_key',
  workspace: WS,
  id,
  scopes: new Set(['review:read', 'review:write', ...scopes]),
});
const anna = who('anna');
const ben = who('ben');
const lead = who('lead', 'review:lead');

let store: MemoryReviewStore;
let ledger: MemoryVerdictLedger;
let tasks: ReturnType<typeof fixedTasks>;
let review: Review;

beforeEach(() => {
  store = new MemoryReviewStore();
  ledger = new MemoryVerdictLedger();
  tasks = fixedTasks(exampleTask());
  review = newReview();
});

/** Another process over the same store and ledger. */
const newReview = () => new Review({ store, tasks, ledger, clock: { now: () => store.now } });
const add = async (...items: NewItem[]) => {
  const changes = items.map((item) => ({ change: 'add' as const, item }));
  await store.apply(null as never, WS, changes);
  return items;
};
const set = (over: object) => tasks.rules.set('comments', exampleTask(over));
const take = async (principal: Principal, over: object = {}) => {
  const [claimed] = await review.claim(principal, { limit: 1, queue: 'reviewers', ...over });
  assert.ok(claimed, `${principal.id} got nothing`);
  return claimed;
};
const answer = (principal: Principal, item: Item, label = 'spam', more: object = {}) =>
  review.verdict(principal, item.id, { token: item.claim!.token, label, ...more });
const find = async (id: string) => (await store.find(WS, id))!;

describe('claiming', () => {
  test('shows a suggestion only of ordinary items, and not of the share that is hidden', async () => {
    await add(
      exampleItem({ hideLot: 0.7 }),
      exampleItem({ hideLot: 0.3 }),
      exampleItem({ hideLot: 0.9, kind: 'audit' }),
      exampleItem({ hideLot: 0.9, kind: 'appeal' }),
      exampleItem({ hideLot: 0.9, modelLabel: null }),
    );
    set({ hideSuggestions: 0.5 });
    const claimed = await review.claim(anna, { limit: 10, queue: 'reviewers' });
    const shown = claimed.filter(({ suggestion }) => suggestion !== null);
    assert.deepEqual(
      shown.map(({ item, suggestion }) => [item.hideLot, suggestion]),
      [[0.7, { label: 'spam', confidence: 0.6 }]],
    );
  });

  test('while audits run, half of the suggestions are hidden whatever the task says', async () => {
    await add(exampleItem({ hideLot: 0.49 }), exampleItem({ hideLot: 0.51 }));
    set({ hideSuggestions: 0 });
    const shown = async () => {
      const claimed = await review.claim(anna, { limit: 10, queue: 'reviewers' });
      store.now += 301_000;
      return claimed.filter(({ suggestion }) => suggestion !== null).length;
    };
    assert.equal(await shown(), 1);
    set({ hideSuggestions: 0, auditRate: 0 });
    assert.equal(await shown(), 2);
  });

  test('leases are as long as the task says', async () => {
    await add(exampleItem());
    set({ leaseSeconds: 60 });
    const { item } = await take(anna);
    assert.equal((await find(item.id)).claim!.until, store.now + 60_000);
    assert.equal(item.claim!.until, store.now + 60_000);
  });

  test('passes over tasks that are gone and labels that are, and closes their items', async () => {
    const [gone, relabelled, fine] = await add(
      exampleItem({ task: 'old', taskId: 'task_old', createdAt: 1 }),
      exampleItem({ taskRevision: 2, createdAt: 2 }),
      exampleItem(),
    );
    tasks.revisions.set('task_1 2', ['nothing', 'left']);
    const { item } = await take(anna);
    assert.equal(item.id, fine!.id);
    assert.deepEqual(
      [(await find(gone!.id)).closedReason, (await find(relabelled!.id)).closedReason],
      ['task_deleted', 'labels_gone'],
    );
  });

  test('a new task of the same name has nothing to do with the old one’s items', async () => {
    await add(exampleItem());
    set({ id: 'task_2' });
    assert.deepEqual(await review.claim(anna, { limit: 1, queue: 'reviewers' }), []);
  });

  test('what is escalated, and items by their ids, are for leads', async () => {
    const [item] = await add(exampleItem());
    await assert.rejects(review.claim(anna, { limit: 1, queue: 'leads' }), { code: 'leads_only' });
    await assert.rejects(review.claim(anna, { limit: 1, queue: 'reviewers', items: [item!.id] }), {
      code: 'leads_only',
    });
    assert.equal((await take(lead, { items: [item!.id] })).item.id, item!.id);
  });
});

describe('a verdict', () => {
  test('becomes a label of the decision and answers the item', async () => {
    const [item] = await add(exampleItem());
    const claimed = await take(anna);
    store.now += 7000;
    const verdict = await answer(anna, claimed.item, 'abuse', { note: 'rude' });
    const { id: _id, ...label } = ledger.labels[0]!;
    assert.deepEqual(label, {
      decision: item!.decision,
      label: 'abuse',
      source: 'reviewer',
      principal: 'anna',
      probability: 1,
      item: item!.id,
      seconds: 7,
      note: 'rude',
    });
    assert.equal(verdict.label, 'abuse');
    assert.equal((await find(item!.id)).state, 'answered');
  });

  test('on an audit item is an audit with its probability, also when somebody skipped it: who answers has changed, not whether', async () => {
    await add(exampleItem({ kind: 'audit', probability: 0.02 }), exampleItem({ kind: 'audit', probability: 0.02 }));
    await answer(anna, (await take(anna)).item);
    const { item } = await take(anna);
    await review.handBack(anna, item.id, { token: item.claim!.token, action: 'skip' });
    await answer(ben, (await take(ben)).item);
    assert.deepEqual(
      ledger.labels.map(({ source, probability }) => [source, probability]),
      [
        ['audit', 0.02],
        ['audit', 0.02],
      ],
    );
  });

  test('repeated answers the same, also with another process, and counts once', async () => {
    await add(exampleItem());
    const { item } = await take(anna);
    const first = await answer(anna, item);
    review = newReview();
    assert.deepEqual(await answer(anna, item), first);
    const at_once = await Promise.all([answer(anna, item), answer(anna, item)]);
    assert.deepEqual(at_once, [first, first]);
    assert.equal(ledger.labels.length, 1);
    await assert.rejects(answer(anna, item, 'ok'), { code: 'verdict_differs' });
  });

  test('repeated answers the same even after its label was removed from the task', async () => {
    await add(exampleItem());
    const { item } = await take(anna);
    const first = await answer(anna, item);
    set({ labels: [{ name: 'ok' }] });
    assert.deepEqual(await answer(anna, item), first);
    await assert.rejects(answer(anna, item, 'abuse'), { code: 'label_removed' });
  });

  test('under a lease that ended and was taken over is refused, and nothing is recorded', async () => {
    await add(exampleItem());
    const { item } = await take(anna);
    store.now += 301_000;
    await take(ben);
    await assert.rejects(answer(anna, item), { code: 'claim_lost' });
    assert.deepEqual(ledger.labels, []);
  });

  test('names the label that does not fit, and why', async () => {
    await add(exampleItem());
    const { item } = await take(anna);
    set({ labels: [{ name: 'ok' }, { name: 'fraud' }] });
    for (const [label, code] of [
      ['spam', 'label_removed'],
      ['fraud', 'label_too_new'],
      ['nonsense', 'unknown_label'],
    ]) {
      await assert.rejects(answer(anna, item, label), (error: any) => {
        assert.equal(error.code, code);
        assert.equal(error.problems[0].pointer, '/label');
        return true;
      });
    }
    assert.equal((await find(item.id)).state, 'waiting');
  });

  test('on an item whose task was deleted says that it was closed', async () => {
    await add(exampleItem());
    const { item } = await take(anna);
    tasks.rules.clear();
    await assert.rejects(answer(anna, item), (error: any) => {
      assert.deepEqual([error.code, error.details.closed_reason], ['review_item_closed', 'task_deleted']);
      return true;
    });
  });

  test('on what is not there is a plain not found', async () => {
    await assert.rejects(review.verdict(anna, itemIdOf(newId('dec', 1)), { token: 't', label: 'ok' }), {
      code: 'review_item_not_found',
    });
  });
});

describe('a process that dies between the verdict and the ledger', () => {
  test('before the label was written: the same verdict finishes it', async () => {
    await add(exampleItem());
    const { item } = await take(anna);
    ledger.beforeAppend = () => Promise.reject(new Error('died'));
    await assert.rejects(answer(anna, item), /died/);
    ledger.beforeAppend = () => {};
    review = newReview();
    await answer(anna, item);
    assert.equal(ledger.labels.length, 1);
    assert.equal((await find(item.id)).state, 'answered');
  });

  test('after it was written: nothing is written twice', async () => {
    await add(exampleItem());
    const { item } = await take(anna);
    // The answer is lost and so is the look whether it is there: as if the process had ended here.
    const { has } = ledger;
    ledger.has = () => Promise.reject(new Error('died'));
    ledger.afterAppend = () => Promise.reject(new Error('died'));
    await assert.rejects(answer(anna, item), /died/);
    assert.equal((await find(item.id)).state, 'answering');
    ledger.has = has;
    review = newReview();
    await answer(anna, item);
    assert.equal(ledger.labels.length, 1);
    assert.equal((await find(item.id)).state, 'answered');
  });

  test('when nobody asks again, it is finished all the same', async () => {
    await add(exampleItem());
    const { item } = await take(anna);
    ledger.beforeAppend = () => Promise.reject(new Error('died'));
    await assert.rejects(answer(anna, item), /died/);
    ledger.beforeAppend = () => {};
    assert.equal(await review.settleLeftovers(), 0);
    store.now += 11_000;
    assert.equal(await review.settleLeftovers(), 1);
    assert.equal(await review.settleLeftovers(), 0);
    assert.equal(ledger.labels.length, 1);
  });

  test('two processes that finish the same verdict write one label', async () => {
    await add(exampleItem());
    const { item } = await take(anna);
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    ledger.beforeAppend = () => gate;
    const first = answer(anna, item);
    const second = newReview().verdict(anna, item.id, { token: item.claim!.token, label: 'spam' });
    open();
    const verdicts = await Promise.all([first, second]);
    assert.deepEqual(verdicts[0], verdicts[1]);
    assert.equal(ledger.labels.length, 1);
  });
});

describe('second opinions', () => {
  test('are asked of the share of items that the task says', async () => {
    const [asked, not] = await add(exampleItem({ secondLot: 0.19 }), exampleItem({ secondLot: 0.21 }));
    set({ doubleReviewRate: 0.2 });
    for (const { item } of await review.claim(anna, { limit: 5, queue: 'reviewers' })) await answer(anna, item);
    assert.deepEqual([(await find(asked!.id)).state, (await find(not!.id)).state], ['waiting', 'answered']);
    // The first opinion counts until there is another one.
    assert.equal(ledger.labels.length, 2);
    await answer(ben, (await take(ben)).item);
    assert.equal((await find(asked!.id)).state, 'answered');
  });

  test('that differ go to a lead, whose word is the last', async () => {
    const [item] = await add(exampleItem({ secondLot: 0 }));
    set({ doubleReviewRate: 1 });
    await answer(anna, (await take(anna)).item, 'spam');
    await answer(ben, (await take(ben)).item, 'ok');
    assert.equal(statusOf(await find(item!.id)), 'escalated');
    await answer(lead, (await take(lead, { queue: 'leads' })).item, 'ok');
    assert.equal((await find(item!.id)).state, 'answered');
    assert.deepEqual(
      ledger.labels.map(({ label }) => label),
      ['spam', 'ok', 'ok'],
    );
  });
});

describe('handing back', () => {
  test(`skipped ${ESCALATE_AFTER_SKIPS} times, an item goes to the leads`, async () => {
    const [item] = await add(exampleItem());
    for (const principal of [anna, ben]) {
      const claimed = await take(principal);
      await review.handBack(principal, item!.id, { token: claimed.item.claim!.token, action: 'skip' });
    }
    assert.equal(statusOf(await find(item!.id)), 'escalated');
  });

  test('with a token that is over is refused', async () => {
    await add(exampleItem());
    const { item } = await take(anna);
    const request = { token: item.claim!.token, action: 'release' as const };
    await review.handBack(anna, item.id, request);
    await take(ben);
    await review.handBack(anna, item.id, request);
    await assert.rejects(review.handBack(anna, item.id, { ...request, action: 'skip' }), { code: 'claim_lost' });
  });
});

describe('undo', () => {
  test('gives the item back to whoever answered it, and the next verdict supersedes', async () => {
    await add(exampleItem());
    const { item } = await take(anna);
    await answer(anna, item, 'spam');
    const back = await review.undo(anna, item.id, item.claim!.token);
    await answer(anna, back.item, 'ok');
    assert.deepEqual(
      ledger.labels.map(({ label }) => label),
      ['spam', 'ok'],
    );
  });

  test('is over after its time, and nobody else’s', async () => {
    await add(exampleItem());
    const { item } = await take(anna);
    await answer(anna, item);
    await assert.rejects(review.undo(ben, item.id, item.claim!.token), { code: 'undo_too_late' });
    store.now += (UNDO_SECONDS + 1) * 1000;
    await assert.rejects(review.undo(anna, item.id, item.claim!.token), { code: 'undo_too_late' });
  });
});

describe('gold', () => {
  const open = () => new GoldItems({ store, tasks, ledger, clock: { now: () => store.now } });
  const known = (over: object = {}) => {
    const id = newId('dec', 5);
    ledger.decisions.set(id, {
      taskId: 'task_1',
      task: 'comments',
      taskRevision: 1,
      input: { text: 'known' },
      erased: false,
      ...over,
    });
    return id;
  };

  test('comes after a verdict, looks like anything else, and is no label', async () => {
    await open().add(lead, { decision: known(), label: 'abuse' });
    await add(exampleItem({ goldLot: 0.04 }), exampleItem({ goldLot: 0.06 }));
    set({ goldRate: 0.05 });
    for (const { item } of await review.claim(anna, { limit: 5, queue: 'reviewers' })) await answer(anna, item);
    const claimed = await review.claim(anna, { limit: 5, queue: 'reviewers' });
    assert.deepEqual(
      claimed.map(({ item, suggestion, labels }) => [item.kind, item.input, suggestion, labels.length]),
      [['gold', { text: 'known' }, null, 3]],
    );
    await answer(anna, claimed[0]!.item, 'ok');
    assert.equal(ledger.labels.length, 2);
    const { data } = await open().list(WS, {});
    assert.deepEqual([data[0]?.answered, data[0]?.correct], [1, 0]);
  });

  test('is refused where its answer cannot be or its content is gone', async () => {
    const decision = known();
    await assert.rejects(open().add(lead, { decision, label: 'nonsense' }), { code: 'unknown_label' });
    await assert.rejects(open().add(lead, { decision: known({ erased: true }), label: 'ok' }), {
      code: 'content_erased',
    });
    await assert.rejects(open().add(lead, { decision: newId('dec', 9), label: 'ok' }), { code: 'decision_not_found' });
    const gold = await open().add(lead, { decision, label: 'ok' });
    await assert.rejects(open().add(lead, { decision, label: 'spam' }), { code: 'gold_exists' });
    await open().remove(WS, gold.id);
    await assert.rejects(open().remove(WS, gold.id), { code: 'gold_not_found' });
  });
});

describe('the explanation', () => {
  const items = (explained: unknown = { method: 'linear' }) =>
    new Items({ store, explainer: { explain: async () => explained } });

  test('is for whoever answered, and for leads once somebody has', async () => {
    await add(exampleItem());
    const { item } = await take(anna);
    for (const principal of [anna, lead]) {
      await assert.rejects(items().explanation(principal, item.id), { code: 'explanation_before_verdict' });
    }
    await answer(anna, item);
    assert.deepEqual(await items().explanation(anna, item.id), { method: 'linear' });
    assert.deepEqual(await items().explanation(lead, item.id), { method: 'linear' });
    await assert.rejects(items().explanation(ben, item.id), { code: 'explanation_before_verdict' });
    await assert.rejects(items(null).explanation(anna, item.id), { code: 'explanation_unavailable' });
  });
});
