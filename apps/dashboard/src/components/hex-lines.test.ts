import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOf, hexLines } from './hex-lines.ts';

test('bytes as a dump: sixteen a line, what cannot be read is a dot, and no more than was asked for', () => {
  const bytes = bytesOf(btoa('Hello, world: <b>\u0000\u00ff'));
  assert.deepEqual(hexLines(bytes), [
    '00000000  48 65 6c 6c 6f 2c 20 77 6f 72 6c 64 3a 20 3c 62  |Hello, world: <b|',
    '00000010  3e 00 ff                                         |>..|',
  ]);
  assert.deepEqual(hexLines(bytes, 3), ['00000000  48 65 6c                                         |Hel|']);
  assert.deepEqual(hexLines(new Uint8Array()), []);
});
