import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Logger, silentLogger } from '@understudy/kernel';
import { closeInOrder } from './closing.ts';

/** Ends when its test does; holds nothing open. */
const never = () => new Promise<never>(() => {});

function loggerInto(steps: string[]): Logger {
  return { ...silentLogger, error: (fields: unknown) => void steps.push((fields as { step: string }).step) } as Logger;
}

test('steps run one after the other, and all of them, whatever fails or hangs', async () => {
  const ran: string[] = [];
  const logged: string[] = [];
  const step = (name: string, run: () => Promise<unknown>, limitMs?: number) => ({
    name,
    run: async () => {
      ran.push(name);
      await run();
    },
    ...(limitMs === undefined ? {} : { limitMs }),
  });
  const steps = [
    step('first', async () => {}),
    step('throws', () => Promise.reject(new Error('no'))),
    step('hangs', never, 10),
    step('last', async () => {}),
  ];
  await assert.rejects(closeInOrder(steps, loggerInto(logged), 1_000), /^Error: no$/);
  assert.deepEqual(ran, ['first', 'throws', 'hangs', 'last']);
  assert.deepEqual(logged, ['throws', 'hangs']);
});

test('what hangs is named', async () => {
  const steps = [{ name: 'the worker', run: never, limitMs: 5 }];
  await assert.rejects(closeInOrder(steps, silentLogger, 0), /^Error: the worker did not stop within 5 ms$/);
});

test('when nothing hangs nothing is thrown', async () => {
  await closeInOrder([{ name: 'a', run: async () => {} }], silentLogger, 0);
  await closeInOrder([], silentLogger, 0);
});
