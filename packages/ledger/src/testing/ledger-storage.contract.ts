import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Clock, idTime, isUnderstudyError } from '@understudy/kernel';
import { DecisionHistory } from '../decision-history.ts';
import type { LedgerEntry } from '../entry.ts';
import { Ledger } from '../ledger.ts';
import { verifyConsistency } from '../log-tree.ts';
import type { GroupOutcome, GroupPart, LedgerStorage } from '../ports.ts';
import { proveConsistency, proveDecision, verifyProof } from '../proof.ts';
import { exportLedger, verifyExport } from '../verification/export.ts';
import { verifyLedger } from '../verification/verify-ledger.ts';
import { exampleDecision, exampleLabel, exampleReview } from './example-entries.ts';

export interface LedgerStorageUnderTest {
  storage: LedgerStorage;
  /** The clock of ids. Kept responses age by the store's own clock. */
  clock: Clock;
}

let workspaces = 0;
const newWorkspace = () => `ws_contract${++workspaces}`;

const rules = { allows: async (_workspace: string, _task: unknown, label: string) => label !== 'not-a-label' };

async function collect<T>(from: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of from) all.push(one);
  return all;
}

function hasCode(code: string) {
  return (error: unknown) => isUnderstudyError(error) && error.code === code;
}

/** What a ledger's storage promises. Each test works in workspaces of its own. */
export function ledgerStorageContract(name: string, open: () => Promise<LedgerStorageUnderTest>): void {
  const opened = async () => {
    const { storage, clock } = await open();
    const ledger = new Ledger({ storage, clock });
    return { storage, clock, ledger, history: new DecisionHistory({ storage, ledger, rules, clock }) };
  };

  test(`${name}: what was appended is read back, whatever its characters`, async () => {
    const { ledger, history, clock } = await opened();
    const workspace = newWorkspace();
    const nasty = 'a\n\t"\\{},null \u0001\u007f é 漢字 😀 \u2028';
    const payload = {
      input: { text: `${nasty}\0\ud800` },
      subject: nasty,
      external_id: `{"${nasty}"}`,
      attributes: { z: 1, a: null, b: true },
    };
    const entry = exampleDecision(workspace, clock.now(), { payload, audit: { probability: 0.02 } });
    await ledger.append(entry);
    const { decision, labels } = await history.get(workspace, entry.id);
    assert.deepEqual(decision.input, payload.input);
    assert.deepEqual(decision.attributes, payload.attributes);
    assert.equal(decision.subject, payload.subject);
    assert.equal(decision.externalId, payload.external_id);
    assert.equal(decision.outcome, 'automated');
    assert.equal(decision.created_at, new Date(idTime(entry.id)).toISOString());
    assert.deepEqual(decision.candidates, entry.candidates);
    assert.deepEqual(decision.audit, { probability: 0.02 });
    assert.deepEqual(labels, []);
    for (const id of ['dec_00000000000000000000000000', 'nonsense', '', entry.id.toUpperCase(), `${entry.id}\0`]) {
      await assert.rejects(history.get(workspace, id), hasCode('decision_not_found'));
    }
    await assert.rejects(history.get(newWorkspace(), entry.id), hasCode('decision_not_found'));
  });

  test(`${name}: many decisions are read at once; what is not there, or another workspace's, is left out`, async () => {
    const { ledger, storage, clock } = await opened();
    const workspace = newWorkspace();
    const entries = Array.from({ length: 5 }, () => exampleDecision(workspace, clock.now()));
    await ledger.appendAll(entries);
    const ids = entries.map(({ id }) => id);
    const found = await storage.getAll(workspace, ['dec_00000000000000000000000000', ...ids.slice(1)]);
    assert.deepEqual([...found.keys()].sort(), ids.slice(1).sort());
    assert.deepEqual(found.get(ids[2]!), await storage.get(workspace, ids[2]!));
    assert.equal((await storage.getAll(newWorkspace(), ids)).size, 0);
    assert.equal((await storage.getAll(workspace, [])).size, 0);
  });

  test(`${name}: a searchable field that no store can hold is refused, alone`, async () => {
    const { ledger, clock } = await opened();
    const workspace = newWorkspace();
    const bad = exampleDecision(workspace, clock.now(), { payload: { input: null, subject: 'a\0b' } });
    const good = exampleDecision(workspace, clock.now());
    const [refused, kept] = await Promise.allSettled([ledger.append(bad), ledger.append(good)]);
    assert.ok(refused.status === 'rejected' && hasCode('ledger_entry_invalid')(refused.reason));
    assert.equal(kept.status, 'fulfilled');
  });

  test(`${name}: concurrent entries of several workspaces make whole commits and valid chains`, async () => {
    const { storage, ledger, clock } = await opened();
    const names = [newWorkspace(), newWorkspace(), newWorkspace()];
    const entries = Array.from({ length: 300 }, (_, i) => exampleDecision(names[i % 3]!, clock.now()));
    const receipts = await Promise.all(entries.map((entry) => ledger.append(entry)));
    assert.ok(receipts.every((receipt) => !receipt.replayed));
    for (const workspace of names) {
      const report = await verifyLedger(storage, workspace);
      assert.deepEqual([report.ok, report.entries, report.found], [true, 100, []]);
      const head = await storage.head(workspace);
      assert.equal(head.entries, 100);
      assert.equal(head.decisions, 100);
      assert.ok(head.size < 100, 'entries share commits');
    }
  });

  test(`${name}: a batch is one commit; one bad entry refuses all of it`, async () => {
    const { storage, ledger, clock } = await opened();
    const workspace = newWorkspace();
    const batch = Array.from({ length: 1000 }, () => exampleReview(workspace, clock.now()));
    const receipt = await ledger.appendAll(batch);
    assert.deepEqual(receipt, { replayed: false, commit: 0 });
    const spoilt = batch.map((_, i) =>
      exampleReview(workspace, clock.now(), i === 700 ? { payload: { input: '', external_id: '\ud800' } } : {}),
    );
    await assert.rejects(ledger.appendAll(spoilt), hasCode('ledger_entry_invalid'));
    assert.equal((await storage.head(workspace)).entries, 1000);
  });

  test(`${name}: an id that exists already fails alone and writes nothing`, async () => {
    const { storage, ledger, clock } = await opened();
    const workspace = newWorkspace();
    const first = exampleDecision(workspace, clock.now());
    await ledger.append(first);
    const others = Array.from({ length: 5 }, () => exampleDecision(workspace, clock.now()));
    const outcomes = await Promise.allSettled([first, ...others].map((entry) => ledger.append(entry)));
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['rejected', ...others.map(() => 'fulfilled')],
    );
    assert.equal((await storage.head(workspace)).entries, 6);
    assert.ok((await verifyLedger(storage, workspace)).ok);
  });

  test(`${name}: a group whose answer was lost is written once`, async () => {
    const { storage, clock } = await opened();
    const workspace = newWorkspace();
    const { UnderstudyError } = await import('@understudy/kernel');
    const lost = () =>
      new UnderstudyError('database_unavailable', { title: '', description: '', retryable: true }, 'connection lost');
    let failures = 2;
    const flaky: LedgerStorage = Object.create(storage);
    flaky.commit = async (parts: readonly GroupPart[], retry: boolean): Promise<GroupOutcome> => {
      const before = failures === 2; // the first attempt never arrives, the second commits and its answer is lost
      if (failures > 0 && before) {
        failures--;
        throw lost();
      }
      const outcome = await storage.commit(parts, retry);
      if (failures > 0) {
        failures--;
        throw lost();
      }
      return outcome;
    };
    const ledger = new Ledger({ storage: flaky, clock, pause: async () => {} });
    const receipt = await ledger.append(exampleDecision(workspace, clock.now()));
    assert.deepEqual(receipt, { replayed: false, commit: 0 });
    assert.equal((await storage.head(workspace)).entries, 1);
  });

  test(`${name}: a key is answered once: 50 keys × 20 parallel, two writers`, async () => {
    const { storage, ledger, clock } = await opened();
    const other = new Ledger({ storage, clock });
    const workspace = newWorkspace();
    const calls = Array.from({ length: 1000 }, (_, i) => ({ key: `key${i % 50}`, response: `response ${i}` }));
    const answers = await Promise.all(
      calls.map(async ({ key, response }, i) => {
        const writer = i % 2 === 0 ? ledger : other;
        const kept = { keyHash: key, requestHash: `hash of ${key}`, response };
        const receipt = await writer.append(exampleDecision(workspace, clock.now()), kept);
        return receipt.replayed ? receipt : { response, requestHash: kept.requestHash };
      }),
    );
    assert.equal((await storage.head(workspace)).entries, 50);
    for (const [i, answer] of answers.entries()) {
      assert.equal(answer.response, answers[calls.findIndex(({ key }) => key === calls[i]!.key)]!.response);
      assert.equal(answer.requestHash, `hash of ${calls[i]!.key}`);
    }
    assert.equal((await ledger.findIdempotent(workspace, 'key7'))?.response, answers[7]!.response);
    assert.equal(await ledger.findIdempotent(workspace, 'key50'), undefined);
    assert.equal(await ledger.findIdempotent(newWorkspace(), 'key7'), undefined);
    assert.ok((await verifyLedger(storage, workspace)).ok);
  });

  test(`${name}: lists filter, newest first, and page without loss while rows are added`, async () => {
    const { ledger, history, clock } = await opened();
    const workspace = newWorkspace();
    const entries: LedgerEntry[] = [];
    for (let i = 0; i < 60; i++) {
      const fields = {
        task: { id: 'tsk_1', slug: i % 2 === 0 ? 'even' : 'odd', revision: 1 },
        decidedBy: { rung: 'own_model', model: 'm', version: String(i % 3) },
        payload: { input: { text: '' }, subject: `subject ${i % 4}`, external_id: `external ${i}` },
      };
      const at = clock.now();
      entries.push(i % 5 === 0 ? exampleReview(workspace, at, fields) : exampleDecision(workspace, at, fields));
    }
    for (const entry of entries) await ledger.append(entry);
    const ids = entries.map(({ id }) => id).reverse();
    const all = async (filter: Parameters<typeof history.list>[1], limit: number) => {
      const found: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await history.list(workspace, filter, { limit, cursor });
        assert.ok(page.decisions.length <= limit);
        found.push(...page.decisions.map(({ id }) => id));
        cursor = page.nextCursor ?? undefined;
        await ledger.append(exampleDecision(`${workspace}x`, clock.now()));
      } while (cursor !== undefined);
      return found;
    };
    const where = (test: (i: number) => boolean) => ids.filter((_, at) => test(59 - at));
    assert.deepEqual(await all({}, 7), ids);
    assert.deepEqual(await all({}, 60), ids);
    assert.deepEqual(
      await all({ task: 'even' }, 7),
      where((i) => i % 2 === 0),
    );
    assert.deepEqual(
      await all({ task: 'odd', outcome: 'review' }, 2),
      where((i) => i % 2 === 1 && i % 5 === 0),
    );
    assert.deepEqual(
      await all({ outcome: 'review' }, 5),
      where((i) => i % 5 === 0),
    );
    assert.deepEqual(
      await all({ label: 'spam' }, 50),
      where((i) => i % 5 !== 0),
    );
    assert.deepEqual(await all({ label: 'spam', outcome: 'review' }, 50), []);
    assert.deepEqual(
      await all({ modelVersion: '2' }, 6),
      where((i) => i % 3 === 2),
    );
    assert.deepEqual(
      await all({ task: 'even', modelVersion: '2' }, 6),
      where((i) => i % 6 === 2),
    );
    assert.deepEqual(
      await all({ subject: 'subject 3' }, 4),
      where((i) => i % 4 === 3),
    );
    assert.deepEqual(
      await all({ subject: 'subject 3', task: 'odd', outcome: 'automated' }, 4),
      where((i) => i % 4 === 3 && i % 5 !== 0),
    );
    assert.deepEqual(
      await all({ externalId: 'external 9' }, 4),
      where((i) => i === 9),
    );
    assert.deepEqual(await all({ externalId: 'external 9\0' }, 4), []);
    const at = idTime(ids[0]!);
    assert.deepEqual(await all({ from: at + 1 }, 10), []);
    assert.equal((await all({ to: at + 1, from: idTime(ids.at(-1)!) }, 50)).length, 60);
    const { nextCursor } = await history.list(workspace, {}, { limit: 5 });
    const first = await history.list(workspace, {}, { limit: 5 });
    await ledger.append(exampleDecision(workspace, clock.now()));
    const second = await history.list(workspace, {}, { limit: 5, cursor: nextCursor! });
    assert.deepEqual(
      [...first.decisions, ...second.decisions].map(({ id }) => id),
      ids.slice(0, 10),
    );
    for (const cursor of ['', 'x', nextCursor!.slice(1), `${nextCursor}AA`]) {
      await assert.rejects(history.list(workspace, {}, { limit: 5, cursor }), hasCode('invalid_cursor'));
    }
    await assert.rejects(
      history.list(workspace, { task: 'even' }, { limit: 5, cursor: nextCursor! }),
      hasCode('invalid_cursor'),
    );
  });

  test(`${name}: labels keep their history and their contradictions`, async () => {
    const { storage, ledger, history, clock } = await opened();
    const workspace = newWorkspace();
    const { id } = exampleReview(workspace, clock.now());
    await ledger.append(exampleReview(workspace, clock.now(), { id }));
    const by = { principal: 'key_1', source: 'application' as const };
    await history.addLabel(workspace, id, { ...by, label: 'ok' });
    await history.addLabel(workspace, id, { ...by, label: 'spam', source: 'appeal', note: 'it "was" spam\n' });
    await assert.rejects(history.addLabel(workspace, id, { ...by, label: 'not-a-label' }), hasCode('unknown_label'));
    await assert.rejects(history.addLabel(newWorkspace(), id, { ...by, label: 'ok' }), hasCode('decision_not_found'));
    const labels = await history.labels(workspace, id);
    assert.deepEqual(
      labels.map(({ label, source, note, principal }) => ({ label, source, note, principal })),
      [
        { label: 'ok', source: 'application', note: null, principal: 'key_1' },
        { label: 'spam', source: 'appeal', note: 'it "was" spam\n', principal: 'key_1' },
      ],
    );
    const report = await verifyLedger(storage, workspace);
    assert.deepEqual([report.ok, report.entries, report.size], [true, 3, 3]);
  });

  test(`${name}: an erasure takes the personal data and leaves every hash and proof valid`, async () => {
    const { storage, ledger, history, clock } = await opened();
    const workspace = newWorkspace();
    const payload = { input: { text: 'secret' }, subject: 'secret', external_id: 'secret' };
    const entries = Array.from({ length: 3 }, () => exampleReview(workspace, clock.now(), { payload }));
    await ledger.appendAll(entries, { keyHash: 'k', requestHash: 'r', response: '{"external_id":"secret"}' });
    const [kept, gone] = [entries[0]!.id, entries[1]!.id];
    await ledger.append(exampleLabel(workspace, clock.now(), gone, { note: 'secret' }));
    await history.erase(workspace, [gone], { reason: 'request of the subject', principal: 'key_1' });
    const { decision, labels } = await history.get(workspace, gone);
    assert.deepEqual(
      [decision.erased, decision.input, decision.subject, decision.externalId, labels[0]!.note],
      [true, null, null, null, null],
    );
    assert.equal((await history.get(workspace, kept)).decision.subject, 'secret');
    assert.equal(await ledger.findIdempotent(workspace, 'k'), undefined);
    assert.equal((await history.list(workspace, { subject: 'secret' }, { limit: 10 })).decisions.length, 2);
    const report = await verifyLedger(storage, workspace);
    assert.deepEqual([report.ok, report.erased, report.found], [true, 2, []]);
    assert.ok(verifyProof(await proveDecision(storage, workspace, gone)));
    await assert.rejects(
      history.erase(workspace, ['dec_00000000000000000000000000'], { reason: '', principal: '' }),
      hasCode('decision_not_found'),
    );
  });

  test(`${name}: each decision is proved under the head, and each head under the next`, async () => {
    const { storage, ledger, clock } = await opened();
    const workspace = newWorkspace();
    const heads = [await storage.head(workspace)];
    const ids: string[] = [];
    for (let round = 0; round < 11; round++) {
      const entries = Array.from({ length: (round % 4) + 1 }, () => exampleDecision(workspace, clock.now()));
      await ledger.appendAll(entries);
      ids.push(...entries.map(({ id }) => id));
      heads.push(await storage.head(workspace));
    }
    for (const id of ids) {
      const proof = await proveDecision(storage, workspace, id);
      assert.ok(verifyProof(proof));
      assert.ok(proof.record.includes(id));
      assert.ok(!verifyProof({ ...proof, record: proof.record.replace('spam', 'span') }));
      assert.ok(!verifyProof({ ...proof, commit: { ...proof.commit, committedAt: proof.commit.committedAt + 1 } }));
    }
    for (let second = 1; second <= 11; second++) {
      for (let first = 1; first <= second; first++) {
        const proof = await proveConsistency(storage, workspace, first, second);
        assert.equal(proof.first.head, heads[first]!.head.toString('hex'));
        assert.equal(proof.second.head, heads[second]!.head.toString('hex'));
        const path = proof.path.map((node) => Buffer.from(node, 'hex'));
        assert.ok(verifyConsistency(heads[first]!, heads[second]!, path));
        if (path.length > 0) assert.ok(!verifyConsistency(heads[first]!, heads[second]!, path.slice(1)));
      }
    }
    for (const [first, second] of [
      [0, 5],
      [6, 5],
      [1, 12],
    ] as const) {
      await assert.rejects(proveConsistency(storage, workspace, first, second), hasCode('ledger_size_unknown'));
    }
    await assert.rejects(proveDecision(storage, newWorkspace(), ids[0]!), hasCode('decision_not_found'));
  });

  test(`${name}: an export verifies without the store, and not after a change`, async () => {
    const { storage, ledger, history, clock } = await opened();
    const workspace = newWorkspace();
    const entries = Array.from({ length: 30 }, () => exampleReview(workspace, clock.now()));
    for (let at = 0; at < 30; at += 6) await ledger.appendAll(entries.slice(at, at + 6));
    await history.addLabel(workspace, entries[3]!.id, { label: 'ok', source: 'reviewer', principal: 'm', note: 'n' });
    await history.erase(workspace, [entries[4]!.id], { reason: 'r', principal: 'p' });
    const lines = await collect(exportLedger(storage, workspace));
    const check = (changed: string[]) =>
      verifyExport(
        (async function* () {
          const bytes = Buffer.from(changed.join(''));
          for (let at = 0; at < bytes.length; at += 999) yield bytes.subarray(at, at + 999); // splits characters and lines
        })(),
      );
    const report = await check(lines);
    assert.deepEqual([report.ok, report.entries, report.size, report.erased], [true, 32, 7, 1]);
    assert.equal(report.head, (await storage.head(workspace)).head.toString('hex'));
    for (let at = 1; at < lines.length; at++) {
      const without = await check(lines.toSpliced(at, 1)).catch(() => undefined);
      assert.ok(!without?.ok, `line ${at} can be taken away unseen`);
    }
    const altered = lines.map((text) => text.replace('below_threshold', 'above_threshold'));
    assert.ok(!(await check(altered)).ok);
    await assert.rejects(check([]), hasCode('ledger_export_invalid'));
    await assert.rejects(check(['{"format":"other"}\n']), hasCode('ledger_export_invalid'));
    await assert.rejects(check([lines[0]!, 'nonsense\n']), hasCode('ledger_export_invalid'));
  });

  test(`${name}: verification tells progress and holds a head that was kept outside`, async () => {
    const { storage, ledger, clock } = await opened();
    const workspace = newWorkspace();
    for (let i = 0; i < 3; i++) {
      await ledger.appendAll(Array.from({ length: 700 }, () => exampleDecision(workspace, clock.now())));
    }
    const [first] = await storage.commits(workspace, 0, 1);
    const progress: number[][] = [];
    const trusted = { size: 1, head: first!.head.toString('hex') };
    const report = await verifyLedger(storage, workspace, {
      trusted,
      progress: (done, total) => progress.push([done, total]),
    });
    assert.ok(report.ok);
    assert.deepEqual(progress.at(-1), [2100, 2100]);
    assert.ok(progress.length > 1);
    for (const wrong of [
      { ...trusted, size: 2 },
      { ...trusted, size: 4 },
      { size: 0, head: trusted.head },
    ]) {
      const refused = await verifyLedger(storage, workspace, { trusted: wrong });
      assert.deepEqual(refused.damage, { head_forged: 1 });
    }
    assert.ok((await verifyLedger(storage, newWorkspace())).ok, 'an empty ledger is whole');
  });
}
