import assert from 'node:assert/strict';
import { before, beforeEach, describe, test } from 'node:test';
import { newId } from '@understudy/kernel';
import { type Item, type NewItem, statusOf } from '../item.ts';
import { dueAt } from '../label-value.ts';
import type { BegunVerdict, ClaimRequest, Gold, ItemChange, ReviewStore } from '../ports.ts';
import { exampleItem } from './example-item.ts';

export interface ReviewStoreUnderTest {
  store: ReviewStore;
  apply(workspace: string, changes: readonly ItemChange[]): Promise<void>;
  /** Lets time pass, by the store's own clock. */
  pass(workspace: string, seconds: number): Promise<void>;
}

const HOUR = 3600;
let labels = 0;
const labelId = () => newId('lab', Date.UTC(2026, 3, 1) + labels++);

/** What every ReviewStore keeps to. Each test works in a workspace of its own. */
export function reviewStoreContract(name: string, open: () => Promise<ReviewStoreUnderTest>): void {
  describe(`${name} keeps the ReviewStore contract`, () => {
    let under: ReviewStoreUnderTest;
    let store: ReviewStore;
    let ws: string;
    before(async () => {
      under = await open();
      store = under.store;
    });
    beforeEach(() => {
      ws = newId('ws', Date.UTC(2026, 3, 1));
    });

    const add = async (...items: NewItem[]) => {
      await under.apply(
        ws,
        items.map((item) => ({ change: 'add', item })),
      );
      return items;
    };
    const claim = (reviewer: string, over: Partial<ClaimRequest> = {}) =>
      store.claim(ws, { reviewer, task: null, limit: 50, leaseSeconds: 300, from: 'reviewers', ...over });
    const claimOne = async (reviewer: string, over: Partial<ClaimRequest> = {}): Promise<Item> => {
      const [item] = await claim(reviewer, { limit: 1, ...over });
      assert.ok(item, `${reviewer} got nothing`);
      return item;
    };
    const begin = (item: Item, label = 'spam', over: object = {}): Promise<BegunVerdict> =>
      store.beginVerdict(ws, {
        id: labelId(),
        item: item.id,
        token: item.claim!.token,
        reviewer: item.claim!.by,
        label,
        seconds: null,
        idleLimitSeconds: 120,
        note: null,
        shown: null,
        ...over,
      });
    const answer = async (item: Item, label = 'spam', over: object = {}) => {
      const begun = await begin(item, label, over);
      assert.ok(begun.outcome === 'begun', begun.outcome);
      await store.finishVerdict(ws, begun.verdict.id, { state: 'answered' });
      return begun.verdict;
    };
    const handBack = (item: Item, action: 'skip' | 'release' | 'escalate', note: string | null = null) =>
      store.handBack(ws, {
        item: item.id,
        token: item.claim!.token,
        reviewer: item.claim!.by,
        action,
        note,
        escalateAfterSkips: 2,
      });
    const undo = (item: Item, over: object = {}) =>
      store.undo(ws, {
        item: item.id,
        token: item.claim!.token,
        reviewer: item.claim!.by,
        windowSeconds: 300,
        leaseSeconds: 300,
        ...over,
      });
    const status = async (id: string) => statusOf((await store.find(ws, id))!);

    test('an item is read as it was added, and adding it again changes nothing', async () => {
      const [item] = await add(exampleItem({ input: { text: 'Grüße \u{1f600}' } }));
      const found = await store.find(ws, item!.id);
      assert.deepEqual(found, {
        ...item,
        irregular: false,
        state: 'waiting',
        escalation: null,
        closedReason: null,
        round: 1,
        claim: null,
        skips: 0,
        opinions: 0,
        answer: null,
        answeredAt: null,
      });
      const claimed = await claimOne('anna');
      await add({ ...item!, input: { text: 'other' } });
      assert.deepEqual((await store.find(ws, item!.id))?.claim, claimed.claim);
    });

    test('items come in order of their turn, a limit at a time, each to one reviewer', async () => {
      const values = [0.1, 0.9, 0.5];
      const at = Date.UTC(2026, 3, 1, 9);
      const items = await add(...values.map((value) => exampleItem({ value, dueAt: dueAt(at, value) })));
      const first = await claim('anna', { limit: 2 });
      assert.deepEqual(
        first.map(({ id }) => id),
        [items[1]!.id, items[2]!.id],
      );
      assert.deepEqual(
        (await claim('ben')).map(({ id }) => id),
        [items[0]!.id],
      );
      assert.deepEqual(await claim('cleo'), []);
      assert.equal(await status(items[0]!.id), 'claimed');
    });

    test('a hundred who claim at once get one item once', async () => {
      await add(exampleItem());
      const claims = await Promise.all(Array.from({ length: 100 }, (_, i) => claim(`reviewer-${i}`)));
      assert.equal(claims.flat().length, 1);
    });

    test('many who claim at once share the items out, none twice', async () => {
      await add(...Array.from({ length: 40 }, () => exampleItem()));
      const claims = (await Promise.all(Array.from({ length: 20 }, (_, i) => claim(`r-${i}`, { limit: 2 })))).flat();
      assert.equal(new Set(claims.map(({ id }) => id)).size, claims.length);
      const rest = await claim('last');
      assert.equal(claims.length + rest.length, 40);
    });

    test('a claim is for a task when it says so', async () => {
      const [, other] = await add(exampleItem(), exampleItem({ task: 'mails', taskId: 'task_2' }));
      assert.deepEqual(
        (await claim('anna', { task: 'mails' })).map(({ id }) => id),
        [other!.id],
      );
    });

    test('an ended lease gives the item to another, and only the last token counts', async () => {
      await add(exampleItem());
      const anna = await claimOne('anna');
      await under.pass(ws, 299);
      assert.deepEqual(await claim('ben'), []);
      await under.pass(ws, 2);
      const ben = await claimOne('ben');
      assert.notEqual(ben.claim!.token, anna.claim!.token);
      assert.equal((await begin(anna)).outcome, 'refused');
      assert.equal(await handBack(anna, 'release'), false);
      assert.equal((await begin(ben)).outcome, 'begun');
    });

    test('a verdict after the lease counts while nobody else has the item', async () => {
      await add(exampleItem());
      const anna = await claimOne('anna');
      await under.pass(ws, 10 * HOUR);
      assert.equal((await begin(anna)).outcome, 'begun');
    });

    test('a token is nobody else’s', async () => {
      await add(exampleItem());
      const anna = await claimOne('anna');
      assert.equal((await begin(anna, 'spam', { reviewer: 'mallory' })).outcome, 'refused');
    });

    test('leases can be set to another length', async () => {
      await add(exampleItem());
      const anna = await claimOne('anna');
      await store.lease(ws, [{ item: anna.id, token: anna.claim!.token, seconds: 60 }]);
      await under.pass(ws, 61);
      await claimOne('ben');
    });

    test('what a reviewer holds can be read again, until it ends', async () => {
      await add(exampleItem(), exampleItem());
      const claimed = await claim('anna');
      const held = await store.claimsOf(ws, 'anna');
      assert.deepEqual(
        held.map(({ claim }) => claim?.token),
        claimed.map(({ claim }) => claim?.token),
      );
      await answer(claimed[0]!);
      assert.equal((await store.claimsOf(ws, 'anna')).length, 1);
      await under.pass(ws, 301);
      assert.deepEqual(await store.claimsOf(ws, 'anna'), []);
    });

    test('a verdict is accepted once, and repeated it answers the same', async () => {
      await add(exampleItem());
      const anna = await claimOne('anna');
      const both = await Promise.all([begin(anna), begin(anna)]);
      assert.deepEqual(both.map(({ outcome }) => outcome).sort(), ['begun', 'repeated']);
      const ids = both.map((one) => ('verdict' in one ? one.verdict.id : null));
      assert.equal(ids[0], ids[1]);
      await store.finishVerdict(ws, ids[0]!, { state: 'answered' });
      const later = await begin(anna);
      assert.ok(later.outcome === 'repeated' && later.verdict.state === 'recorded');
      const item = await store.find(ws, anna.id);
      assert.deepEqual([item?.state, item?.answer, item?.opinions], ['answered', 'spam', 1]);
    });

    test('a verdict carries what the label and the figures need', async () => {
      await add(exampleItem({ kind: 'audit', probability: 0.02 }));
      const anna = await claimOne('anna');
      await under.pass(ws, 30);
      const verdict = await answer(anna, 'ok', { note: 'fine', shown: 'spam' });
      assert.ok(Math.abs(verdict.seconds - 30) < 5, String(verdict.seconds));
      assert.deepEqual(
        [verdict.kind, verdict.probability, verdict.note, verdict.shown, verdict.modelLabel, verdict.deciding],
        ['audit', 0.02, 'fine', 'spam', 'spam', false],
      );
    });

    test('seconds are capped: by the idle limit, and by the time since the claim', async () => {
      await add(exampleItem(), exampleItem(), exampleItem());
      const [a, b, c] = await claim('anna');
      assert.ok((await answer(a!, 'spam', { seconds: 500 })).seconds < 5);
      await under.pass(ws, 200);
      assert.equal((await answer(b!, 'spam', { seconds: 500 })).seconds, 120);
      // Items claimed together: the time since the verdict before, not since the claim.
      await under.pass(ws, 10);
      const { seconds } = await answer(c!);
      assert.ok(Math.abs(seconds - 10) < 5, String(seconds));
    });

    test('a second opinion goes to somebody else, who learns nothing of the first', async () => {
      const [item] = await add(exampleItem());
      const first = await begin(await claimOne('anna'), 'spam');
      assert.ok(first.outcome === 'begun');
      await store.finishVerdict(ws, first.verdict.id, { state: 'waiting', escalation: null });
      assert.deepEqual(await claim('anna'), []);
      const again = await claimOne('ben');
      const second = await begin(again, 'ok');
      assert.ok(second.outcome === 'begun');
      assert.deepEqual(
        second.others.map(({ reviewer, label }) => [reviewer, label]),
        [['anna', 'spam']],
      );
      await store.finishVerdict(ws, second.verdict.id, { state: 'waiting', escalation: 'disagreement' });
      assert.equal(await status(item!.id), 'escalated');
      assert.deepEqual(await claim('cleo'), []);
      const lead = await claimOne('lead', { from: 'leads' });
      const verdict = await answer(lead, 'abuse');
      assert.equal(verdict.deciding, true);
      // Everybody of this item was to be labelled, so the probability is still known.
      assert.equal(verdict.probability, 1);
    });

    test('an accepted verdict that was never settled is found, of whatever workspace', async () => {
      await add(exampleItem());
      const begun = await begin(await claimOne('anna'));
      assert.ok(begun.outcome === 'begun');
      assert.equal((await store.unsettled(10, 1000)).filter(({ workspace }) => workspace === ws).length, 0);
      await under.pass(ws, 11);
      const [left] = (await store.unsettled(10, 1000)).filter(({ workspace }) => workspace === ws);
      assert.equal(left?.verdict.id, begun.verdict.id);
      await store.finishVerdict(ws, begun.verdict.id, { state: 'answered' });
      assert.equal((await store.unsettled(10, 1000)).filter(({ workspace }) => workspace === ws).length, 0);
    });

    test('released, an item is as before; repeated, it answers the same', async () => {
      await add(exampleItem());
      const anna = await claimOne('anna');
      assert.equal(await handBack(anna, 'release'), true);
      assert.equal(await handBack(anna, 'release'), true);
      assert.equal(await handBack(anna, 'skip'), false);
      const again = await claimOne('anna');
      assert.equal(again.irregular, false);
      assert.equal((await begin(anna)).outcome, 'refused');
    });

    test('skipped, an item rests for its skipper, and after two it is the leads’', async () => {
      const [item] = await add(exampleItem());
      assert.equal(await handBack(await claimOne('anna'), 'skip', 'too hard'), true);
      assert.deepEqual(await claim('anna'), []);
      await under.pass(ws, HOUR + 1);
      await handBack(await claimOne('anna'), 'release');
      const ben = await claimOne('ben');
      assert.equal(ben.irregular, true);
      await handBack(ben, 'skip');
      assert.equal(await status(item!.id), 'escalated');
      assert.deepEqual(await claim('cleo'), []);
      const { handbacks } = await store.history(ws, item!.id);
      assert.deepEqual(
        handbacks.map(({ action, by, note }) => [action, by, note]),
        [
          ['skip', 'anna', 'too hard'],
          ['release', 'anna', null],
          ['skip', 'ben', null],
        ],
      );
      const verdict = await answer(await claimOne('lead', { from: 'leads' }));
      // It was to be labelled all the same: skipping changes who answers, not whether.
      assert.equal(verdict.probability, 1);
    });

    test('escalated, an item is the leads’, whoever saw it', async () => {
      const [item] = await add(exampleItem());
      await handBack(await claimOne('anna'), 'escalate');
      assert.deepEqual([await claim('ben'), await status(item!.id)], [[], 'escalated']);
      const lead = await claimOne('anna', { from: 'leads' });
      await handBack(lead, 'release');
      assert.equal(await status(item!.id), 'escalated');
    });

    test('items can be claimed by their ids', async () => {
      const [, second] = await add(exampleItem(), exampleItem());
      assert.deepEqual(
        (await claim('lead', { from: [second!.id, 'itm_none'] })).map(({ id }) => id),
        [second!.id],
      );
    });

    test('a verdict can be taken back by whoever gave it, and given again', async () => {
      const [item] = await add(exampleItem());
      const anna = await claimOne('anna');
      await answer(anna, 'ok');
      assert.equal(await undo(anna, { reviewer: 'ben' }), null);
      const back = await undo(anna);
      assert.equal(back?.claim?.by, 'anna');
      assert.equal((await undo(anna))?.claim?.token, back?.claim?.token);
      assert.equal((await begin(anna)).outcome, 'refused');
      await answer(back!, 'abuse');
      const { verdicts } = await store.history(ws, item!.id);
      assert.deepEqual(
        verdicts.map(({ label, state }) => [label, state]),
        [
          ['ok', 'undone'],
          ['abuse', 'recorded'],
        ],
      );
      assert.equal((await store.find(ws, item!.id))?.opinions, 1);
      assert.equal(await undo(anna), null);
    });

    test('a verdict cannot be taken back after its time, nor after somebody else has the item', async () => {
      await add(exampleItem());
      const anna = await claimOne('anna');
      await answer(anna);
      await under.pass(ws, 301);
      assert.equal(await undo(anna), null);

      ws = newId('ws', Date.UTC(2026, 3, 1));
      await add(exampleItem());
      const first = await claimOne('anna');
      const begun = await begin(first);
      assert.ok(begun.outcome === 'begun');
      await store.finishVerdict(ws, begun.verdict.id, { state: 'waiting', escalation: null });
      await claimOne('ben');
      assert.equal(await undo(first), null);
    });

    test('an answer from elsewhere closes an ordinary item that waits, and no other', async () => {
      const [plain, audit] = await add(exampleItem(), exampleItem({ kind: 'audit', probability: 0.1 }));
      await under.apply(ws, [
        { change: 'answered_elsewhere', item: plain!.id },
        { change: 'answered_elsewhere', item: audit!.id },
      ]);
      assert.deepEqual([await status(plain!.id), await status(audit!.id)], ['closed', 'waiting']);
      assert.equal((await store.find(ws, plain!.id))?.closedReason, 'answered_elsewhere');
    });

    test('an answer from elsewhere does not waste a verdict that is under way', async () => {
      const [item] = await add(exampleItem());
      const anna = await claimOne('anna');
      await under.apply(ws, [{ change: 'answered_elsewhere', item: item!.id }]);
      await answer(anna);
      assert.equal(await status(item!.id), 'answered');
    });

    test('an appeal opens an answered item again, first of all, for everybody', async () => {
      const [item] = await add(exampleItem());
      await answer(await claimOne('anna'), 'ok');
      await add(exampleItem());
      const at = item!.createdAt + 60_000;
      await under.apply(ws, [
        { change: 'appeal', item: { ...item!, kind: 'appeal', createdAt: at, dueAt: dueAt(at, 0.5, true) } },
      ]);
      const again = await claimOne('anna');
      assert.deepEqual([again.id, again.kind, again.round, again.opinions], [item!.id, 'appeal', 2, 0]);
      const begun = await begin(again, 'spam');
      assert.ok(begun.outcome === 'begun');
      assert.deepEqual([begun.others, begun.verdict.probability], [[], null]);
    });

    test('an appeal against what never waited makes an item; one that waits moves up', async () => {
      const [first, second] = await add(exampleItem(), exampleItem({ kind: 'audit', probability: 0.3 }));
      const appealOf = (item: NewItem): ItemChange => ({
        change: 'appeal',
        item: { ...item, kind: 'appeal', dueAt: dueAt(item.createdAt, 0.5, true) },
      });
      const fresh = exampleItem({ kind: 'appeal' });
      await under.apply(ws, [appealOf(second!), appealOf(fresh)]);
      const claimed = await claim('anna');
      assert.equal(claimed.at(-1)?.id, first!.id);
      const audit = claimed.find(({ id }) => id === second!.id);
      assert.deepEqual([audit?.kind, audit?.probability, audit?.irregular], ['audit', 0.3, false]);
      assert.equal(claimed.find(({ id }) => id === fresh.id)?.irregular, true);
    });

    test('erasure takes content and notes, and closes what waits', async () => {
      const [waiting, done] = await add(exampleItem(), exampleItem());
      const [a] = await claim('anna', { from: [done!.id] });
      await answer(a!, 'ok', { note: 'her name is Eve' });
      const [b] = await claim('anna', { from: [waiting!.id] });
      await handBack(b!, 'release', 'I know her');
      const [c] = await claim('anna', { from: [waiting!.id] });
      await under.apply(ws, [
        { change: 'erase', decision: waiting!.decision },
        { change: 'erase', decision: done!.decision },
      ]);
      const items = [await store.find(ws, waiting!.id), await store.find(ws, done!.id)];
      assert.deepEqual(
        items.map((item) => [item?.input, item?.state, item?.closedReason]),
        [
          [null, 'closed', 'erased'],
          [null, 'answered', null],
        ],
      );
      assert.equal((await begin(c!)).outcome, 'refused');
      assert.equal((await store.history(ws, done!.id)).verdicts[0]?.note, null);
      assert.equal((await store.history(ws, waiting!.id)).handbacks[0]?.note, null);
    });

    test('closing a task closes what waits in it', async () => {
      const [item, other] = await add(exampleItem(), exampleItem({ task: 'mails', taskId: 'task_2' }));
      const anna = await claimOne('anna', { task: 'comments' });
      await store.close(ws, { taskId: 'task_1' }, 'task_deleted');
      assert.deepEqual([await status(item!.id), await status(other!.id)], ['closed', 'waiting']);
      assert.equal((await begin(anna)).outcome, 'refused');
    });

    test('queues count what the caller may be given', async () => {
      await add(
        exampleItem(),
        exampleItem({ createdAt: Date.UTC(2026, 3, 1, 8) }),
        exampleItem({ kind: 'audit' }),
        exampleItem({ task: 'mails', taskId: 'task_2' }),
      );
      await handBack(await claimOne('anna', { task: 'mails' }), 'skip');
      await claimOne('ben', { task: 'comments' });
      const of = async (reviewer: string) =>
        (await store.queues(ws, reviewer, null)).sort((a, b) => (a.task < b.task ? -1 : 1));
      const [comments, mails] = await of('anna');
      assert.deepEqual(
        [comments?.depth, comments?.claimed, comments?.oldestAt, mails?.depth],
        [3, 1, Date.UTC(2026, 3, 1, 8), 0],
      );
      assert.deepEqual(comments?.kinds, { review: 2, audit: 1, appeal: 0, gold: 0 });
      assert.equal((await of('ben'))[1]?.depth, 1);
      assert.deepEqual(
        (await store.queues(ws, 'ben', 'mails')).map(({ task }) => task),
        ['mails'],
      );
    });

    test('the pace is measured over what was answered and what came', async () => {
      const now = (await store.verdicts(ws, { task: null, days: 0, limit: 1 })).since;
      await add(exampleItem({ createdAt: now - 3_600_000 }), exampleItem({ createdAt: now - 60_000 }));
      const [first, second] = await claim('anna');
      await under.pass(ws, 20);
      await answer(first!, 'ok', { seconds: 10 });
      await answer(second!, 'ok', { seconds: 20 });
      const [pace] = await store.pace(ws, null, 7);
      assert.ok(pace);
      assert.deepEqual([pace.medianSeconds, pace.verdictSeconds, pace.arrived], [15, 30, 2]);
      assert.ok(pace.since <= now - 3_590_000, String(pace.since - now));
    });

    test('lists newest first, filtered, a page at a time', async () => {
      const items = await add(...[1, 2, 3].map((i) => exampleItem({ createdAt: Date.UTC(2026, 3, i) })));
      await answer(await claimOne('anna', { from: [items[0]!.id] }));
      const list = async (filter: object, page: { limit: number; before: string | null }) =>
        (await store.list(ws, filter, page)).map(({ id }) => id);
      const [a, b, c] = items.map(({ id }) => id);
      assert.deepEqual(await list({}, { limit: 2, before: null }), [c, b]);
      assert.deepEqual(await list({}, { limit: 2, before: b! }), [a]);
      assert.deepEqual(await list({ status: 'answered' }, { limit: 9, before: null }), [a]);
      assert.deepEqual(await list({ status: 'waiting', kind: 'audit' }, { limit: 9, before: null }), []);
      assert.deepEqual(await list({ task: 'mails' }, { limit: 9, before: null }), []);
    });

    test('settled verdicts are read newest first, without what was taken back', async () => {
      await add(exampleItem(), exampleItem(), exampleItem());
      const [a, b, c] = await claim('anna');
      await answer(a!, 'ok');
      await answer(b!, 'spam');
      await answer(c!, 'abuse');
      await undo(c!);
      const { verdicts } = await store.verdicts(ws, { task: 'comments', days: 1, limit: 10 });
      assert.deepEqual(
        verdicts.map(({ label }) => label),
        ['spam', 'ok'],
      );
      assert.deepEqual((await store.verdicts(ws, { task: 'mails', days: 1, limit: 10 })).verdicts, []);
    });

    const gold = (decision: string): Gold => ({
      id: newId('gld', Date.UTC(2026, 3, 1)),
      decision,
      taskId: 'task_1',
      task: 'comments',
      taskRevision: 1,
      input: { text: 'known' },
      label: 'abuse',
      createdBy: 'lead',
      createdAt: Date.UTC(2026, 3, 1),
    });
    const insertGold = async () => {
      const decision = newId('dec', Date.UTC(2026, 3, 1));
      const id = `itm_${decision.slice(4)}`;
      await store.insertGold(ws, 'task_1', { id, decision, lot: 0.3, hideLot: 0.4 });
      return id;
    };

    test('gold stands in the queue like anything else, and nobody is asked twice', async () => {
      const known = gold(newId('dec', 1));
      assert.equal(await store.addGold(ws, known), true);
      assert.equal(await store.addGold(ws, { ...known, id: newId('gld', 2) }), false);
      const id = await insertGold();
      const item = await claimOne('anna');
      assert.deepEqual(
        [item.id, item.kind, item.input, item.gold],
        [id, 'gold', known.input, { id: known.id, truth: 'abuse' }],
      );
      const verdict = await answer(item, 'abuse');
      assert.deepEqual([verdict.gold, verdict.probability], [{ id: known.id, truth: 'abuse' }, null]);
      await insertGold();
      assert.deepEqual(await claim('anna'), []);
      await answer(await claimOne('ben'), 'ok');
      const [listed] = await store.listGold(ws, 'comments', { limit: 10, after: null });
      assert.deepEqual([listed?.answered, listed?.correct], [2, 1]);
      assert.deepEqual(await store.listGold(ws, null, { limit: 10, after: known.id }), []);
      assert.equal(await store.decisionOfGold(ws, known.id), known.decision);
    });

    test('removed gold is not asked any more, and without gold nothing is put in', async () => {
      const known = gold(newId('dec', 1));
      await store.addGold(ws, known);
      await insertGold();
      assert.equal(await store.removeGold(ws, known.id), true);
      assert.equal(await store.removeGold(ws, known.id), false);
      await insertGold();
      assert.deepEqual(await claim('anna'), []);
    });

    test('gold of an erased decision goes with it', async () => {
      const known = gold(newId('dec', 1));
      await store.addGold(ws, known);
      const id = await insertGold();
      await under.apply(ws, [{ change: 'erase', decision: known.decision }]);
      assert.deepEqual(await store.listGold(ws, null, { limit: 10, after: null }), []);
      const item = await store.find(ws, id);
      assert.deepEqual([item?.input, item?.state], [null, 'closed']);
    });

    test('nothing is seen from another workspace', async () => {
      const [item] = await add(exampleItem());
      const anna = await claimOne('anna');
      const own = ws;
      ws = newId('ws', Date.UTC(2026, 3, 1));
      assert.equal(await store.find(ws, item!.id), null);
      assert.deepEqual(await claim('mallory'), []);
      assert.deepEqual(await claim('mallory', { from: [item!.id] }), []);
      assert.deepEqual(await store.list(ws, {}, { limit: 5, before: null }), []);
      assert.deepEqual(await store.queues(ws, 'mallory', null), []);
      assert.deepEqual(await store.claimsOf(ws, 'anna'), []);
      assert.equal((await begin(anna)).outcome, 'refused');
      assert.equal(await handBack(anna, 'release'), false);
      await store.close(ws, { taskId: 'task_1' }, 'task_deleted');
      ws = own;
      assert.equal(await status(item!.id), 'claimed');
    });
  });
}
