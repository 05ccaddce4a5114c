import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BatchAnswer, Batcher } from './batcher.ts';

const LABELS = ['short', 'long'];

/** Answers `[length, 1000 - length]` for each text. */
const answerOf = (texts: string[]): BatchAnswer => ({
  labels: LABELS,
  microseconds: 7,
  probabilities: Float32Array.from(texts.flatMap((text) => [text.length, 1000 - text.length])),
});

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** A model that answers only when told to. */
function heldModel() {
  const batches: { texts: string[]; answer(): void; fail(error: Error): void }[] = [];
  const run = (texts: string[]) =>
    new Promise<BatchAnswer>((resolve, reject) => {
      batches.push({ texts, answer: () => resolve(answerOf(texts)), fail: reject });
    });
  return { batches, run };
}

const options = { limit: 1000, splittable: () => false };

test('what arrives in one turn goes out together, at the end of that turn', async () => {
  const { batches, run } = heldModel();
  const batcher = new Batcher(run, options);
  void batcher.add('a');
  void batcher.add('bb');
  await Promise.resolve();
  void batcher.add('ccc');
  const turn = nextTurn();
  assert.equal(batches.length, 0);
  await turn;
  assert.deepEqual(
    batches.map(({ texts }) => texts),
    [['a', 'bb', 'ccc']],
  );
});

test('each item gets its own row, in the order in which it came', async () => {
  const batcher = new Batcher(async (texts) => answerOf(texts), options);
  const answers = await Promise.all(['', 'x', 'yy', 'zzz'].map((text) => batcher.add(text)!));
  assert.deepEqual(
    answers.map(({ probabilities }) => [...probabilities]),
    [
      [0, 1000],
      [1, 999],
      [2, 998],
      [3, 997],
    ],
  );
  assert.deepEqual([answers[3]!.labels, answers[3]!.microseconds], [LABELS, 7]);
});

test('two batches are under way at most; what comes meanwhile makes the next', async () => {
  const { batches, run } = heldModel();
  const batcher = new Batcher(run, options);
  for (const text of ['a', 'b', 'c', 'd']) {
    void batcher.add(text);
    await nextTurn();
  }
  assert.deepEqual(
    batches.map(({ texts }) => texts),
    [['a'], ['b']],
  );
  assert.equal(batcher.waiting, 2);
  batches[0]!.answer();
  await nextTurn();
  await nextTurn();
  assert.deepEqual(batches[2]?.texts, ['c', 'd']);
});

test('a batch ends at 256 items and at two million units of text, but takes one item of any size', async () => {
  const sizes: number[] = [];
  const batcher = new Batcher(async (texts) => {
    sizes.push(texts.length);
    return answerOf(texts);
  }, options);
  const huge = 'h'.repeat(3_000_000);
  const half = 'm'.repeat(1_000_000);
  const texts = [...Array.from({ length: 600 }, () => 'x'), huge, half, half, half];
  await Promise.all(texts.map((text) => batcher.add(text)));
  assert.deepEqual(sizes, [256, 256, 88, 1, 2, 1]);
});

test('a full queue sheds, and takes items again once it moves', async () => {
  const { batches, run } = heldModel();
  const batcher = new Batcher(run, { ...options, limit: 3 });
  const accepted = ['a', 'b', 'c', 'd'].map((text) => batcher.add(text));
  assert.deepEqual(
    accepted.map((answer) => answer === null),
    [false, false, false, true],
  );
  await nextTurn();
  assert.notEqual(batcher.add('e'), null);
  for (let served = 0; served < 2; served++) {
    await nextTurn();
    batches[served]!.answer();
  }
  await Promise.all(accepted.filter((answer) => answer !== null));
});

test('a failed batch fails its items only', async () => {
  const { batches, run } = heldModel();
  const batcher = new Batcher(run, options);
  const first = [batcher.add('a')!, batcher.add('b')!];
  await nextTurn();
  const second = batcher.add('c')!;
  await nextTurn();
  batches[0]!.fail(new Error('down'));
  batches[1]!.answer();
  const outcomes = await Promise.allSettled([...first, second]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['rejected', 'rejected', 'fulfilled'],
  );
});

test('an item that makes a batch fail fails alone', async () => {
  let calls = 0;
  const batcher = new Batcher(
    async (texts) => {
      calls++;
      if (texts.includes('poison')) throw new Error('cannot');
      return answerOf(texts);
    },
    { limit: 1000, splittable: (error) => (error as Error).message === 'cannot' },
  );
  const texts = Array.from({ length: 100 }, (_, index) => (index === 37 ? 'poison' : 'x'.repeat(index)));
  const outcomes = await Promise.allSettled(texts.map((text) => batcher.add(text)!));
  assert.deepEqual(
    outcomes.flatMap(({ status }, index) => (status === 'rejected' ? [index] : [])),
    [37],
  );
  const last = outcomes[99]!;
  assert.equal(last.status === 'fulfilled' && last.value.probabilities[0], 99);
  assert.ok(calls < 16, `${calls} calls`);
});
