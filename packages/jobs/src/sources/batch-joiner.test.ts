import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IncomingMessage } from '@understudy/events';
import { BatchJoiner } from './batch-joiner.ts';

const message = (id: string) => ({ id }) as IncomingMessage;
const batch = (...ids: string[]) => ids.map(message);
const open = () => new AbortController().signal;

/** Groups as they were handled; each waits until it is let go. */
function scene(most = 100) {
  const groups: string[][] = [];
  const doors: { open(): void; fail(error: Error): void }[] = [];
  const joiner = new BatchJoiner<string>((messages, signal) => {
    groups.push(messages.map(({ id }) => id!));
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      doors.push({ open: () => resolve(messages.map(({ id }) => `did ${id}`)), fail: reject });
    });
  }, most);
  return { groups, doors, joiner };
}

const turn = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));

test('batches of one turn go together, and each gets its own results', async () => {
  const { groups, doors, joiner } = scene();
  const all = Promise.all([joiner.handle(batch('a', 'b'), open()), joiner.handle(batch('c'), open())]);
  await turn();
  assert.deepEqual(groups, [['a', 'b', 'c']]);
  doors[0]!.open();
  assert.deepEqual(await all, [['did a', 'did b'], ['did c']]);
});

test('two groups are under way at most; what comes meanwhile joins the next, up to its size', async () => {
  const { groups, doors, joiner } = scene(2);
  const done = ['a', 'b', 'c', 'd', 'e'].map((id) => joiner.handle(batch(id), open()));
  await turn();
  assert.deepEqual(groups, [
    ['a', 'b'],
    ['c', 'd'],
  ]);
  doors[0]!.open();
  await done[0];
  await turn();
  assert.deepEqual(groups[2], ['e']);
  for (const door of doors.slice(1)) door.open();
  assert.deepEqual((await Promise.all(done)).flat(), ['did a', 'did b', 'did c', 'did d', 'did e']);
});

test('messages that are lost on the way are left out, and those beside them are handled', async () => {
  const { groups, doors, joiner } = scene();
  const lost = new AbortController();
  const [a, b] = [joiner.handle(batch('a'), lost.signal), joiner.handle(batch('b'), open())];
  a.catch(() => {});
  await turn();
  lost.abort(new Error('moved'));
  await assert.rejects(a, /moved/);
  await turn();
  assert.deepEqual(groups, [['a', 'b'], ['b']]);
  doors[1]!.open();
  assert.deepEqual(await b, ['did b']);
});

test('what keeps all of a group is told to each of them', async () => {
  const { doors, joiner } = scene();
  const both = [joiner.handle(batch('a'), open()), joiner.handle(batch('b'), open())];
  await turn();
  doors[0]!.fail(new Error('the database is away'));
  for (const one of both) await assert.rejects(one, /away/);
});
