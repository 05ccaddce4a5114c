import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isUnderstudyError, UnderstudyError } from '@understudy/kernel';
import { Ledger } from './ledger.ts';
import type { GroupOutcome, GroupPart } from './ports.ts';
import { exampleDecision } from './testing/example-entries.ts';
import { MemoryLedgerStorage } from './testing/memory-ledger-storage.ts';

const hasCode = (code: string) => (error: unknown) => isUnderstudyError(error) && error.code === code;

/** A storage whose commits wait until they are let go. */
class HeldStorage extends MemoryLedgerStorage {
  readonly groups: number[] = [];
  #release: (() => void)[] = [];
  #inFlight = 0;

  override async commit(parts: readonly GroupPart[], retry: boolean): Promise<GroupOutcome> {
    assert.equal(++this.#inFlight, 1, 'one commit at a time');
    this.groups.push(parts.reduce((rows, { entries }) => rows + entries.length, 0));
    await new Promise<void>((resolve) => this.#release.push(resolve));
    this.#inFlight--;
    return super.commit(parts, retry);
  }

  async letGo(): Promise<void> {
    while (this.#release.length === 0) await new Promise((resolve) => setImmediate(resolve));
    this.#release.shift()!();
  }
}

const entry = () => exampleDecision('ws_a', Date.UTC(2026, 1, 1));

test('what arrives while a commit is under way goes with the next one, bounded', async () => {
  const storage = new HeldStorage();
  const ledger = new Ledger({ storage, limits: { groupRows: 10 } });
  const first = [ledger.append(entry()), ledger.append(entry())];
  const releasing = storage.letGo();
  while (storage.groups.length === 0) await new Promise((resolve) => setImmediate(resolve));
  const later = Array.from({ length: 25 }, () => ledger.append(entry()));
  const batch = ledger.appendAll(Array.from({ length: 12 }, entry));
  await releasing;
  for (let group = 0; group < 4; group++) await storage.letGo();
  await Promise.all([...first, ...later, batch]);
  assert.deepEqual(storage.groups, [2, 10, 10, 5, 12], 'a batch is never split, even when it exceeds the bound');
});

test('texts count too: a group is bounded in characters', async () => {
  const storage = new HeldStorage();
  const ledger = new Ledger({ storage, limits: { groupCharacters: 5_000 } });
  const payload = { input: { text: 'x'.repeat(3_000) } };
  const all = Array.from({ length: 3 }, () => ledger.append({ ...entry(), payload }));
  for (let group = 0; group < 3; group++) await storage.letGo();
  await Promise.all(all);
  assert.deepEqual(storage.groups, [1, 1, 1]);
});

test('a full queue refuses with ledger_overloaded and recovers', async () => {
  const storage = new HeldStorage();
  const ledger = new Ledger({ storage, limits: { queueRows: 5 } });
  const running = ledger.append(entry());
  while (storage.groups.length === 0) await new Promise((resolve) => setImmediate(resolve));
  const waiting = Array.from({ length: 5 }, () => ledger.append(entry()));
  await assert.rejects(ledger.append(entry()), hasCode('ledger_overloaded'));
  await storage.letGo();
  await storage.letGo();
  await Promise.all([running, ...waiting]);
  const again = ledger.append(entry());
  await storage.letGo();
  assert.equal((await again).replayed, false);
});

test('while the database is away everybody fails at once, and nobody is answered', async () => {
  const storage = new MemoryLedgerStorage();
  const definition = { title: '', description: '', retryable: true };
  storage.failure = new UnderstudyError('database_unavailable', definition, 'away');
  let pauses = 0;
  const ledger = new Ledger({
    storage,
    limits: { groupRows: 2, settleMs: 100 },
    pause: async () => {
      pauses++;
      await new Promise((resolve) => setTimeout(resolve, 10));
    },
  });
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => ledger.append(entry())));
  assert.ok(
    outcomes.every((outcome) => outcome.status === 'rejected' && hasCode('database_unavailable')(outcome.reason)),
  );
  assert.ok(pauses > 0, 'the outcome was asked after');
  pauses = 0;
  await assert.rejects(ledger.append(entry()), hasCode('database_unavailable'));
  assert.equal(pauses, 0, 'once known to be away, nobody is kept waiting');
  storage.failure = undefined;
  assert.equal((await ledger.append(entry())).replayed, false);
});

test('an entry beyond the bound is refused; a batch holds 1 to 1,000 of one workspace', async () => {
  const ledger = new Ledger({ storage: new MemoryLedgerStorage(), entryCharacters: 2_000 });
  const payload = { input: { text: 'x'.repeat(2_000) } };
  await assert.rejects(ledger.append({ ...entry(), payload }), hasCode('ledger_entry_too_large'));
  await assert.rejects(ledger.appendAll([]), RangeError);
  await assert.rejects(ledger.appendAll(Array.from({ length: 1001 }, entry)), RangeError);
  await assert.rejects(ledger.appendAll([entry(), exampleDecision('ws_b', 1)]), RangeError);
});
